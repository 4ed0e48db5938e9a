"""What people write once a question is asked: its asker, and those who reply."""

import re
from enum import Enum

from bot.detection.prose import STRUCK
from bot.detection.reading import Reading, Sentence, read

READ_SENTENCES = 6  # a longer reply tells more than how it went
UNREAD_WORDS_BESIDE_THANKS = 3  # "Thanks Ken. That page is gone" says something after its thanks
UNREAD_WORDS_OF_AN_ANSWER = 4
NOTHING_NEW = (
    "me_too",
    "no_answer",
    "passes_on",
    "thanks",
    "thanked",
    "onset",
    "request",
    "appeal",
)
EDIT_MARKS = re.compile(
    r"(?im)^[ \t*_]{0,5}(?:edit|update|edited|upd)[*_ ]{0,3}\d?[*_ ]{0,3}[:,–-]"
)
CLAUSE_ENDS = re.compile(r"[,;:.!?\n()\[\]–—]")
SARCASTIC_EMOJI = frozenset(
    (
        "roll_eyes",
        "face_with_rolling_eyes",
        "unamused",
        "upside_down_face",
        "expressionless",
        "clap",
    )
)
GLAD_EMOJI = frozenset(("pray", "tada", "raised_hands", "heart", "partying_face", "100"))
SAME_HERE_EMOJI = frozenset(("+1", "thumbsup", "raising_hand", "hand", "raised_hand", "point_up"))


class Afterwards(Enum):
    """What an asker's own words say about their question."""

    WORKS = "works"
    LATER = "later"  # will try it, thanks for the effort: nothing is known yet
    PARTLY_OR_NO = "partly or no"  # still stuck, a new error, sarcasm
    OVER = "over"  # found it alone, never mind, wrong channel
    BROKE_AGAIN = "broke again"
    UNSURE = "unsure"


class Reply(Enum):
    """What somebody else's reply to a question is."""

    ANSWER_OR_QUESTION_BACK = "answer or question back"
    ME_TOO = "me too"
    NO_ANSWER = "no answer"  # following, bump, no idea, do you know?


def said_by_asker(text: str) -> Afterwards:
    """What this message (mrkdwn) of an asker, or their question as edited, says afterwards."""
    message = read(after_edit_mark(text), afterwards=True)
    sentences = message.sentences[:READ_SENTENCES]
    if not sentences and STRUCK.search(text):
        return Afterwards.OVER
    if not sentences:
        return Afterwards.WORKS if message.prose.emoji & GLAD_EMOJI else Afterwards.UNSURE
    for judgement in (
        is_sarcastic,
        is_broken_again,
        is_over,
        is_left_open,
        is_for_later,
        is_solved,
    ):
        if (said := judgement(message, sentences)) is not None:
            return said
    return Afterwards.UNSURE


def says_it_works(text: str) -> bool:
    """True if an asker's reply says that it works now and nothing is left to ask."""
    return said_by_asker(text) is Afterwards.WORKS


def takes_back(text: str, before: str) -> bool:
    """Whether an edit of a question says that it needs no answer any more: all of it is gone or
    struck out, or what the edit adds says so. Thanks alone do not."""
    if not has_words(text):
        return has_words(before)
    if said_by_asker(text) is Afterwards.OVER:
        return said_by_asker(before) is not Afterwards.OVER
    added = after_edit_mark(text.replace(before, " ") if before.strip() else text)
    first = next((each for each in CLAUSE_ENDS.split(added) if has_words(each)), "")
    is_ended = said_by_asker(first) in (Afterwards.OVER, Afterwards.WORKS)
    is_said = read(first, afterwards=True).says("works", "solved", "over")
    return is_ended and is_said and said_by_asker(added) is not Afterwards.PARTLY_OR_NO


def has_words(text: str) -> bool:
    return any(sign.isalnum() for sign in text)


def asks_back(text: str) -> bool:
    """Whether a reply that counts wants to know something of who asked."""
    return any(each.is_asked for each in read(text, afterwards=True).sentences)


