"""A question handed to the helpdesk, in Slack and outside."""

from bot.experts.hand_offs import HandOff, HandOffCall, LostHandOff, Named
from handlers.blocks.experts.hand_offs import call_body, hand_off_message, lost_note
from handlers.blocks.text import Block
from tests.handlers.blocks.conftest import AT, URL


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


def lost(text: str, *, is_known_there: bool = False) -> Block:
    return lost_note(LostHandOff("U9", text[:60], "C1", "1.0", is_known_there), text[:90], URL)


MESSAGES = {
    "lost hand-off": lambda text: lost(text),
    "lost follow-up": lambda text: lost(text, is_known_there=True),
    "handed off": lambda text: handed_off(text),
    "handed off, private": lambda text: handed_off(None),
    "handed off and taken": lambda text: handed_off(text, claimed_by="U2"),
    "handed off and solved": lambda text: handed_off(text, is_solved=True),
    "handed off and withdrawn": lambda text: handed_off(text, is_withdrawn=True),
    "merged hand-off": lambda text: handed_off(text, is_merged=True),
}


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
