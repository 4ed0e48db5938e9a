"""What people see: valid Block Kit whatever the data, and users' words shown as words."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.community.home import Home, OpenQuestion
from bot.experts import steps
from bot.experts.availability import Choices, TopicChoice
from bot.experts.cards import (
    Asked,
    AskedByCommand,
    Helpdesk,
    MergedView,
    QuestionCard,
    ReusedView,
    SolutionView,
    Source,
)
from bot.experts.hand_offs import HandOff, HandOffCall, LostHandOff, Named
from bot.experts.hints import Hint
from bot.experts.newcomers import NewcomerNote
from bot.experts.nudges import ClaimNote
from bot.experts.offer_notes import OfferItem, OfferNote
from bot.experts.proposals import ProposalNote, Proposed
from bot.experts.topics import TopicView, Waits
from bot.finding.faqs import FaqDraft, FaqEntry
from bot.finding.find import Result, Results
from bot.finding.reviews import ReviewItem, ReviewNote
from bot.finding.snippets import snippet
from bot.hours import Hours
from bot.questions.ask import HelpChannel
from bot.questions.marking import Reply, Unmarked
from bot.questions.merging import Candidate, MergedNote
from bot.questions.splitting import LaterReply, Splittable
from bot.questions.suggestions import Suggestions
from bot.recognition.channel_digest import (
    Credit,
    Hardest,
    Reused,
    Told,
    Waiting,
    Week,
    WeeklyDigest,
)
from bot.recognition.digests import Planned
from bot.recognition.exports import Export
from bot.recognition.kudos import Effect, Evidence, Page
from bot.recognition.leaderboard import Leaderboard, Place
from bot.recognition.ledger import Entry
from bot.recognition.managers import Draft, Note
from bot.recognition.personal import Help as OwnHelp
from bot.recognition.personal import PersonalDigest, Thanked
from bot.recognition.personal import Told as PersonallyTold
from bot.recognition.sponsor_digests import Deed, Demand, FoundAgain, Help, SponsorDigest, Stale
from bot.recognition.sponsor_digests import Told as ToldAnywhere
from bot.recognition.sponsor_thanks import SaidThanks, ThanksDraft
from bot.recognition.sponsors import Sponsoring
from bot.schedules import Schedule
from handlers.blocks.community.home import home_view
from handlers.blocks.experts.availability import availability_modal
from handlers.blocks.experts.cards import asked_by_command, question_card
from handlers.blocks.experts.claims import passed
from handlers.blocks.experts.hand_offs import call_body, hand_off_message, lost_note
from handlers.blocks.experts.hints import thin_hint
from handlers.blocks.experts.newcomers import newcomer_note
from handlers.blocks.experts.nudges import claim_nudge, released_note
from handlers.blocks.experts.offer_notes import offer_note
from handlers.blocks.experts.proposals import proposal_note
from handlers.blocks.experts.topics import secret_modal, topic_list, topic_modal
from handlers.blocks.finding.faqs import faq_message, faq_modal
from handlers.blocks.finding.find import results_modal, results_page, search_modal, shared
from handlers.blocks.finding.reviews import review_note
from handlers.blocks.questions.ask import ask_modal
from handlers.blocks.questions.marking import mark_hint, mark_nudge, marked
from handlers.blocks.questions.merging import merge_modal, merged_note
from handlers.blocks.questions.splitting import split_modal
from handlers.blocks.questions.suggestions import accepted, suggestions_message
from handlers.blocks.recognition.channel_digest import digest_plan, weekly_digest
from handlers.blocks.recognition.exports import export_messages
from handlers.blocks.recognition.kudos import kudos_page, thanks_note
from handlers.blocks.recognition.leaderboard import leaderboard_page
from handlers.blocks.recognition.ledger import ledger_page
from handlers.blocks.recognition.managers import choose_modal, manager_message, write_modal
from handlers.blocks.recognition.managers import preview_modal as note_preview
from handlers.blocks.recognition.personal import personal_digest
from handlers.blocks.recognition.sponsors import (
    preview_modal,
    said_thanks,
    sponsor_digest,
    sponsor_plans,
    thanks_modal,
)
from handlers.blocks.recognition.thanking import thank_modal
from handlers.blocks.text import Block, count, inline, link, listed, note_modal, permalink, quote
from sandbox.block_kit import blocks_text_length, check_blocks, check_view
from storage.search import Search

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
URL = "https://acme.slack.com/"
MESSAGE_CHARACTERS = 13_200

ORDINARY = "How do I correct the tariff code?"
HUGE = "<!channel> *bold* _x_ `y` <https://evil.example|good> &amp; " * 700
TEXTS = [ORDINARY, HUGE, "", "\u202e\u200b", "|>" * 2000, "`" * 5000, "x" * 40_000]


def card(text: str = ORDINARY, **changes) -> QuestionCard:
    values = {
        "question_id": 7,
        "team_id": "T1",
        "channel_id": "C1",
        "thread_ts": "1.000001",
        "card_ts": None,
        "asker_id": "U1",
        "topic": text[:60],
        "asked": (Asked("U2", 4), Asked("U3", referred_by="U9")),
        "claimed_by": None,
        "answers": 0,
        "solutions": (),
        "is_withdrawn": False,
    }
    return QuestionCard(**{**values, **changes})


def solved(text: str, number: int = 1) -> QuestionCard:
    solutions = tuple(SolutionView(f"U{each}", text, f"{each}.0") for each in range(number))
    return card(text, solutions=solutions)


def digest(text: str = ORDINARY, number: int = 1, **changes) -> WeeklyDigest:
    """A week in which so many people did everything that can be told."""
    questions = tuple(Told(each, text, f"{each}.0") for each in range(min(number, 3)))
    credits = tuple(Credit(f"U{each}", number, 3, 2, questions) for each in range(number))
    waits = [Waiting(e, text, f"{e}.0", AT, e == 1, None) for e in range(min(number, 5))]
    values = {
        "team_id": "T1",
        "channel_id": "C1",
        "since": AT - timedelta(weeks=1),
        "until": AT,
        "asked": Week(number, number),
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
    nothing = {"asked": Week(0, 0), "weeks": (Week(0, 0),) * 4}
    return digest(number=0, **{**nothing, "helpers": number, **changes})


def anywhere(text: str = ORDINARY, number: int = 1) -> ToldAnywhere:
    return ToldAnywhere(number, text, "C1", f"{number}.0", AT)


def helped(text: str = ORDINARY, number: int = 1, **changes) -> Help:
    deeds = tuple(Deed(anywhere(text, each), each != 2, f"U{each}", 2) for each in range(3))
    return replace(Help(number, f"U{number}", 4, 2, 1, True, deeds, unreadable=1), **changes)


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


def sponsors(text: str, number: int, **changes) -> tuple[Sponsoring, ...]:
    planned = Planned(Schedule(0, 9, 30, "Europe/Rome"), AT, **changes)
    return tuple(
        Sponsoring(f"U{e}", (text[:60] or "Customs",) * 20, planned) for e in range(number)
    )


def thanks_draft(text: str, **changes) -> ThanksDraft:
    return replace(ThanksDraft("2026-W49", helped(text), "U2", "C1", text[:80], 7), **changes)


def results(text: str, number: int) -> Results:
    return Results(text, Search(text), (found(text),) * number, 50 if number else 0, 0)


def found(text: str, **changes: bool) -> Result:
    pieces = snippet(text, text[:50], 350)
    return Result(7, "C1", "1.0", text, text, pieces, "2.0", "U2", AT, 3, AT, **changes)


def reused(text: str, **known: str) -> QuestionCard:
    view = ReusedView("C2", "2.0", **known) if known else ReusedView()
    return card(text, reused=view)


def effect(text: str, number: int) -> Effect:
    evidence = tuple(Evidence(text, "U1", "C1", "1.0", AT) for _ in range(number))
    return Effect("U2", number, number, number, number, number, evidence)


def own_help(text: str, number: int) -> OwnHelp:
    told = tuple(
        PersonallyTold(each, text, "U1", "C1", f"{each}.0", AT - each * timedelta(days=30), each)
        for each in range(number)
    )
    thanks = (Thanked("U3", text[:500]),) * number
    since = AT - timedelta(days=6)
    return OwnHelp("U2", since, AT, number + 2, number, 1, number, told, told[1:], 1, thanks)


def manager_note(words: str, asked: str, number: int = 10) -> Note:
    return Note(7, "U2", "U1", words, "weeks", own_help(asked, number).told, 3, None, None)


def exported(text: str, number: int) -> Export:
    return Export(own_help(text, number), AT - timedelta(days=300), AT, {"U1": text[:80]})


def leaders(text: str, number: int) -> Leaderboard:
    places = tuple(Place(1, f"U{each}", each, 2) for each in range(number))
    return Leaderboard(text[:60], AT, places, bool(number))


def entries(number: int) -> tuple[Entry, ...]:
    kinds = ("solved", "helped", "reused", "thanked")
    return tuple(
        Entry(kinds[each % 4], "U1", AT, each % 2 == 0, *(("C1", "2.0", "1.0") if each % 3 else ()))
        for each in range(number)
    )


def topics(text: str, number: int) -> list[TopicView]:
    members = tuple(f"U{each}" for each in range(60))
    return [TopicView(e, text[:60], (text[:500],) * 50, members, "U1") for e in range(number)]


def suggested(text: str, number: int) -> Block:
    return suggestions_message(Suggestions(7, "U1", "C1", "1.0", (found(text),) * number), URL)


def reviewed(text: str, number: int) -> Block:
    items = tuple(ReviewItem(found(text), "U1" if at % 2 else None) for at in range(number))
    return review_note(ReviewNote("U2", items, None, None), URL)


def next_is(step: str | None, *, at: datetime = AT, **changes) -> QuestionCard:
    return card(next_step=step, next_at=at if step else None, **changes)


def unmarked(text: str, number: int, **changes) -> list[Unmarked]:
    replies = tuple(Reply(each, text[:80], text) for each in range(3))
    return [
        replace(Unmarked(each, "C1", "1.0", text, replies, None, None), **changes)
        for each in range(number)
    ]


def offered(text: str, number: int) -> Block:
    items = tuple(
        OfferItem(each, "C1", "1.0", text, text[:60], "U1", AT, each == 0, each, None, False, True)
        for each in range(number)
    )
    return offer_note(OfferNote("U2", items, 3, True, None, None), URL)


def claimed(text: str, *, is_theirs: bool = True) -> ClaimNote:
    return ClaimNote(7, "U2", "C1", "1.0", text, AT if is_theirs else None, AT)


def handed_off(words: str | None, **changes) -> Block:
    values = {"text": words, "claimed_by": None, "is_solved": False, "is_withdrawn": False}
    return hand_off_message(
        HandOff(
            question_id=7,
            hand_off_channel_id="C9",
            message_ts=None,
            channel_id="C1",
            thread_ts="1.0",
            topic=(words or "Customs")[:60],
            asker_id=None if words is None else "U1",
            asked_at=AT,
            experts_asked=4,
            **{**values, **changes},
        ),
        URL,
    )


def proposed(text: str, added_by: str | None = None) -> Block:
    return proposal_note(ProposalNote(7, text[:60], "U2", 3, added_by, None))


def handed_over(text: str, **helpdesk: object) -> QuestionCard:
    """A card whose helpdesk is a system outside Slack."""
    return card(text, stage=steps.HAND_OFF, helpdesk=Helpdesk(is_called=True, **helpdesk))


def lost(text: str, *, is_known_there: bool = False) -> Block:
    return lost_note(LostHandOff("U9", text[:60], "C1", "1.0", is_known_there), text[:90], URL)


MESSAGES = {
    "thin hint": lambda _: thin_hint(Hint(7, "C1", "U1", None, "")),
    "thin hint of a topic": lambda text: thin_hint(Hint(7, "C1", "U1", text[:60], text[:300])),
    "proposal": lambda text: proposed(text),
    "added by an admin": lambda text: proposed(text, "U9"),
    "newcomer": lambda text: newcomer_note(NewcomerNote(7, "U2", "U1", "C1", "1.0", text), URL),
    **{
        f"card before {step}": lambda text, step=step: question_card(next_is(step), URL)
        for step in (steps.ASK, steps.OPENS, steps.HAND_OFF, steps.REST)
    },
    "card of a crowd": lambda text: question_card(
        card(text, asked=tuple(Asked(f"U{each}", each) for each in range(40))), URL
    ),
    "card handed off": lambda text: question_card(
        card(text, stage=steps.HAND_OFF, hand_off_channel_id="C9"), URL
    ),
    "card handed over": lambda text: question_card(
        handed_over(text, is_told=True, reference=text[:60], link="https://desk.example/1"), URL
    ),
    "card of a lost hand-off": lambda text: question_card(handed_over(text, is_lost=True), URL),
    "lost hand-off": lambda text: lost(text),
    "lost follow-up": lambda text: lost(text, is_known_there=True),
    "which reply worked": lambda text: mark_hint(unmarked(text, 1)[0], URL),
    "no reply to mark": lambda text: mark_hint(unmarked(text, 1, replies=())[0], URL),
    "one unmarked": lambda text: mark_nudge(unmarked(text, 1), URL),
    "many unmarked": lambda text: mark_nudge(unmarked(text, 5), URL),
    "marked": lambda text: marked(unmarked(text, 1, solved_by=text[:80], marked_id=3)[0]),
    "some marked": lambda text: mark_nudge(
        [*unmarked(text, 2), *unmarked(text, 2, solved_by=text[:80], marked_id=3)], URL
    ),
    "one offer": lambda text: offered(text, 1),
    "many offers": lambda text: offered(text, 8),
    "no offers": lambda text: offered(text, 0),
    "passed": lambda text: passed(7, text[:60]),
    "claim nudge": lambda text: claim_nudge(claimed(text), URL),
    "claim nudge too late": lambda text: claim_nudge(claimed(text, is_theirs=False), URL),
    "released": lambda text: released_note(claimed(text), URL),
    "handed off": lambda text: handed_off(text),
    "handed off, private": lambda text: handed_off(None),
    "handed off and taken": lambda text: handed_off(text, claimed_by="U2"),
    "handed off and solved": lambda text: handed_off(text, is_solved=True),
    "handed off and withdrawn": lambda text: handed_off(text, is_withdrawn=True),
    "open card": lambda text: question_card(card(text), URL),
    "claimed card": lambda text: question_card(card(text, claimed_by="U2"), URL),
    "answered card": lambda text: question_card(card(text, answers=2), URL),
    "solved card": lambda text: question_card(solved(text), URL),
    "card with many solutions": lambda text: question_card(solved(text, 30), URL),
    "question from /ask": lambda text: asked_by_command(
        AskedByCommand("C1", "U1", text, None, False), URL
    ),
    "split question": lambda text: asked_by_command(
        AskedByCommand("C1", "U1", text, "3.0", False, Source("2.0", "1.0")), URL
    ),
    "nothing found": lambda text: results_page(results(text, 0), URL),
    "results": lambda text: results_page(results(text, 5), URL),
    "outdated result": lambda text: shared("U1", found(text, is_outdated=True), URL),
    "doubted result": lambda text: shared("U1", found(text, is_doubted=True), URL),
    "one suggestion": lambda text: suggested(text, 1),
    "suggestions": lambda text: suggested(text, 3),
    "accepted suggestion": lambda _: accepted(["U1"], 7),
    "one review": lambda text: reviewed(text, 1),
    "many reviews": lambda text: reviewed(text, 30),
    "all reviewed": lambda text: reviewed(text, 0),
    "reused card": lambda text: question_card(reused(text, author=text[:80]), URL),
    "card of what is private elsewhere": lambda text: question_card(reused(text), URL),
    "merged card": lambda _: question_card(card(merged=MergedView("C2", "2.0")), URL),
    "card merged with what is private": lambda _: question_card(card(merged=MergedView()), URL),
    "card solved with another": lambda text: question_card(
        replace(reused(text, author=text[:80]), merged=MergedView("C2", "2.0")), URL
    ),
    "answer to the same question": lambda text: merged_note(
        MergedNote(7, "U1", "C1", "1.0", text, found(text)), URL
    ),
    "merged hand-off": lambda text: handed_off(text, is_merged=True),
    "outdated card": lambda text: question_card(replace(solved(text), is_outdated=True), URL),
    "doubted card": lambda text: question_card(replace(solved(text), is_doubted=True), URL),
    "kudos": lambda text: kudos_page(Page(effect(text, 5), own_help(text, 2)), "U1", URL),
    "my kudos": lambda text: kudos_page(Page(effect(text, 5), own_help(text, 9)), "U2", URL),
    "personal digest": lambda text: personal_digest(PersonalDigest(own_help(text, 1)), URL),
    "long personal digest": lambda text: personal_digest(PersonalDigest(own_help(text, 40)), URL),
    "manager note": lambda text: manager_message(manager_note("I helped.", text), URL),
    "short export": lambda text: export_messages(exported(text, 2), URL)[0],
    "long export": lambda text: export_messages(exported(text, 200), URL)[-1],
    "leaderboard": lambda text: leaderboard_page(leaders(text, 10)),
    "kudos of who is not named": lambda text: kudos_page(
        Page(replace(effect(text, 0), is_private=True)), "U1", URL
    ),
    "ledger": lambda _: ledger_page("U2", entries(20), URL),
    "empty ledger": lambda _: ledger_page("U2", (), URL),
    "thanks": lambda text: thanks_note("U1", text[:500]),
    "small sponsor digest": lambda text: sponsor_digest(sponsored(text), URL),
    "large sponsor digest": lambda text: sponsor_digest(sponsored(text, 300), URL),
    "thanks of a sponsor": lambda text: said_thanks(
        SaidThanks("U1", "U2", text[:500], "C1", anywhere(text)), URL
    ),
    "private thanks of a sponsor": lambda text: said_thanks(
        SaidThanks("U1", "U2", text[:500], None, None), URL
    ),
    "FAQ entry": lambda text: faq_message(FaqEntry("U1", "C1", "1.0"), text[:300], text, URL),
    "no sponsors": lambda _: sponsor_plans([]),
    "sponsors": lambda text: sponsor_plans(sponsors(text, 100)),
    "paused sponsors": lambda text: sponsor_plans(sponsors(text, 2, paused_at=AT)),
    "topics": lambda text: topic_list(topics(text or "x", 100)),
    "no topics": lambda _: topic_list([]),
    "small digest": lambda text: digest_messages(digest(text, 1))[0],
    **{
        f"large digest, {part + 1}": lambda text, part=part: digest_messages(digest(text, 300))[
            part
        ]
        for part in range(3)
    },
}


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
@pytest.mark.parametrize("name", MESSAGES)
def test_every_message_is_one_that_slack_takes(name: str, text: str):
    message = MESSAGES[name](text)

    assert check_blocks(message["blocks"], surface="message") == []
    assert blocks_text_length(message["blocks"]) <= MESSAGE_CHARACTERS
    assert message["text"]


@pytest.mark.parametrize("name", MESSAGES)
def test_no_message_pings_a_channel_or_hides_an_address(name: str):
    message = str(MESSAGES[name](HUGE))

    assert "<!channel>" not in message
    assert "<https://evil.example" not in message


def open_questions(text: str) -> tuple[OpenQuestion, ...]:
    return tuple(
        OpenQuestion(7, "U1", "C1", "1.0", text, AT, claimed) for claimed in (None, "U1", "U2")
    )


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


def home(text: str = "", topics: int = 0, **changes) -> Home:
    values = {
        "user_id": "U1",
        "waiting": open_questions(text),
        "asked": open_questions(text),
        "effect": effect(text, 3),
        "choices": choices(text, topics),
        "proposed": (Proposed(7, text[:60], "U2", 3, 2),) * 5,
    }
    return Home(**{**values, **changes})


def split_of(text: str, number: int) -> Splittable:
    later = tuple(LaterReply(each, text[:80], text) for each in range(number))
    return Splittable(7, "U1", text, later)


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_every_view_is_one_that_slack_takes(text: str):
    channels = [HelpChannel(f"C{each}", text[:80], None) for each in range(150)]
    views = [
        home_view(home(text, 150), URL),
        home_view(home(text), URL),
        home_view(replace(home(text), sponsoring=sponsors(text, 1)[0]), URL),
        availability_modal(choices(text, 150)),
        availability_modal(choices(text, 0)),
        ask_modal(text=text, channels=channels, channel_id="C3", topics=topics(text or "x", 150)),
        topic_modal(
            topic=TopicView(
                1,
                "Customs",
                ("a", "b"),
                ("U1", "S1"),
                "U2",
                Waits(20, 120, 480),
                "C9",
                text[:300],
                f"https://desk.example/{'x' * 479}",
            ),
            name="",
            groups=[(f"S{each}", text[:80]) for each in range(150)],
            channel_id="C1",
            is_channel_topic=True,
        ),
        merge_modal(7, [Candidate(each, text, each % 2 == 0) for each in range(20)]),
        split_modal(split_of(text, 30), topics(text or "x", 150)),
        split_modal(split_of(text, 0), []),
        search_modal(),
        results_modal(results(text, 5), URL),
        results_modal(results(text, 0), URL),
        note_modal(text or "Good."),
        thanks_modal(thanks_draft(text), URL),
        thanks_modal(thanks_draft(text, channel_id=None, channel_name=""), URL),
        preview_modal(sponsored(text, 300, slot=""), URL),
        preview_modal(SponsorDigest("T1", "U1", "", AT, AT), URL),
        faq_modal(FaqDraft(7, text[:300], text[:3000])),
        choose_modal("U1", "week"),
        choose_modal(None, "made up"),
        write_modal(Draft("U1", "year", own_help(text, 9), own_help(text, 9).told)),
        note_preview(manager_note(text or "Good.", text), URL),
        thank_modal("U1", 7),
        secret_modal("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
        topic_modal(topic=None, name="", groups=[], channel_id=None, is_channel_topic=False),
    ]

    assert [check_view(view) for view in views] == [[]] * len(views)


def test_a_card_shows_who_is_asked_then_who_is_on_it_then_who_solved_it():
    assert question_card(card(), URL)["text"].startswith(":eyes: <@U2> and <@U3>, can you help")
    assert question_card(card(claimed_by="U2"), URL)["text"] == ":raised_hand: <@U2> is on it."
    assert question_card(solved("Amend it."), URL)["text"] == ":white_check_mark: Solved by <@U0>."


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        (next_is(steps.ASK), "If nobody takes it, I ask others <!date^1795424400^"),
        (next_is(steps.OPENS, asked=()), "can be asked right now; I ask them <!date^"),
        (next_is(steps.HAND_OFF, hand_off_channel_id="C9"), "it goes to <#C9> <!date^"),
        (next_is(steps.REST), "the weekly digest brings it up again"),
        (next_is(steps.RELEASE, claimed_by="U2"), "If no reply comes, I ask others <!date^"),
        (card(stage=steps.HAND_OFF, hand_off_channel_id="C9"), "so it went to <#C9>"),
        (card(stage=steps.REST), "Nobody could take it so far"),
        (next_is(steps.HAND_OFF, helpdesk=Helpdesk()), "it goes to the helpdesk <!date^"),
        (
            next_is(steps.HAND_OFF, hand_off_channel_id="C9", helpdesk=Helpdesk()),
            "it goes to <#C9> and the helpdesk <!date^",
        ),
        (handed_over(""), "Nobody could take it in time. It is on its way to the helpdesk."),
        (handed_over("", is_lost=True), "in time. I could not reach the helpdesk; who runs"),
        (handed_over("", is_told=True), "in time, so it went to the helpdesk."),
        (
            handed_over("", is_told=True, reference="INC-1"),
            "so it went to the helpdesk (INC-1).",
        ),
        (
            handed_over("", is_told=True, link="https://d.example/?a&b"),
            "so it went to <https://d.example/?a&amp;b|the helpdesk>.",
        ),
        (
            replace(handed_over("", is_told=True, reference="1"), hand_off_channel_id="C9"),
            "so it went to <#C9> and the helpdesk (1).",
        ),
        (
            replace(handed_over(""), hand_off_channel_id="C9"),
            "so it went to <#C9>. It is on its way to the helpdesk.",
        ),
        (card(stage=steps.HAND_OFF), "Anybody can reply here. Nobody could take it in time. <@U1>"),
    ],
)
def test_a_card_says_what_comes_next_and_when(shown: QuestionCard, said: str):
    assert said in str(question_card(shown, URL)["blocks"])


def test_what_a_helpdesk_outside_is_sent_is_complete_and_plain():
    call = HandOffCall(
        question_id=7,
        team_id="T1",
        address="https://desk.example/",
        secret="whsec_",
        message_id="msg_1",
        state="claimed 1",
        happened="claimed",
        happened_at=AT,
        topic="Customs & co",
        channel_id="C1",
        channel_name="logistics",
        thread_ts="1.000001",
        asked_at=AT,
        experts_asked=4,
        is_private=False,
        text="a < b & c",
        asker=Named("U1", "Ana"),
        claimed_by=Named("U2", None),
        solved_by=(),
    )

    assert call_body(call, URL) == {
        "type": "question.claimed",
        "timestamp": "2026-11-23T09:00:00+00:00",
        "data": {
            "question_id": 7,
            "workspace_id": "T1",
            "topic": "Customs & co",
            "asked_at": "2026-11-23T09:00:00+00:00",
            "asker": {"id": "U1", "name": "Ana"},
            "text": "a < b & c",
            "permalink": "https://acme.slack.com/archives/C1/p1000001",
            "channel": {"id": "C1", "name": "logistics"},
            "is_private": False,
            "experts_asked": 4,
            "claimed_by": {"id": "U2", "name": None},
            "solved_by": [],
        },
    }


def test_a_card_says_why_these_were_asked():
    shown = str(question_card(card(), URL)["blocks"])

    assert "<@U2> solved 4 questions like this · <@U9> says to ask <@U3>" in shown


def test_a_claimed_question_offers_no_second_claim():
    def labels(shown: QuestionCard) -> list[str]:
        actions = question_card(shown, URL)["blocks"][-1]["elements"]
        return [each["text"]["text"] for each in actions if each["type"] == "button"]

    assert labels(card()) == ["I'll take it", "Not me", "Not a question"]
    assert labels(card(claimed_by="U2")) == ["Not me", "Not a question"]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("a &lt; b &amp; c &gt; d", "a &lt; b &amp; c &gt; d"),  # Slack's form, not escaped twice
        ("a & b", "a &amp; b"),
        ("<@U123> and <!here>", "@somebody and @here"),
        ("<https://x.example|click>", "click (https://x.example)"),
        ("<https://x.example|x.example>", "https://x.example"),
        ("*bold* _slanted_ `code` ~gone~", "bold slanted code gone"),
        ("one\n\ntwo", "one two"),
    ],
)
def test_words_in_a_sentence_are_shown_as_words(written: str, shown: str):
    assert inline(written, 100) == shown


def test_long_words_are_cut_where_a_word_ends():
    assert inline("one two three four", 12) == "one two…"


def test_a_label_cannot_end_its_link():
    assert link("https://a.example", "x> <!channel> | y") == "<https://a.example|x&gt; @channel y>"


def test_a_quotation_is_plain_words_for_slack_too():
    element = quote("*a* b*c* <!channel>")["elements"][0]["elements"][0]

    assert element == {"type": "text", "text": "a b*c* @channel"}


def test_addresses_lead_to_the_reply_in_its_thread():
    address = permalink(URL, "C1", "12.000034", "11.000001")

    assert address == "https://acme.slack.com/archives/C1/p12000034?thread_ts=11.000001&amp;cid=C1"


def test_lists_and_counts_read_like_sentences():
    assert [listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])] == [
        "a",
        "a and b",
        "a, b and c",
    ]
    assert [count(1, "reply", "replies"), count(2, "question")] == ["1 reply", "2 questions"]


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        (only(2, solvers=2, solved=1), "Last week 2 colleagues solved 1 question here"),
        (
            only(1, solvers=1, solved=3, since=AT - timedelta(days=14)),
            "In the last 2 weeks 1 colleague solved 3 questions here",
        ),
        (only(1, helped_too=3), "Last week earlier answers helped 3 people here"),
        (only(0, waiting_in_all=2), "2 questions waiting for an answer"),
        (only(0, newcomers_in_all=1), "Last week 1 colleague asked here for the first time"),
    ],
)
def test_a_digest_begins_with_what_the_week_was(shown: WeeklyDigest, said: str):
    assert digest_messages(shown)[0]["text"].startswith(f"{said}.")


def test_a_short_week_is_one_message_and_a_long_one_never_more_than_three():
    messages = [len(digest_messages(digest(number=n))) for n in (1, 17, 18, 57, 58, 97, 5000)]

    assert messages == [1, 1, 2, 2, 3, 3, 3]


def test_a_thin_hint_says_what_the_topics_experts_will_ask():
    usual = thin_hint(Hint(7, "C1", "U1", "Customs", ""))
    own = thin_hint(Hint(7, "C1", "U1", "Customs", "form & <!channel>"))

    assert usual["text"].startswith("Experts will want to know what you tried, the exact error")
    assert own["text"] == "Experts on *Customs* will want to know: form &amp; @channel"
    assert "You can edit your message or add it in a reply." in str(own["blocks"])


def test_home_says_whose_first_question_it_is_to_others_only():
    first = replace(open_questions(ORDINARY)[0], is_first=True)

    def shown_to(user_id: str) -> str:
        return str(home_view(home(user_id=user_id, waiting=(first,), asked=()), URL))

    assert "their first question" in shown_to("U2")
    assert "their first question" not in shown_to("U1")


def test_a_proposal_tells_how_much_and_never_what():
    shown = home_view(home(proposed=(Proposed(7, "Customs", "U2", 3, 2),)), URL)

    assert "<@U2> solved 3 questions about *Customs* for 2 people." in str(shown)
    assert proposed("Customs")["text"] == (
        "You solved 3 questions about *Customs* lately. Shall I ask you first when there are more?"
    )


def test_who_is_not_told_of_by_name_is_counted():
    first, second, third = digest_messages(digest(number=300))

    assert "And 283 more colleagues helped: see the thread." in str(first["blocks"])
    assert "more colleague" not in str(second["blocks"])
    assert "And 203 more colleagues helped." in str(third["blocks"])


def test_who_does_not_want_to_be_named_is_a_colleague():
    hardest = Hardest(Told(1, ORDINARY, "1.0"), timedelta(hours=5), 1, (None,))
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
def test_a_sponsor_reads_what_somebodys_help_did(shown: Help, said: str):
    assert said in str(sponsor_digest(sponsored(help=(shown,)), URL)["blocks"])


@pytest.mark.parametrize(
    ("shown", "thanks"),
    [(helped(), 1), (helped(is_thanked=True), 0), (helped(is_own=True), 0)],
)
def test_there_is_a_button_for_thanks_once_and_not_for_oneself(shown: Help, thanks: int):
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


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "You sponsor Customs. Your next digest: Monday 9:30."),
        ({"paused_at": AT}, "You sponsor Customs. Your digest is paused."),
        ({"skipped_at": AT}, "You sponsor Customs. Your digest of <!date^"),
    ],
)
def test_a_sponsor_sees_in_app_home_when_the_digest_comes(changes: dict, said: str):
    sponsoring = replace(sponsors("Customs", 1, **changes)[0], topics=("Customs",))

    shown = str(home_view(replace(home(ORDINARY), sponsoring=sponsoring), URL))

    assert said in shown


def test_who_wants_no_digests_reads_so_in_app_home():
    sponsoring = replace(sponsors("Customs", 1)[0], is_wanted=False)

    shown = str(home_view(replace(home(ORDINARY), sponsoring=sponsoring), URL))

    assert "You want no digests; `/kudos digests on` lets them come." in shown


def test_thanks_link_to_the_question_without_its_words():
    thanks = said_thanks(SaidThanks("U1", "U2", "Well done.", "C1", anywhere()), URL)

    assert thanks["text"] == ":sparkles: <@U1> thanks <@U2>: Well done."
    assert "For help with <https://acme.slack.com/archives/C1/p10|this question>" in str(thanks)
    assert ORDINARY not in str(thanks)
