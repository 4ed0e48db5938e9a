"""What an asker is offered in the thread, where they alone see it: to close their question, or to
open it again."""

from bot.questions.closing import Offer
from handlers.blocks.buttons import refuse_button
from handlers.blocks.experts.cards import MOMENT, OPEN_AGAIN, SAY_WHAT
from handlers.blocks.finding.find import DOUBT
from handlers.blocks.text import (
    Block,
    actions,
    button,
    context,
    date,
    link,
    message,
    permalink,
    plain_text,
    quote,
    section,
)

CLOSE_IT, SOLVED_ELSEWHERE = "close_question", "solved_elsewhere"
KEEP_ASKING, WHAT_IT_WAS = "keep_asking", "what_it_was"
IS_IT_OVER = "Do you need no answer to this any more?"
CLOSED = "Closed. If others may ask this too, you can say what it was; they will find it."
SOLVED = "Good. If others may ask this too, you can say what it was; they will find it."
GOES_ON = "Good, I will keep asking."
OPENED = "It is open again, and I am asking around."
OPEN_ALREADY = "It is already open."
DOES_NOT_WORK = (
    "That does not sound solved. I can open your question again and ask others, or ask those who "
    "know whether the answer is still true."
)
ASK_AGAIN = "Do you still need it? Then I will ask around once more."
MOST_WORDS = 3000


def close_offer(offer: Offer) -> Block:
    blocks = [section(IS_IT_OVER), quote(offer.text, most=300)]
    if offer.closes_at is not None:
        at = date(offer.closes_at, MOMENT)
        blocks.append(context(f"Nobody is asked meanwhile. If you say nothing, I close it {at}."))
    choices = actions(
        solved_elsewhere_button(offer.question_id, style="primary"),
        button("Close it", CLOSE_IT, offer.question_id),
        button("Keep asking", KEEP_ASKING, offer.question_id),
    )
    return message(IS_IT_OVER, [*blocks, choices])


def solved_elsewhere_button(question_id: int, *, style: str | None = None) -> Block:
    return button("It is solved", SOLVED_ELSEWHERE, question_id, style=style)


def closed(question_id: int, text: str = CLOSED) -> Block:
    """In place of the offer, once it is taken."""
    choices = actions(
        button("Say what it was", SAY_WHAT, question_id),
        button("Open again", OPEN_AGAIN, question_id),
    )
    return message(text, [section(text), choices])


def open_offer(offer: Offer) -> Block:
    """Where somebody else said that it is solved, their asker can say that it never was."""
    was_not_it = [refuse_button(offer.question_id)] if offer.is_others_word else []
    choices = actions(
        *was_not_it,
        button("Open again", OPEN_AGAIN, offer.question_id, style="primary"),
        button("No longer works", DOUBT, offer.question_id),
    )
    return message(DOES_NOT_WORK, [section(DOES_NOT_WORK), choices])


def unanswered_note(offer: Offer, workspace_url: str) -> Block:
    """A question that was told again for weeks is closed."""
    asked = link(permalink(workspace_url, offer.channel_id, offer.thread_ts), offer.text, 120)
    text = f"Nobody could answer your question so far, so I closed it: {asked}"
    open_again = button("Open again", OPEN_AGAIN, offer.question_id)
    return message(text, [section(text), context(ASK_AGAIN), actions(open_again)])


def what_it_was_modal(question_id: int) -> Block:
    return {
        "type": "modal",
        "callback_id": WHAT_IT_WAS,
        "private_metadata": str(question_id),
        "title": plain_text("What was it?"),
        "submit": plain_text("Keep"),
        "close": plain_text("Cancel"),
        "blocks": [
            {
                "type": "input",
                "block_id": "words",
                "label": plain_text("What solved it"),
                "hint": plain_text("It stands in the thread, and /find finds it."),
                "element": {
                    "type": "plain_text_input",
                    "action_id": "value",
                    "multiline": True,
                    "max_length": MOST_WORDS,
                },
            }
        ],
    }
