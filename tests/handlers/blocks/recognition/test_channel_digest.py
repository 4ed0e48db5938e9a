"""The weekly digest of a channel, in one to three messages."""

from datetime import timedelta

import pytest

from bot.recognition.channel_digest import (
    Credit,
    Hardest,
    LinkedQuestion,
    Reused,
    Thanked,
    Waiting,
    Week,
    WeeklyDigest,
)
from bot.recognition.digests import Planned
from bot.schedules import Schedule
from handlers.blocks.recognition.channel_digest import digest_plan, weekly_digest
from handlers.blocks.text import Block
from tests.handlers.blocks.conftest import AT, ORDINARY, URL


def digest(text: str = ORDINARY, number: int = 1, **changes) -> WeeklyDigest:
    """A week in which so many people did everything that can be told."""
    questions = tuple(
        LinkedQuestion(each, text, f"{each}.0", "U8", text, each) for each in range(min(number, 3))
    )
    credits = tuple(Credit(f"U{each}", number, 3, 2, questions) for each in range(number))
    waits = [Waiting(e, text, f"{e}.0", AT, e == 1, None) for e in range(min(number, 5))]
    values = {
        "team_id": "T1",
        "channel_id": "C1",
        "since": AT - timedelta(weeks=1),
        "until": AT,
        "weeks": (Week(number, number), Week(9, 5), Week(0, 0), Week(2, 0)),
        "solved": number,
        "solvers": number,
        "helped_too": 2,
        "helpers": number,
        "first_timers": credits[:5],
        "hardest": Hardest(questions[0], timedelta(days=3), 6, ("U1", None)) if number else None,
        "reused": tuple(Reused(told, 4, ("U2", None)) for told in questions),
        "credits": credits[5:17],
        "more_credits": credits[17:97],
        "thanks": tuple(Thanked("U7", text, "U8", text, text) for _ in range(min(number, 5))),
        "thanks_in_all": number,
        "newcomers": tuple(f"U{each}" for each in range(min(number, 10))),
        "newcomers_in_all": number,
        "waiting": tuple(waits),
        "waiting_in_all": number,
    }
    return WeeklyDigest(**{**values, **changes})


def digest_messages(shown: WeeklyDigest) -> list[Block]:
    return weekly_digest(shown, URL)


def only(number: int, **changes) -> WeeklyDigest:
    """A week of which nothing else is told."""
    nothing = {"weeks": (Week(0, 0),) * 4}
    return digest(number=0, **{**nothing, "helpers": number, **changes})


MESSAGES = {
    "small digest": lambda text: digest_messages(digest(text, 1))[0],
    "digest with a chart": lambda text: weekly_digest(digest(text, 2), URL, has_charts=True)[0],
    **{
        f"large digest, {part + 1}": lambda text, part=part: digest_messages(digest(text, 300))[
            part
        ]
        for part in range(3)
    },
}


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        (only(2, solvers=2, solved=1), "Last week 2 colleagues solved 1 question here"),
        (
            only(1, solvers=1, solved=3, since=AT - timedelta(days=14)),
            "In the last 2 weeks 1 colleague solved 3 questions here",
        ),
        (only(1, helped_too=3), "Last week earlier answers helped 3 people here"),
        (only(0, waiting_in_all=2), "2 questions are still waiting for an answer"),
        (only(0, thanks_in_all=1), "Last week 1 colleague heard thanks here"),
        (only(0, newcomers_in_all=1), "Last week 1 colleague asked here for the first time"),
    ],
)
def test_a_digest_begins_with_what_the_week_was(shown: WeeklyDigest, said: str):
    assert digest_messages(shown)[0]["text"].startswith(f"{said}.")


def test_a_long_week_has_three_stories_and_the_rest_in_its_thread():
    messages = [len(digest_messages(digest(number=n))) for n in (1, 2, 5000)]
    first, *others = digest_messages(digest(number=60))

    assert messages == [1, 2, 3]
    shown = [each["text"]["text"] for each in first["blocks"] if each["type"] == "section"]
    assert [each.split(":")[1] for each in shown[2:5]] == ["seedling", "mountain", "recycle"]
    assert shown[5].startswith(":heart: ")
    assert "more colleagues helped: see the thread." in str(first["blocks"])
    assert others[0]["text"].startswith("More of the week's help: ")


