"""What the tests of several features show: a solution found, somebody's help, topics, sponsors."""

from datetime import UTC, datetime, timedelta

from bot.experts.availability import Choices, TopicChoice
from bot.experts.topics import TopicView
from bot.finding.find import Result
from bot.finding.snippets import snippet
from bot.hours import Hours
from bot.recognition.digests import Planned
from bot.recognition.kudos import Effect, Evidence
from bot.recognition.personal import HelpedQuestion, OwnHelp, Thanked
from bot.recognition.sponsors import Sponsoring
from bot.schedules import Schedule

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
URL = "https://acme.slack.com/"
ORDINARY = "How do I correct the tariff code?"


def sponsors(text: str, number: int, **changes) -> tuple[Sponsoring, ...]:
    planned = Planned(Schedule(0, 9, 30, "Europe/Rome"), AT, **changes)
    return tuple(
        Sponsoring(f"U{e}", (text[:60] or "Customs",) * 20, planned) for e in range(number)
    )


def found(text: str, **changes: bool) -> Result:
    pieces = snippet(text, text[:50], 350)
    return Result(7, "C1", "1.0", text, text, pieces, "2.0", "U2", AT, 3, AT, **changes)


def effect(text: str, number: int) -> Effect:
    evidence = tuple(Evidence(text, "U1", "C1", "1.0", AT) for _ in range(number))
    return Effect("U2", number, number, number, number, number, evidence)


def own_help(text: str, number: int) -> OwnHelp:
    told = tuple(
        HelpedQuestion(each, text, "U1", "C1", f"{each}.0", AT - each * timedelta(days=30), each)
        for each in range(number)
    )
    thanks = (Thanked(1, "U3", text[:500]),) * number
    since = AT - timedelta(days=6)
    return OwnHelp("U2", since, AT, number + 2, number, 1, number, told, told[1:], 1, thanks)


def topics(text: str, number: int) -> list[TopicView]:
    members = tuple(f"U{each}" for each in range(60))
    return [TopicView(e, text[:60], (text[:500],) * 50, members, "U1") for e in range(number)]


def choices(text: str, topics: int) -> Choices:
    return Choices(
        user_id="U1",
        topics=tuple(TopicChoice(each, text[:60], each % 2 == 1) for each in range(topics)),
        hours=Hours("Europe/Rome", frozenset({0, 6}), 22 * 60, 24 * 60) if topics else None,
        has_own_hours=bool(topics),
        daily_limit=8,
        wants_messages=None,
        away_until=AT if topics else None,
        back_on=AT.date() if topics else None,
        reminders=frozenset({"mark"} if topics else ()),
    )
