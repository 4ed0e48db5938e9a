"""How long things are kept, as admins choose it."""

from bot.privacy.retention import KINDS, Kept
from bot.questions.ask import HelpChannel
from handlers.blocks.privacy.retention import KINDS as WORDS
from handlers.blocks.privacy.retention import retention_modal, rule_line, sure_modal

PLACES = [HelpChannel(f"C{each}", "a" * 80, None) for each in range(150)]
VIEWS = [
    lambda text: retention_modal([Kept(f"C{each}", "all", 12) for each in range(90)], PLACES),
    lambda text: retention_modal([], []),
    lambda text: sure_modal(channel_id="C1", kind="rows", months=3, erased=10_000),
    lambda text: sure_modal(channel_id="", kind="all", months=0, erased=0),
]


def test_every_kind_has_its_words():
    assert set(WORDS) == set(KINDS)


def test_a_rule_is_one_line():
    assert rule_line(Kept("C1", "all", 1)).endswith("in <#C1>: 1 month")
    assert rule_line(Kept("", "all", 12)).endswith("everywhere else: 12 months")