def said_by_another(text: str) -> Reply:
    """What this reply (mrkdwn) by somebody other than the asker is."""
    message = read(text, afterwards=True)
    if not message.sentences:
        is_nod = bool(message.prose.emoji) and not message.prose.code
        if message.prose.emoji & SAME_HERE_EMOJI:
            return Reply.ME_TOO
        return Reply.NO_ANSWER if is_nod or not text.strip() else Reply.ANSWER_OR_QUESTION_BACK
    if message.prose.code or any(map(says_how, message.sentences)):
        return Reply.ANSWER_OR_QUESTION_BACK
    first = message.sentences[0]
    if first.says("passes_on") or (message.prose.is_addressed and asks_whether_known(first)):
        return Reply.NO_ANSWER
    if message.says("me_too") and all(map(adds_nothing, message.sentences)):
        return Reply.ME_TOO
    if all(each.says("no_answer", "passes_on", "thanks") for each in message.sentences):
        return Reply.NO_ANSWER
    return Reply.ANSWER_OR_QUESTION_BACK


# --- the asker


def is_sarcastic(message: Reading, sentences: list[Sentence]) -> Afterwards | None:
    rolls_eyes = bool(message.prose.emoji & SARCASTIC_EMOJI)
    return Afterwards.PARTLY_OR_NO if rolls_eyes or message.says("sarcasm") else None


def is_broken_again(message: Reading, sentences: list[Sentence]) -> Afterwards | None:
    return Afterwards.BROKE_AGAIN if message.says("broke_again") else None


def is_over(message: Reading, sentences: list[Sentence]) -> Afterwards | None:
    if not message.says("over") or message.says("works", "still_stuck"):
        return None
    return Afterwards.OVER


def is_left_open(message: Reading, sentences: list[Sentence]) -> Afterwards | None:
    if message.says("still_stuck"):
        return Afterwards.PARTLY_OR_NO
    if any(map(asks_on, sentences)):
        return Afterwards.UNSURE
    if any(each.says("failing") for each in sentences):
        is_partly = message.says("works", "solved", "thanked")
        return Afterwards.PARTLY_OR_NO if is_partly else Afterwards.UNSURE
    return None


def is_for_later(message: Reading, sentences: list[Sentence]) -> Afterwards | None:
    if message.says("works", "solved") or not message.says("later"):
        return None
    return Afterwards.LATER


def is_solved(message: Reading, sentences: list[Sentence]) -> Afterwards | None:
    if message.says("works", "solved"):
        return Afterwards.WORKS
    unread = sum(each.words_unread("thanked", "still_fine", "later") for each in sentences)
    if message.says("thanked") and unread < UNREAD_WORDS_BESIDE_THANKS:
        return Afterwards.WORKS
    return None


def asks_on(sentence: Sentence) -> bool:
    if sentence.says("tag", "rhetoric"):
        return False
    asks = sentence.is_asked or sentence.says("question", "request")
    return asks or "question" in sentence.said_later


def after_edit_mark(text: str) -> str:
    """What stands after the last "EDIT:" of an edited message; all of it where there is none."""
    marks = list(EDIT_MARKS.finditer(text))
    return text[marks[-1].end() :] if marks else text


# --- the others


def says_how(sentence: Sentence) -> bool:
    """Tells more than that others have the problem too, or nothing to help."""
    if sentence.says("advice") and not sentence.says("passes_on"):
        return True
    if sentence.says("asks_back") and not sentence.says("me_too", "passes_on", "no_answer"):
        return True
    return sentence.words_unread(*NOTHING_NEW) >= UNREAD_WORDS_OF_AN_ANSWER


def adds_nothing(sentence: Sentence) -> bool:
    return (
        sentence.says(*NOTHING_NEW)
        or sentence.words_unread(*NOTHING_NEW) < UNREAD_WORDS_OF_AN_ANSWER
    )


def asks_whether_known(sentence: Sentence) -> bool:
    return sentence.is_asked and sentence.says("passes_on", "request", "appeal")
