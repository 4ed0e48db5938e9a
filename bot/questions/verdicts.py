"""What a message in a help channel is, and what that means there: captured, its author asked
whether it is a question, waited for more, or passed over.

A channel's mode says how much of it is heard. Between what certainly asks and chatter stands
what we are unsure of; how much of that is captured unasked is the channel's boldness, which is
learned from what authors say (`bot/questions/unsure.py`)."""

import re
from enum import Enum, StrEnum

from bot.detection import Asks, asks, asks_beside_file, is_chatter
from bot.text import Message

EVERYTHING, ASKING, CALLED = "everything", "asking", "called"  # but chatter; what asks; by name
MODES = (EVERYTHING, ASKING, CALLED)

POINTS_DOWN = re.compile(
    r"(?:\s|:point_down(?:::skin-tone-\d|_tone\d)?:|👇[\U0001f3fb-\U0001f3ff]?)+"
)


class Kind(StrEnum):
    """What a message is, from what surely asks to what surely does not."""

    REQUEST = "request"
    UNSURE = "unsure"
    BARE = "bare"  # files without a word
    PLAIN = "plain"  # nothing in it asks, but it is no chatter either
    TO_ASK = "to ask"  # asks only whether one may ask
    POINTER = "pointer"  # 👇: what it is about comes in its thread
    CHATTER = "chatter"


class Verdict(Enum):
    CAPTURE = "capture"
    WONDER = "wonder"  # ask its author
    AWAIT = "await"  # what its author says next, or in its thread, may be the question
    PASS = "pass"


STEPS = {Kind.REQUEST: 0, Kind.UNSURE: 1, Kind.BARE: 1, Kind.PLAIN: 2}  # of boldness it takes
BOLDEST = 2
ASKABLE = (Kind.REQUEST, Kind.UNSURE, Kind.BARE, Kind.PLAIN)
AWAITING = (Kind.BARE, Kind.TO_ASK, Kind.POINTER)  # what its author says next belongs to


def verdict_of(message: Message, *, mode: str, boldness: int) -> tuple[Kind, Verdict]:
    """What the message is, and what is done about it in such a channel."""
    if mode == CALLED:
        return Kind.CHATTER, Verdict.PASS
    boldness = BOLDEST if mode == EVERYTHING else boldness
    kind = kind_of(message)
    if kind in (Kind.TO_ASK, Kind.POINTER):
        return kind, Verdict.AWAIT
    beyond = STEPS.get(kind, BOLDEST + 2) - boldness
    if kind is Kind.PLAIN and beyond <= 1 and is_chatter(words_of(message)):
        return Kind.CHATTER, Verdict.PASS
    if beyond <= 0:
        return kind, Verdict.CAPTURE
    return kind, Verdict.WONDER if beyond == 1 else Verdict.PASS


def kind_of(message: Message) -> Kind:
    """What its words and files say; what asks nothing is PLAIN here, chatter too."""
    words = words_of(message)
    if not words.strip():
        return Kind.BARE if message.has_files else Kind.CHATTER
    if POINTS_DOWN.fullmatch(words):
        return Kind.BARE if message.has_files else Kind.POINTER
    match asks(words):
        case Asks.TO_ASK if not message.has_files:
            return Kind.TO_ASK
        case Asks.CERTAINLY:
            return Kind.REQUEST
        case Asks.UNSURE:
            return Kind.REQUEST if message.has_files else Kind.UNSURE
        case _ if message.has_files:
            return beside_files(words)
    return Kind.PLAIN


def beside_files(words: str) -> Kind:
    """Few words are enough where a picture says the rest."""
    if asks_beside_file(words):
        return Kind.REQUEST
    return Kind.PLAIN if is_chatter(words) else Kind.UNSURE


def words_of(message: Message) -> str:
    """What was written, and what snippets say, as code."""
    written = "" if message.is_wordless else message.text
    snippets = [f"```{each.words}```" for each in message.files if each.words]
    return "\n".join([written, *snippets])
