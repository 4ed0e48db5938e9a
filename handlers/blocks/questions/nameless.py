"""Asking without a name: what the asker sees in private, and what an admin sees who looks."""

from collections.abc import Sequence

from bot.questions.nameless import MAX_REASON, Asked, Reply, Thread
from handlers.blocks.experts.availability import choice_input, field
from handlers.blocks.experts.cards import STUCK
from handlers.blocks.questions.closing import CLOSE_IT, solved_elsewhere_button
from handlers.blocks.questions.marking import MARK_REPLY
from handlers.blocks.text import (
    Block,
    actions,
    button,
    context,
    described,
    escape,
    inline,
    link,
    mention,
    message,
    option,
    permalink,
    plain_text,
    quote,
    section,
)

SAY, LOOK = "nameless_say", "nameless_look"
SAY_CALLBACK, LOOK_CALLBACK = "nameless_say", "nameless_look"
MAX_WORD = 3000  # what a text input takes
COMES = (
    "Your question comes into the channel within ten minutes, as “the asker asks”. I tell you here "
    "when it is there, and what people reply."
)
SAID = "I post that in the thread in a moment, as “the asker”."
BLOCKED = "Done. Whoever it was cannot ask without a name any more. Who that is, nobody looked."
HOW = {"look": "See who it was. They are told that you looked, and why", "block": "Block them"}
ALLOWED = {
    True: "In #{name} one can ask without a name now: `/ask`, and then “Without my name”.",
    False: "In #{name} one cannot ask without a name any more.",
}


def nameless_input() -> Block:
    """In the `/ask` modal."""
    choice = described("Without my name", "on", "It comes within ten minutes; replies reach you")
    boxes: Block = {"type": "checkboxes", "action_id": "value", "options": [choice]}
    return field("nameless", "Who asks", boxes)


def switched(name: str, *, is_allowed: bool) -> str:
    return ALLOWED[is_allowed].format(name=escape(name))


def posted_note(thread: Thread, question_id: int, workspace_url: str) -> Block:
    address = permalink(workspace_url, thread.channel_id, thread.thread_ts)
    text = f"{link(address, 'Your question')} is in <#{thread.channel_id}>, without your name."
    why = (
        "I send you what people reply, and you answer here. If you write in the thread yourself, "
        "everybody sees that it is you. If you help on its topic you may be asked to take it, as "
        "everybody else: that you were not would give you away."
    )
    return message(text, [section(text), what_now(question_id), context(why)])


def what_now(question_id: int) -> Block:
    return actions(
        button("Say more", SAY, question_id, style="primary"),
        button("Still stuck", STUCK, question_id),
        solved_elsewhere_button(question_id),
        button("Close it", CLOSE_IT, question_id),
    )


def reply_note(reply: Reply, workspace_url: str) -> Block:
    address = permalink(workspace_url, reply.channel_id, reply.message_ts, reply.thread_ts)
    text = f"{mention(reply.author_id)} {link(address, 'replied')} to your question:"
    worked = button("This worked", MARK_REPLY, f"{reply.question_id}:{reply.answer_id}")
    return message(
        text,
        [
            section(text),
            quote(reply.text),
            actions(
                {**worked, "style": "primary"},
                button("Say more", SAY, reply.question_id),
                button("Still stuck", STUCK, reply.question_id),
            ),
        ],
    )


def say_modal(question_id: int) -> Block:
    words: Block = {
        "type": "plain_text_input",
        "action_id": "value",
        "multiline": True,
        "max_length": MAX_WORD,
    }
    return {
        "type": "modal",
        "callback_id": SAY_CALLBACK,
        "title": plain_text("Say more"),
        "submit": plain_text("Post it"),
        "close": plain_text("Cancel"),
        "private_metadata": str(question_id),
        "blocks": [
            {
                **field("words", "I post this in the thread, as “the asker”", words),
                "optional": False,
            }
        ],
    }


def word(text: str) -> Block:
    """What the asker says, in the thread."""
    return message("The asker says more:", [section("*The asker says more:*"), quote(text, 2900)])


def looked_note(by: str, reason: str) -> Block:
    text = (
        f"{mention(by)}, an admin, looked who asked a question without a name, and it was you. "
        f"They wrote why: “{inline(reason, MAX_REASON)}”. It is in the audit too."
    )
    return message(text, [section(text)])


def look_modal(asked: Sequence[Asked]) -> Block:
    if not asked:
        return {
            "type": "modal",
            "title": plain_text("Asked without a name"),
            "close": plain_text("Close"),
            "blocks": [
                section(
                    "Nobody asked without a name, as far as you can read. "
                    "`/askaround channel nameless on` allows it in a channel."
                )
            ],
        }
    menu: Block = {
        "type": "static_select",
        "action_id": "value",
        "options": [option(inline(each.text, 70), each.question_id) for each in asked],
    }
    reason: Block = {
        "type": "plain_text_input",
        "action_id": "value",
        "max_length": MAX_REASON,
    }
    return {
        "type": "modal",
        "callback_id": LOOK_CALLBACK,
        "title": plain_text("Asked without a name"),
        "submit": plain_text("Do it"),
        "close": plain_text("Cancel"),
        "blocks": [
            {**field("question", "Which question", menu), "optional": False},
            choice_input("how", "What", HOW, "block"),
            {
                **field("reason", "Why", reason, hint="It stays in the audit."),
                "optional": False,
            },
        ],
    }


def found(user_id: str) -> str:
    return f"It was {mention(user_id)}. They are told that you looked, and why."
