"""Private reminders of what somebody took; and the button under every reminder."""

from bot.experts.nudges import CLAIM, ClaimNote
from handlers.blocks import buttons
from handlers.blocks.experts.cards import MOMENT, PASS
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

KEEP = "keep_claim"
RELEASED = (
    "No reply came to {} yet, so I am asking others too. "
    "That is fine; if you still get to it, just reply there."
)
STUCK_RELEASED = (
    "{} is not solved yet, so I am asking others too. "
    "That is fine; if you still get to it, just reply there."
)
NO_MORE = "Done: no more reminders of this kind."


def mute_button(kind: str) -> Block:
    return actions(buttons.mute_button("No more reminders", kind))


def claim_nudge(note: ClaimNote, workspace_url: str) -> Block:
    asked = question_link(note, workspace_url)
    if note.claimed_at is None:
        return message("You are no longer on it.", [section("You are no longer on it.")])
    until = f" {date(note.released_at, MOMENT)}" if note.released_at else " later"
    text = (
        f"You took {asked}. It is not solved yet: are you still on it?"
        if note.is_stuck
        else f"You took {asked}. It has no reply yet: are you still on it?"
    )
    return message(
        text,
        [
            section(text),
            context(f"If no reply comes, I ask others{until}."),
            actions(
                button("Still on it", KEEP, note.question_id, style="primary"),
                button("Ask others", PASS, note.question_id),
                buttons.mute_button("No more reminders", CLAIM),
            ),
        ],
    )


def released_note(note: ClaimNote, workspace_url: str) -> Block:
    asked = question_link(note, workspace_url)
    text = STUCK_RELEASED.format(asked) if note.is_stuck else RELEASED.format(asked)
    return message(text, [section(text), mute_button(CLAIM)])


def question_link(note: ClaimNote, workspace_url: str) -> str:
    return link(permalink(workspace_url, note.channel_id, note.thread_ts), note.text, 120)


def kept(is_theirs: bool) -> str:
    """`is_theirs`: whether the claim still was theirs."""
    return "Good, it is yours." if is_theirs else "Others are on it now. You can still reply."
