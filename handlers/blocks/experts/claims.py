"""What an expert reads after passing a question on."""

from handlers.blocks.text import (
    Block,
    actions,
    button,
    escape,
    mention,
    message,
    plain_text,
    section,
)

REFER, PAUSE = "refer_question", "pause_topic"


def passed(question_id: int, topic: str | None) -> Block:
    """After "Not me": who would know, and whether to ask about this at all."""
    text = "All right, I am asking others. Do you know who would know?"
    pick: Block = {
        "type": "users_select",
        "action_id": REFER,
        "placeholder": plain_text("Ask … instead"),
    }
    choices = actions(pick)
    choices["block_id"] = f"refer:{question_id}"
    if topic:
        choices["elements"].append(button("Pause this topic", PAUSE, question_id))
    return message(text, [section(text), choices])


def referred(user_id: str) -> str:
    return f"Thank you. I am asking {mention(user_id)}, and I remember it for the next time."


def asked_first(user_id: str) -> str:
    """They help on no topic yet."""
    who = mention(user_id)
    return f"Thank you. I ask {who} first whether they would help. Meanwhile I go on asking others."


def paused(topic: str | None) -> str:
    """`topic`: its name; None where it is gone."""
    if topic is None:
        return "That question has no topic any more."
    name = escape(topic)
    return f"Done. I ask you nothing about *{name}* until you say `/experts join {name}`."
