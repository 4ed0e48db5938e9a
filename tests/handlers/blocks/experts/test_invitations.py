"""Asking whom an admin named as an expert."""

from bot.experts.invitations import InvitationNote
from bot.hours import Hours
from handlers.blocks.experts.invitations import declined, invitation_note
from handlers.blocks.text import Block, sentence


def note(text: str = "Customs", **changes) -> Block:
    told = {"topic_id": 7, "topic": text[:60], "invited_by": "U9", "usergroup_id": None}
    told |= {"hours": Hours("Europe/Rome"), "daily_limit": 8}
    return invitation_note(InvitationNote(**{**told, **changes}))


MESSAGES = {
    "invitation": note,
    "invitation by a group": lambda text: note(text, usergroup_id="S1", hours=None),
    "invitation declined": lambda text: sentence(declined(text[:60], True)) | {"blocks": []},
}


def test_an_invitation_says_who_what_and_when_and_that_nobody_has_to():
    shown = str(note())

    assert "<@U9> would like you to help on *Customs*." in shown
    assert (
        "first Mon–Fri 9:00–18:00 in your time zone, and about 8 questions a day at most" in shown
    )
    assert "I ask you nothing until you say yes" in shown
    assert "from tomorrow on" in str(note(is_silence_yes=True))
    assert "in <#C1>" in str(note(channel_id="C1"))
