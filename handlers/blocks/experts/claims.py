"""What an expert reads after passing a question on."""

from bot.experts import claims
from bot.experts.claims import ANSWERED, OVER, TAKEN, Passed
from handlers.blocks.experts.cards import MOMENT
from handlers.blocks.text import (
    Block,
    actions,
    button,
    date,
    escape,
    mention,
    message,
    plain_text,
    section,
)

REFER, PAUSE = "refer_question", "pause_topic"
WHO_WOULD_KNOW = "Do you know who would know?"


def passed(question_id: int, done: Passed) -> Block:
    """After "Not me" or "Give it back": what comes of it, who would know, and whether to ask them
    about this at all."""
    text = what_now(done)
    if done.what_now in (OVER, TAKEN, ANSWERED):
        return message(text, [section(text)])
    pick: Block = {
        "type": "users_select",
        "action_id": REFER,
        "placeholder": plain_text("Ask … instead"),
    }
    choices = actions(pick)
    choices["block_id"] = f"refer:{question_id}"
    if done.topic:
        choices["elements"].append(button("Pause this topic", PAUSE, question_id))
    return message(text, [section(text), section(WHO_WOULD_KNOW), choices])


def what_now(done: Passed) -> str:
    at = date(done.next_at, MOMENT) if done.next_at else ""
    match done.what_now:
        case claims.OVER:
            return "All right. Nobody needs to take it any more."
        case claims.TAKEN if done.by:
            return f"All right. {mention(done.by)} is on it."
        case claims.ANSWERED:
            return "All right. Somebody has replied, so I ask nobody else for now."
        case claims.ASKED:
            return "All right, I have asked others."
        case claims.WAITS:
            return "All right. Others were asked too, and can still take it."
        case claims.OPENS:
            return f"All right. Nobody else can be asked right now; I ask others {at}."
        case claims.HANDED_OFF:
            return "All right. You were the last who could be asked, so it went to the helpdesk."
    return "All right. Nobody else is left to ask; it stays open, and anybody can still reply."


def referred(user_id: str) -> str:
    return f"Thank you. I am asking {mention(user_id)}, and I remember it for the next time."


def asked_first(user_id: str) -> str:
    """They help on no topic yet."""
    who = mention(user_id)
    return f"Thank you. I am asking {who} first whether they would help, and others meanwhile."


def paused(topic: str | None) -> str:
    """`topic`: its name; None where it is gone."""
    if topic is None:
        return "That question has no topic any more."
    name = escape(topic)
    return f"Done. I ask you nothing about *{name}* until you say `/experts join {name}`."
