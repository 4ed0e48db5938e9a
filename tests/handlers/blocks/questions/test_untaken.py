"""What an asker reads when nobody took their question."""

from bot.experts import steps
from bot.questions.untaken import UntakenNote
from handlers.blocks.questions.untaken import untaken_note
from handlers.blocks.text import Block
from tests.handlers.blocks.conftest import AT, ORDINARY, URL
from tests.handlers.blocks.experts.test_cards import card, handed_over


def resting(text: str) -> Block:
    still = card(text, stage=steps.REST, next_step=steps.GIVE_UP, next_at=AT)
    return untaken_note(UntakenNote(still, True), URL)


def gone_on(text: str, *, was_asked: bool = True) -> Block:
    there = card(text, stage=steps.HAND_OFF, hand_off_channel_id="C9")
    return untaken_note(UntakenNote(there, was_asked), URL)


MESSAGES = {
    "nobody took it": resting,
    "handed off, its asker hears": gone_on,
    "handed over, its asker hears": lambda text: untaken_note(
        UntakenNote(handed_over(text, is_told=True), True), URL
    ),
}


def test_an_asker_reads_where_it_went_and_what_comes():
    assert resting(ORDINARY)["text"].startswith(f"{ORDINARY}\nNobody has taken your question")
    assert "so it went to <#C9>." in gone_on(ORDINARY)["text"]
    assert "Nobody could be asked" in gone_on(ORDINARY, was_asked=False)["text"]
    assert "If no answer comes, I close it <!date^" in str(resting(ORDINARY)["blocks"])
