"""App Home."""

from dataclasses import replace

import pytest

from bot.community.home import Home, OpenQuestion, ToReview
from bot.community.set_up import SetUp
from bot.experts.proposals import Proposed
from handlers.blocks.community.home import home_view, questions_modal
from tests.handlers.blocks.conftest import AT, ORDINARY, URL, choices, effect, sponsors


def open_questions(text: str) -> tuple[OpenQuestion, ...]:
    return tuple(
        OpenQuestion(7, "U1", "C1", "1.0", text, AT, claimed) for claimed in (None, "U1", "U2")
    )


def home(text: str = "", topics: int = 0, **changes) -> Home:
    values = {
        "user_id": "U1",
        "url": URL,
        "waiting": open_questions(text),
        "asked": open_questions(text),
        "effect": effect(text, 3),
        "choices": choices(text, topics),
        "proposed": (Proposed(7, text[:60], "U2", 3, 2),) * 5,
        "is_admin": True,
        "set_up": SetUp(),
        "weeks": (0, 1, 2, 3, 0, 0, 1, 4),
        "reviews": (ToReview(text, "C1", "1.0", True),) * 5,
    }
    return Home(**{**values, **changes})


VIEWS = [
    lambda text: home_view(home(text, 150)),
    lambda text: home_view(home(text)),
    lambda text: questions_modal("waiting", home(text)),
    lambda text: questions_modal("asked", home(text, asked=())),
    lambda text: home_view(replace(home(text), sponsoring=sponsors(text, 1)[0])),
]


def test_home_says_whose_first_question_it_is_to_others_only():
    first = replace(open_questions(ORDINARY)[0], is_first=True)

    def shown_to(user_id: str) -> str:
        return str(home_view(home(user_id=user_id, waiting=(first,), asked=())))

    assert "their first question" in shown_to("U2")
    assert "their first question" not in shown_to("U1")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "Your next digest: Monday 9:30."),
        ({"paused_at": AT}, "Your digest is paused."),
        ({"skipped_at": AT}, "Your digest of <!date^"),
    ],
)
def test_a_sponsor_sees_in_app_home_when_the_digest_comes(changes: dict, said: str):
    sponsoring = replace(sponsors("Customs", 1, **changes)[0], topics=("Customs",))

    shown = str(home_view(replace(home(ORDINARY), sponsoring=sponsoring)))

    assert said in shown


def test_who_wants_no_digests_reads_so_in_app_home():
    sponsoring = replace(sponsors("Customs", 1)[0], is_wanted=False)

    shown = str(home_view(replace(home(ORDINARY), sponsoring=sponsoring)))

    assert "You want no digests; `/kudos digests on` lets them come." in shown
