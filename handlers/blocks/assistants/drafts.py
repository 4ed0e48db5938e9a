"""A question that an assistant wrote, for its person to ask, to change, or to leave."""

from bot.assistants.drafts import ASKED, REFUSED, DraftView
from handlers.blocks.questions.ask import question_input
from handlers.blocks.text import (
    Block,
    actions,
    button,
    context,
    escape,
    inline,
    link,
    listed,
    mention,
    message,
    permalink,
    plain_text,
    quote,
    section,
)

ASK, CHANGE, REFUSE = "ask_drafted", "change_drafted", "refuse_drafted"
CALLBACK = "change_drafted"
NAMED = 4  # people
NOTHING_YET = (
    "Nothing is posted unless you press *Ask them*. If you do, it says that an assistant wrote it."
)


def draft_card(draft: DraftView, workspace_url: str) -> Block:
    assistant = inline(draft.assistant, 60)
    if draft.state == ASKED:
        return asked(draft, assistant, workspace_url)
    if draft.state == REFUSED:
        text = f"Not asked: the question that *{assistant}* drafted for you."
        return message(text, [section(text)])
    text = f":robot_face: *{assistant}* drafted a question for you."
    blocks = [section(text), quote(draft.text, 2800), context(where(draft)), context(NOTHING_YET)]
    buttons = [
        button("Ask them", ASK, draft.draft_id, style="primary"),
        button("Change it first", CHANGE, draft.draft_id),
        button("Don't ask", REFUSE, draft.draft_id),
    ]
    return message(text, [*blocks, actions(*buttons)])


def asked(draft: DraftView, assistant: str, workspace_url: str) -> Block:
    address = permalink(workspace_url, draft.channel_id, draft.thread_ts)
    text = f"{link(address, 'Asked for you')}: the question that *{assistant}* drafted."
    return message(text, [section(text)])


def where(draft: DraftView) -> str:
    """Where it would be asked, and whom it would reach."""
    place = f"<#{draft.channel_id}>"
    if not draft.able:
        return f"It would stand in {place}, where anybody can reply. Nobody would be called now."
    shown = [mention(each) for each in draft.able[:NAMED]]
    more = len(draft.able) - len(shown)
    people = listed([*shown, f"{more} more"] if more else shown)
    if draft.topic:
        topic = escape(draft.topic)
        return f"It would stand in {place}, and go to some of those who know *{topic}*: {people}."
    return f"It would stand in {place}, and go to some of those who help there: {people}."


def change_modal(draft: DraftView, words: str) -> Block:
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "title": plain_text("Ask the experts"),
        "submit": plain_text("Ask"),
        "close": plain_text("Cancel"),
        "private_metadata": str(draft.draft_id),
        "blocks": [question_input(words), context(f"It is asked in <#{draft.channel_id}>.")],
    }
