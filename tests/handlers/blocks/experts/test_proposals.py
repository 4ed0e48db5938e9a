"""Asking somebody whether they want to be asked."""

from bot.experts.proposals import ProposalNote, Proposed
from handlers.blocks.community.home import home_view
from handlers.blocks.experts.proposals import proposal_note
from handlers.blocks.text import Block
from tests.handlers.blocks.community.test_home import home


def proposed(text: str) -> Block:
    return proposal_note(ProposalNote(7, text[:60], "U2", 3))


MESSAGES = {"proposal": proposed}


def test_a_proposal_tells_how_much_and_never_what():
    shown = home_view(home(proposed=(Proposed(7, "Customs", "U2", 3, 2),)))

    assert "<@U2> solved 3 questions about *Customs* for 2 people." in str(shown)
    assert proposed("Customs")["text"] == (
        "You solved 3 questions about *Customs* lately. Shall I ask you first when there are more?"
    )
