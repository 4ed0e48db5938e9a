"""Whether a message in a help channel asks for help or information: rules only, no model.

A message is reduced to the prose its author wrote (no code, quotes, links, emoji), split into
sentences, and each sentence is held against the signals below. Some signals speak for
themselves ("does anyone know"); the others count only in a message that does not read like an
answer, because "?" alone is as often part of a discussion as it is the start of one.
"""

from bot.detection.phrases import (
    ADVERTS,
    ASKING_INSIDE,
    CJK,
    CJK_QUESTIONS,
    CJK_SOCIAL,
    CLOSING_APPEALS,
    COUNTER_QUESTIONS,
    INTERROGATIVES,
    NEWS,
    NOT_YET,
    POINTING_BACK,
    REPLIES,
    REQUESTS,
    SOCIAL,
    STATEMENTS,
    TAGS,
    THANKS,
    TROUBLE,
    WORKED,
)
from bot.detection.prose import ADDRESSED, prose_of, sentences_of
from bot.detection.thin import is_thin

__all__ = ["asks_something", "is_thin", "says_it_works", "why_it_asks"]

LOOK_AT_CHARACTERS = 4_000  # what a person types into Slack at most; more is a pasted file
SHORTEST_QUESTION_WORDS = 3
SHORTEST_QUESTION_CHARACTERS = 5  # in scripts that put no space between words
SHORTEST_REPORT_WORDS = 5
THANKED_WITHIN = 4  # sentences; a longer reply tells more than that it worked


def asks_something(text: str) -> bool:
    """True if this top-level Slack message (mrkdwn) opens a request for help or information."""
    return why_it_asks(text) is not None


def why_it_asks(text: str) -> str | None:
    """Which signal makes this message a question: request, question or trouble; else None."""
    text = text[:LOOK_AT_CHARACTERS]
    addressed = ADDRESSED.match(text) is not None
    sentences = list(sentences_of(prose_of(text)))
    if not sentences or THANKS.match(sentences[0]) or NEWS.search(sentences[0]):
        return None

    if any(map(is_request, sentences)) or any(map(CLOSING_APPEALS.fullmatch, sentences[1:])):
        return "request"
    if REPLIES.match(sentences[0]) or POINTING_BACK.match(sentences[0]):
        return None
    if any(map(is_question, sentences)):
        return "question"
    if not addressed and any(map(is_trouble, sentences)):
        return "trouble"
    return None


def says_it_works(text: str) -> bool:
    """True if an asker's reply says thanks, or that it works now, and nothing is left to ask."""
    sentences = list(sentences_of(prose_of(text[:LOOK_AT_CHARACTERS])))[:THANKED_WITHIN]
    if any(each.endswith("?") or NOT_YET.search(each) for each in sentences):
        return False
    return any(THANKS.match(each) or WORKED.search(each) for each in sentences)


def is_request(sentence: str) -> bool:
    if CJK.search(sentence):
        return bool(CJK_QUESTIONS.search(sentence)) and not CJK_SOCIAL.search(sentence)
    return bool(REQUESTS.search(sentence)) and not is_idle(sentence)


def is_question(sentence: str) -> bool:
    if is_interrogative(sentence):
        return True
    if not sentence.endswith("?") or not could_open(sentence) or TAGS.search(sentence):
        return False
    return not STATEMENTS.match(sentence) or bool(ASKING_INSIDE.search(sentence))


def is_interrogative(sentence: str) -> bool:
    """Built like a question, whatever its punctuation."""
    return could_open(sentence) and bool(INTERROGATIVES.match(sentence))


def could_open(sentence: str) -> bool:
    """Long enough to say what about, and neither small talk nor asking back."""
    if not is_long_enough(sentence) or is_idle(sentence):
        return False
    return not COUNTER_QUESTIONS.match(sentence)


def is_trouble(sentence: str) -> bool:
    return len(sentence.split()) >= SHORTEST_REPORT_WORDS and bool(TROUBLE.search(sentence))


def is_long_enough(sentence: str) -> bool:
    if CJK.search(sentence):
        return len(sentence) >= SHORTEST_QUESTION_CHARACTERS
    return len(sentence.split()) >= SHORTEST_QUESTION_WORDS


def is_idle(sentence: str) -> bool:
    """Small talk, an invitation, or an advert dressed as a question."""
    return bool(SOCIAL.search(sentence) or CJK_SOCIAL.search(sentence) or ADVERTS.match(sentence))
