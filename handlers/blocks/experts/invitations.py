"""Asking somebody whom an admin named as an expert; telling those who are one by a user group."""

from bot.experts.invitations import InvitationNote
from handlers.blocks.text import (
    Block,
    actions,
    button,
    context,
    count,
    escape,
    mention,
    message,
    section,
)
from handlers.blocks.times import hours_in_words

ACCEPT, REFUSE, CHOOSE_WHEN = "accept_invitation", "refuse_invitation", "choose_when"


def invitation_note(note: InvitationNote) -> Block:
    return role_note(note) if note.usergroup_id else question_note(note)


def question_note(note: InvitationNote) -> Block:
    text = (
        f"{mention(note.invited_by)} would like you to help {about(note)}. "
        "May I ask you when somebody has a question?"
    )
    return message(
        text,
        [
            section(text),
            section(what_happens(note)),
            actions(
                button("Yes, ask me", ACCEPT, note.topic_id, style="primary"),
                button("Choose when", CHOOSE_WHEN, note.topic_id),
                button("No, thanks", REFUSE, note.topic_id),
            ),
            context(until_then(note)),
        ],
    )


def role_note(note: InvitationNote) -> Block:
    text = (
        f"{mention(note.invited_by)} made <!subteam^{note.usergroup_id}> experts "
        f"{about(note)}, so questions can reach you too."
    )
    return message(
        text,
        [
            section(text),
            section(what_happens(note)),
            actions(
                button("Choose when", CHOOSE_WHEN, note.topic_id),
                button("No, thanks", REFUSE, note.topic_id),
            ),
            context("You need not do anything. I tell you this only once."),
        ],
    )


def about(note: InvitationNote) -> str:
    return f"in <#{note.channel_id}>" if note.channel_id else f"on *{escape(note.topic)}*"


def what_happens(note: InvitationNote) -> str:
    most = count(note.daily_limit, "question")
    if note.hours is None:
        return (
            f"I ask a few people at a time, you about {most} a day at most. Nobody has to answer: "
            "one press passes a question on, and you can be away whenever you like."
        )
    return (
        f"I ask a few people at a time, you first {hours_in_words(note.hours)} in your time zone, "
        f"and about {most} a day at most. Nobody has to answer: one press passes a question on, "
        "and you can be away whenever you like."
    )


def until_then(note: InvitationNote) -> str:
    if note.is_silence_yes:
        return "If I hear nothing from you, questions reach you from tomorrow on."
    return "I ask you nothing until you say yes, and I do not remind you of this."


def declined(topic: str, is_declined: bool) -> str:
    """`is_declined`: False where they help on it already."""
    name = escape(topic)
    if not is_declined:
        return f"You help on *{name}* already. `/experts leave {name}` ends that."
    return (
        f"All right, you are not asked about *{name}*. "
        "If you change your mind, App Home has it among the topics you can join."
    )
