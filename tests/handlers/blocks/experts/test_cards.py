"""The card of a question, at each point of its life."""

from dataclasses import replace
from datetime import datetime

import pytest

from bot.experts import closing, steps
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
from handlers.blocks.experts.cards import asked_by_command, question_card
from tests.handlers.blocks.conftest import AT, ORDINARY, URL


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
        "text": text,
        "asker": "Bob Miller",
        "last_reply_by": "Ken Sato",
    }
    return QuestionCard(**{**values, **changes})


def solved(text: str, number: int = 1) -> QuestionCard:
    solutions = tuple(SolutionView(f"U{each}", text, f"{each}.0") for each in range(number))
    return card(text, solutions=solutions)


def reused(text: str, **known: str) -> QuestionCard:
    view = ReusedView("C2", "2.0", **known) if known else ReusedView()
    return card(text, reused=view)


def next_is(step: str | None, *, at: datetime = AT, **changes) -> QuestionCard:
    return card(next_step=step, next_at=at if step else None, **changes)


def handed_over(text: str, **helpdesk: object) -> QuestionCard:
    """A card whose helpdesk is a system outside Slack."""
    return card(text, stage=steps.HAND_OFF, helpdesk=Helpdesk(is_called=True, **helpdesk))


MESSAGES = {
    "card that could ask nobody": lambda text: question_card(
        next_is(steps.GIVE_UP, stage=steps.REST, asked=(), has_experts=False, text=text), URL
    ),
    "card of what was posted": lambda text: question_card(
        card(text, asker=text, is_posted_for_asker=True, has_follow_ups=True), URL
    ),
    "card after a reply": lambda text: question_card(
        card(text, asker=text, last_reply_by=text, answers=1), URL
    ),
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
    "open card": lambda text: question_card(card(text), URL),
    "claimed card": lambda text: question_card(card(text, claimed_by="U2"), URL),
    "answered card": lambda text: question_card(card(text, answers=2), URL),
    "card of who is stuck": lambda text: question_card(card(text, answers=2, is_stuck=True), URL),
    "card of what others have too": lambda text: question_card(card(text, have_it_too=3), URL),
    "card of what is over": lambda text: question_card(card(text, is_over=True), URL),
    "closed card": lambda text: question_card(card(text, closed_why="over"), URL),
    "card of who left": lambda text: question_card(card(text, closed_why="left"), URL),
    "solved card": lambda text: question_card(solved(text), URL),
    "card with many solutions": lambda text: question_card(solved(text, 30), URL),
    "question from /ask": lambda text: asked_by_command(
        AskedByCommand("C1", "U1", text, None, False), URL
    ),
    "split question": lambda text: asked_by_command(
        AskedByCommand("C1", "U1", text, "3.0", False, Source("2.0", "1.0")), URL
    ),
    "reused card": lambda text: question_card(reused(text, author=text[:80]), URL),
    "card of what is private elsewhere": lambda text: question_card(reused(text), URL),
    "merged card": lambda _: question_card(card(merged=MergedView("C2", "2.0")), URL),
    "card merged with what is private": lambda _: question_card(card(merged=MergedView()), URL),
    "card solved with another": lambda text: question_card(
        replace(reused(text, author=text[:80]), merged=MergedView("C2", "2.0")), URL
    ),
    "outdated card": lambda text: question_card(replace(solved(text), is_outdated=True), URL),
    "doubted card": lambda text: question_card(replace(solved(text), is_doubted=True), URL),
}


def first_words(shown: QuestionCard) -> str:
    return str(question_card(shown, URL)["blocks"][0]["text"]["text"])


def test_a_card_shows_who_is_asked_who_is_on_it_who_replied_and_who_solved_it():
    assert first_words(card()).startswith(":eyes: <@U2> and <@U3>, can you help")
    assert first_words(card(claimed_by="U2")) == ":raised_hand: <@U2> is on it."
    assert (
        first_words(card(answers=1)) == ":speech_balloon: 1 reply so far, by Ken Sato. Did it work?"
    )
    assert first_words(card(answers=2, claimed_by="U2")).startswith(":speech_balloon: 2 replies so")
    assert first_words(solved("Amend it.")) == ":white_check_mark: Solved by <@U0>."


