"""What an asker reads when nobody took their question."""

from bot.experts import steps
from bot.experts.nudges import UNTAKEN
from bot.questions.untaken import UntakenNote
from handlers.blocks.buttons import mute_button
from handlers.blocks.experts.cards import MOMENT, begun, hand_off_place
from handlers.blocks.questions.closing import CLOSE_IT, solved_elsewhere_button
from handlers.blocks.text import (
    Block,
    actions,
    button,
    context,
    date,
    link,
    message,
    permalink,
    section,
)


def untaken_note(note: UntakenNote, workspace_url: str) -> Block:
    card = note.card
    address = permalink(workspace_url, card.channel_id, card.thread_ts)
    text = what_became(note)
    choices = actions(
        solved_elsewhere_button(card.question_id),
        button("Close it", CLOSE_IT, card.question_id),
        mute_button("No more of these", UNTAKEN),
    )
    asked = section(f"*{link(address, card.text, 200)}*")
    return message(
        begun("", card.text, text), [asked, section(text), context(what_next(note)), choices]
    )


def what_became(note: UntakenNote) -> str:
    card = note.card
    if card.stage == steps.HAND_OFF and note.was_anybody_asked:
        return f"Nobody took your question in time, so it went to {hand_off_place(card)}."
    if card.stage == steps.HAND_OFF:
        return f"Nobody could be asked about your question, so it went to {hand_off_place(card)}."
    return "Nobody has taken your question so far, and nobody is left to ask."


def what_next(note: UntakenNote) -> str:
    card = note.card
    if card.stage == steps.HAND_OFF:
        return "The answer comes in its thread. Anybody can still reply there."
    at = f"{date(card.next_at, MOMENT)}" if card.next_at else "later"
    if card.is_told_weekly:
        return f"The weekly digest brings it up again. If no answer comes, I close it {at}."
    return f"Anybody can still reply in its thread. If no answer comes, I close it {at}."
