"""Making a reply from a gist: the window in which it is edited, and what is posted."""

import json
from collections.abc import Sequence

from bot.finding.gists import Waiting
from bot.questions.gist_replies import ToPost
from bot.text import clip, plain
from handlers.blocks.finding.gists import address_of
from handlers.blocks.text import (
    Block,
    called,
    context,
    inline,
    link,
    message,
    option,
    plain_text,
    profile,
    quote,
    section,
)

CALLBACK = "gist_reply"
MAX_REPLY = 2900
CHECK_IT = (
    "A language model wrote this from earlier answers. Make it yours: check it, change it, and it "
    "goes into the thread in your name."
)
EARLIER = "an earlier answer"  # its words are there alone, and go with it
MADE_WITH = "Made from earlier answers with the help of a language model, and looked through:"


def reply_modal(text: str, source_ids: Sequence[int], waiting: Sequence[Waiting]) -> Block:
    options = [option(plain(each.text), each.question_id) for each in waiting]
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "title": plain_text("Use it as a reply"),
        "submit": plain_text("Reply"),
        "close": plain_text("Cancel"),
        "private_metadata": json.dumps({"sources": list(source_ids)}),
        "blocks": [
            {
                "type": "input",
                "block_id": "question",
                "label": plain_text("To which question?"),
                "element": {
                    "type": "static_select",
                    "action_id": "value",
                    "options": options,
                    "initial_option": options[0],
                },
            },
            {
                "type": "input",
                "block_id": "reply",
                "label": plain_text("Your reply"),
                "element": {
                    "type": "plain_text_input",
                    "action_id": "value",
                    "multiline": True,
                    "max_length": MAX_REPLY,
                    "focus_on_load": True,
                    **({"initial_value": clip(text, MAX_REPLY)} if text else {}),
                },
            },
            context(CHECK_IT),
        ],
    }


def reply_message(user_id: str, text: str, post: ToPost, workspace_url: str) -> Block:
    """What the bot posts in the thread for who replies; it calls nobody."""
    who = profile(workspace_url, user_id, post.author)
    blocks = [section(f"*{who}* replies:"), quote(text, MAX_REPLY)]
    if post.sources:
        addresses = [address_of(each, workspace_url) for each in post.sources]
        named = [f"[{n}] {link(each, EARLIER)}" for n, each in enumerate(addresses, 1)]
        blocks.append(context("\n".join([MADE_WITH, *named])))
    return message(f"{called(user_id, post.author)}: {inline(text, 250)}", blocks)
