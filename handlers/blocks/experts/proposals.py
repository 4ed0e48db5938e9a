"""Asking somebody who keeps solving a topic's questions to be its expert; and their admins."""

from collections.abc import Sequence

from bot.experts.proposals import ProposalNote, Proposed
from handlers.blocks.text import (
    Block,
    actions,
    button,
    context,
    count,
    escape,
    header,
    mention,
    message,
    quote,
    section,
)

JOIN, DECLINE = "join_proposed", "decline_proposed"
MOST_QUOTED = 500  # characters
ADD, PUT_OFF = "add_proposed", "put_off_proposed"


def proposal_note(note: ProposalNote) -> Block:
    text, yes = why(note), "Yes, ask me" if note.question else "Join"
    quoted = [quote(note.question, most=MOST_QUOTED)] if note.question else []
    return message(
        text,
        [
            section(text),
            *quoted,
            actions(
                button(yes, JOIN, note.topic_id, style="primary"),
                button("No, thanks", DECLINE, note.topic_id),
            ),
            context("I ask this only once. `/experts leave` and the topic's name ends it again."),
        ],
    )


def why(note: ProposalNote) -> str:
    about = f"in <#{note.channel_id}>" if note.channel_id else f"about *{escape(note.topic)}*"
    if note.named_by:
        return (
            f"{mention(note.named_by)} says that you could help with this question. "
            f"May I ask you such questions {about}?"
        )
    if note.alike:
        like = "question like this" if note.alike == 1 else "questions like this"
        return f"You solved {note.alike} {like}. May I ask you when another comes {about}?"
    solved = count(note.solved, "question")
    return f"You solved {solved} {about} lately. Shall I ask you first when there are more?"


def proposed_blocks(proposed: Sequence[Proposed]) -> list[Block]:
    """In an admin's Home: who could help on a topic."""
    if not proposed:
        return []
    blocks = [header("Could help on a topic")]
    for each in proposed:
        value = f"{each.topic_id}:{each.user_id}"
        blocks += [
            section(proposed_line(each)),
            actions(
                button("Ask them to help", ADD, value),
                button("Not now", PUT_OFF, value),
            ),
        ]
    return blocks


def proposed_line(each: Proposed) -> str:
    solved = count(each.solved, "question")
    people = count(each.askers, "person", "people")
    return f"{mention(each.user_id)} solved {solved} about *{escape(each.topic)}* for {people}."


def declined(topic: str, is_declined: bool) -> str:
    """`is_declined`: False where they help on it already."""
    name = escape(topic)
    if not is_declined:
        return f"You help on *{name}* already. `/experts leave {name}` ends that."
    return f"All right, I will not bring up *{name}* again. Your replies are as welcome as before."
