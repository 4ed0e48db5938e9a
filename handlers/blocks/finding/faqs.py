"""An FAQ entry: the modal in which a sponsor edits the draft, and the message."""

import json

from bot.finding.faqs import MAX_ANSWER, MAX_QUESTION, FaqDraft, FaqEntry
from handlers.blocks.text import (
    Block,
    context,
    inline,
    mention,
    message,
    permalink,
    plain_text,
    quote,
    section,
)

CALLBACK = "faq_entry"


def faq_modal(draft: FaqDraft) -> Block:
    blocks = [
        words_input("question", "Question", draft.question, MAX_QUESTION),
        words_input("answer", "Answer", draft.answer, MAX_ANSWER),
        context(
            "It is posted in your name in the channel where this was asked. There, anybody "
            "can pin it to the channel."
        ),
    ]
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "title": plain_text("FAQ entry"),
        "submit": plain_text("Post"),
        "close": plain_text("Cancel"),
        "private_metadata": json.dumps({"question_id": draft.question_id}),
        "blocks": blocks,
    }


def words_input(block_id: str, label: str, value: str, most: int) -> Block:
    element: Block = {
        "type": "plain_text_input",
        "action_id": "value",
        "multiline": True,
        "max_length": most,
    }
    if value:
        element["initial_value"] = value
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain_text(label),
        "element": element,
    }


def faq_message(entry: FaqEntry, question: str, answer: str, workspace_url: str) -> Block:
    text = f":bookmark: {mention(entry.written_by)} wrote this up, because many people asked it:"
    asked = inline(question, MAX_QUESTION)
    address = permalink(workspace_url, entry.channel_id, entry.thread_ts)
    where = [context(f"<{address}|Where it was solved>")] if address else []
    shown = [section(f"{text}\n*{asked}*"), quote(answer, MAX_ANSWER), *where]
    return message(f"{text} {asked}", shown)
