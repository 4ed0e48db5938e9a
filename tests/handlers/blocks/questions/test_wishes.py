"""What people are told of what is kept."""

from handlers.blocks.questions.wishes import KEPT, kept_notice

MESSAGES = {"kept notice": lambda text: kept_notice()}


def test_the_notice_leads_to_what_is_kept():
    assert "Other messages I do not keep" in KEPT
    assert "What is kept" in str(kept_notice())