@pytest.mark.parametrize(
    "shown",
    [card(), card(claimed_by="U2"), card(answers=1), solved("Amend it."), card(closed_why="over")],
)
def test_a_notification_begins_with_the_question_and_calls_no_asker(shown: QuestionCard):
    told = question_card(replace(shown, text=ORDINARY), URL)

    assert told["text"].startswith(f"Bob Miller: {ORDINARY}\n")
    assert "<@U1>" not in str(told)


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        (next_is(steps.ASK), "If nobody takes it, I ask others <!date^1795424400^"),
        (next_is(steps.OPENS, asked=()), "is away or off work; I ask them <!date^"),
        (next_is(steps.HAND_OFF, hand_off_channel_id="C9"), "it goes to <#C9> <!date^"),
        (next_is(steps.REST), "the weekly digest brings it up again"),
        (next_is(steps.RELEASE, claimed_by="U2"), "If no reply comes, I ask others <!date^"),
        (card(stage=steps.HAND_OFF, hand_off_channel_id="C9"), "so it went to <#C9>"),
        (next_is(steps.GIVE_UP, stage=steps.REST), "so far. The weekly digest brings it"),
        (
            next_is(steps.GIVE_UP, stage=steps.REST, is_told_weekly=False),
            "Nobody could take it so far. If no answer comes, I close it <!date^",
        ),
        (next_is(steps.GIVE_UP, stage=steps.REST), "If no answer comes, I close it <!date^"),
        (
            next_is(steps.GIVE_UP, stage=steps.REST, asked=(), has_experts=False),
            "I could not ask anyone. Anybody can reply here. The weekly digest brings it up again.",
        ),
        (
            next_is(steps.OPENS, asked=(), has_experts=False),
            "here. Those who solved questions like this are away or off work; I ask them <!date^",
        ),
        (next_is(steps.GO_ON, answers=1), "If no other reply comes, I ask others <!date^"),
        (next_is(steps.SETTLE, answers=1), "If nobody says so, I close it <!date^"),
        (next_is(steps.REMIND, answers=1, counts_at=AT), "nobody objects, that counts <!date^"),
        (card(closed_why=closing.NO_ANSWER), "Closed: nobody could answer this so far."),
        (card(closed_why=closing.UNMARKED, answers=2), "Closed: it has 2 replies, and nobody"),
        (card(is_solved_elsewhere=True), "Bob Miller says that it is solved."),
        (next_is(steps.HAND_OFF, helpdesk=Helpdesk()), "it goes to the helpdesk <!date^"),
        (
            next_is(steps.HAND_OFF, hand_off_channel_id="C9", helpdesk=Helpdesk()),
            "it goes to <#C9> and the helpdesk <!date^",
        ),
        (handed_over(""), "Nobody could take it in time. It is on its way to the helpdesk."),
        (handed_over("", is_lost=True), "in time. I could not reach the helpdesk; whoever runs"),
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
        (
            card(stage=steps.HAND_OFF),
            "Anybody can reply here. Nobody could take it in time. Bob Miller can put",
        ),
    ],
)
def test_a_card_says_what_comes_next_and_when(shown: QuestionCard, said: str):
    assert said in str(question_card(shown, URL)["blocks"])


def test_a_card_says_why_these_were_asked():
    shown = str(question_card(card(), URL)["blocks"])

    assert "<@U2> solved 4 questions like this · <@U9> says to ask <@U3>" in shown


def test_what_can_be_pressed_follows_how_it_stands():
    def labels(shown: QuestionCard) -> list[str]:
        actions = question_card(shown, URL)["blocks"][-1]["elements"]
        return [each["text"]["text"] for each in actions if each["type"] == "button"]

    assert labels(card()) == ["I'll take it", "Not me", "Still stuck", "Not a question"]
    assert labels(card(claimed_by="U2")) == ["Give it back", "Still stuck", "Not a question"]
    assert labels(card(answers=1)) == ["I'll take it", "Still stuck", "Not a question"]


def test_what_was_posted_for_somebody_they_can_edit_and_delete():
    def entries(shown: QuestionCard) -> list[str]:
        menu = question_card(shown, URL)["blocks"][-1]["elements"][-1]
        return [each["text"]["text"] for each in menu["options"]]

    usual = ["Same as another question", "Change topic"]
    assert entries(card()) == usual
    assert entries(card(is_posted_for_asker=True)) == [
        *usual,
        "Edit what you asked",
        "Delete what you asked",
    ]