def test_a_story_says_who_helped_whom_with_what_and_whom_besides():
    def told(**changes) -> str:
        question = LinkedQuestion(1, ORDINARY, "1.0", **changes)
        credit = Credit("U2", 1, 1, 2, (question,))
        return digest_messages(only(1, solved=1, solvers=1, credits=(credit,)))[0]["blocks"][1][
            "text"
        ]["text"]

    assert told(asker_id="U1", asker="Bob", helped_too=2) == (
        "<@U2> helped <https://acme.slack.com/team/U1|Bob> with "
        f"<https://acme.slack.com/archives/C1/p10|{ORDINARY}>, and it helped 2 more."
    )
    assert told().startswith("<@U2> helped a colleague with <https")
    assert told().endswith(f"{ORDINARY}>")


def test_thanks_are_told_and_call_nobody():
    thanks = (
        Thanked("U7", "Ana", "U8", "Ken", "the <!channel> key"),
        Thanked(None, "", "U8", "Ken", "x"),
    )
    said = str(digest_messages(only(0, thanks=thanks, thanks_in_all=2)))

    assert "team/U7|Ana> thanked <https://acme.slack.com/team/U8|Ken>: “the" in said
    assert "a colleague thanked" in said
    assert "<@" not in said and "<!channel>" not in said


def test_where_slack_draws_it_the_weeks_are_a_chart_that_says_the_same():
    weeks = (Week(10, 5), Week(20, 20), Week(0, 0), Week(1, 0))
    [drawn] = [
        each
        for each in weekly_digest(digest(weeks=weeks), URL, has_charts=True)[0]["blocks"]
        if each["type"] == "data_visualization"
    ]

    asked, solved = drawn["chart"]["series"]
    assert [each["value"] for each in asked["data"]] == [1, 0, 20, 10]
    assert solved["data"][-1] == {"label": "last week", "value": 5}


def test_headline_and_bars_are_of_the_same_weeks():
    two = digest(since=AT - timedelta(days=14), solved=4, weeks=(Week(5, 4),) + (Week(1, 1),) * 3)
    first = digest_messages(two)[0]

    assert first["text"].startswith("In the last 2 weeks 1 colleague solved 4 questions here. 5")
    assert "last 2 weeks    ████████████████░░░░ 5 questions asked, 4 solved" in str(first)
    assert "2 weeks before " in str(first) and "6 weeks before " in str(first)


def test_who_does_not_want_to_be_named_is_a_colleague():
    hardest = Hardest(LinkedQuestion(1, ORDINARY, "1.0"), timedelta(hours=5), 1, (None,))
    waiting = (Waiting(2, ORDINARY, "2.0", AT, True, None),)
    shown = only(
        1,
        solved=2,
        solvers=1,
        hardest=hardest,
        newcomers=("U7",),
        newcomers_in_all=3,
        waiting=waiting,
        waiting_in_all=1,
    )

    said = str(digest_messages(shown)[0])
    assert "It was open for 5 hours until a colleague solved it." in said
    assert "Welcome to <@U7> and 2 colleagues, who asked for the first time." in said
    assert "a colleague is on it" in said
    assert "And 1 more colleague helped." in said


def test_a_digest_says_all_in_words_alone():
    assert digest_messages(digest())[0]["text"] == (
        "Last week 1 colleague solved 1 question here. 1 question asked, 1 solved. "
        "For the first time: <@U0>. The hardest question was open for 3 days until <@U1> and "
        "a colleague solved it. Earlier answers helped 4 more people. "
        "Welcome to <@U0>, who asked for the first time. "
        "1 question is still waiting for an answer."
    )


def test_weeks_are_drawn_where_there_is_more_than_one_to_compare():
    drawn, alone = (
        str(digest_messages(digest(weeks=weeks))[0]["blocks"])
        for weeks in (
            (Week(10, 5), Week(20, 20), Week(0, 0), Week(1, 0)),
            (Week(10, 5), Week(0, 0), Week(0, 0), Week(0, 0)),
        )
    )

    assert "last week       █████░░░░░           10 questions asked, 5 solved" in drawn
    assert "the week before ████████████████████ 20 questions asked, 20 solved" in drawn
    assert "3 weeks before  ░                    1 question asked, 0 solved" in drawn
    assert "█" not in alone


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "The weekly digest comes Monday at 9:00 (UTC); next <!date^"),
        ({"skipped_at": AT}, "is skipped, next <!date^"),
        ({"paused_at": AT}, "(UTC), and is paused since <!date^"),
    ],
)
def test_when_the_digest_comes_is_a_sentence(changes: dict, said: str):
    assert said in digest_plan(Planned(Schedule(0, 9, 0, "UTC"), AT, **changes))
