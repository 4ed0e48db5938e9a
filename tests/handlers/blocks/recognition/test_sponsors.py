"""What a sponsor reads of a week, and the thanks they say."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.recognition.sponsor_digests import (
    Deed,
    Demand,
    FoundAgain,
    GivenHelp,
    SponsorDigest,
    SponsoredQuestion,
    Stale,
)
from bot.recognition.thanking import SaidThanks, ThanksDraft
from handlers.blocks.recognition.sponsors import (
    preview_modal,
    sponsor_digest,
    sponsor_plans,
)
from handlers.blocks.recognition.thanking import digest_modal, said_thanks
from tests.handlers.blocks.conftest import AT, ORDINARY, URL, sponsors


def anywhere(text: str = ORDINARY, number: int = 1) -> SponsoredQuestion:
    return SponsoredQuestion(number, text, "C1", f"{number}.0", AT)


def helped(text: str = ORDINARY, number: int = 1, **changes) -> GivenHelp:
    deeds = tuple(Deed(anywhere(text, each), each != 2, f"U{each}", 2) for each in range(3))
    return replace(GivenHelp(number, f"U{number}", 4, 2, 1, True, deeds, unreadable=1), **changes)


def sponsored(text: str = ORDINARY, number: int = 1, **changes) -> SponsorDigest:
    """A week in which everything happened that can be told."""
    few = range(min(number, 5))
    topics = tuple(f"{text[:55]} {each}" for each in range(min(number, 20)))
    digest = SponsorDigest(
        team_id="T1",
        sponsor_id="U1",
        slot="2026-W49",
        since=AT - timedelta(weeks=1),
        until=AT,
        topics=topics or ("Customs",),
        asked=number,
        solved=number,
        helpers=number,
        help=tuple(helped(text, each) for each in range(min(number, 32))),
        unanswered=tuple(anywhere(text, each) for each in few),
        unanswered_in_all=number,
        without_experts=tuple((topic, 3) for topic in topics),
        demand=Demand(number, (text[:90],) * 3),
        found_again=tuple(FoundAgain(anywhere(text), 3, each == 0) for each in few[:3]),
        stale=tuple(Stale(anywhere(text), each == 0, each == 1) for each in few[:3]),
        stale_in_all=number,
    )
    return replace(digest, **changes)


def thanks_draft(text: str, **changes) -> ThanksDraft:
    return replace(ThanksDraft("2026-W49", helped(text), "U2", "C1", text[:80], 7), **changes)


MESSAGES = {
    "small sponsor digest": lambda text: sponsor_digest(sponsored(text), URL),
    "large sponsor digest": lambda text: sponsor_digest(sponsored(text, 300), URL),
    "thanks of a sponsor": lambda text: said_thanks(
        SaidThanks("U1", "U2", text[:500], "C1", anywhere(text)), URL
    ),
    "private thanks of a sponsor": lambda text: said_thanks(
        SaidThanks("U1", "U2", text[:500], None, None), URL
    ),
    "no sponsors": lambda _: sponsor_plans([]),
    "sponsors": lambda text: sponsor_plans(sponsors(text, 100)),
    "paused sponsors": lambda text: sponsor_plans(sponsors(text, 2, paused_at=AT)),
}

VIEWS = [
    lambda text: digest_modal(thanks_draft(text), URL),
    lambda text: digest_modal(thanks_draft(text, channel_id=None, channel_name=""), URL),
    lambda text: preview_modal(sponsored(text, 300, slot=""), URL),
    lambda _: preview_modal(SponsorDigest("T1", "U1", "", AT, AT), URL),
]


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        (helped(), ":seedling: For the first time, <@U1> solved 4 questions for 2 people."),
        (helped(user_id=None, is_first=False), "A colleague solved 4 questions for 2 people."),
        (helped(solved=0, is_first=False, helped_too=2), "<@U1>: earlier answers helped 2 people."),
        (helped(), " That includes 1 question in channels that you cannot read."),
        (helped(is_thanked=True), " _You thanked them._"),
        (helped(), f"|{ORDINARY}>, for <@U0>"),
        (helped(), f"|{ORDINARY}>, which helped 2 more people"),
    ],
)
def test_a_sponsor_reads_what_somebodys_help_did(shown: GivenHelp, said: str):
    assert said in str(sponsor_digest(sponsored(help=(shown,)), URL)["blocks"])


@pytest.mark.parametrize(
    ("shown", "thanks"),
    [(helped(), 1), (helped(is_thanked=True), 0), (helped(is_own=True), 0)],
)
def test_there_is_a_button_for_thanks_once_and_not_for_oneself(shown: GivenHelp, thanks: int):
    blocks = sponsor_digest(sponsored(help=(shown,)), URL)["blocks"]

    assert str(blocks).count("'Say thanks'") == thanks


def test_a_preview_has_no_buttons():
    assert "'button'" not in str(preview_modal(sponsored(slot=""), URL))


def test_a_long_week_of_a_sponsor_folds_into_one_message():
    blocks = sponsor_digest(sponsored(number=200), URL)["blocks"]

    told = [block for block in blocks if "'Say thanks'" in str(block)]
    assert f"And {200 - len(told)} more colleagues helped." in str(blocks)
    assert len(told) > 20


def test_a_sponsors_digest_says_all_in_words_alone():
    quiet = replace(sponsored(), help=(), helpers=0, topics=("Customs",))

    assert sponsor_digest(quiet, URL)["text"] == (
        "Last week in Customs. 1 question asked, 1 solved. Nobody has answered 1 question so far. "
        "Nobody is an expert on How do I correct the tariff code? 0, and 3 questions were asked "
        "about it. 1 question fitted no topic; five people or more wrote of “How do I correct the "
        "tariff code?”, “How do I correct the tariff code?” and “How do I correct the tariff "
        "code?”. 1 question was found again by several people. 1 answer waits to be looked at "
        "again."
    )


def test_thanks_link_to_the_question_without_its_words():
    thanks = said_thanks(SaidThanks("U1", "U2", "Well done.", "C1", anywhere()), URL)

    assert thanks["text"] == ":sparkles: <@U1> thanks <@U2>: Well done."
    assert "For help with <https://acme.slack.com/archives/C1/p10|this question>" in str(thanks)
    assert ORDINARY not in str(thanks)
