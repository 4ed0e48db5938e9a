"""Whether a message in a help channel asks for help or information: rules only, no model.

Each sentence of the message is held against the phrases of its language. Some speak for
themselves ("does anyone know"); others count only in a message that does not read like an
answer, because "?" alone is as often part of a discussion as it is the start of one; and a
trouble told as a fact counts only where nobody already looks after it.
"""

import re
from enum import Enum
from itertools import takewhile

from bot.detection.reading import Reading, Sentence, read

SHORTEST_QUESTION_WORDS = 3
SHORTEST_QUESTION_LETTERS = 4  # in scripts that put no space between words
SHORTEST_REPORT_WORDS = 3
SHORTEST_REQUEST_WORDS = 2  # where all but chatter is one
LONGEST_FRAGMENT_WORDS = 10
LONGEST_PLAIN_REPORT_WORDS = 14
LONGEST_WEAK_REPORT_WORDS = 25  # in a longer sentence weak signs meet by chance

# Sections whose sentences open nothing: they ask back, or go on with what was said before.
NO_OPENINGS = ("asks_back", "carries_on", "asks_to_ask", "notice")

# How much a trouble told as a fact must show to be heard. A clear sign is enough ("is down"): two
# points. A weak one ("blank", "since Monday") has one: it needs a second, or a word of when or
# against what it happens ("again", "although", "for everyone"); alone it leaves us unsure.
CLEAR_SIGN = CERTAIN = 2
POSSIBLE = 1

ERROR_IN_CODE = re.compile(
    r"(?i)\b(?:error|exception|traceback|fatal|failed|failure|denied|refused|timed out|"
    r"not found|panic|segmentation fault|0x8\d{7})\b|\b[45]\d\d\b"
)
VOTING_EMOJI = frozenset(("one", "two", "three", "a", "b", "thumbsup", "thumbsdown"))


CHATTER = (
    *("social", "thanks", "advert", "rhetoric", "tag"),
    *("works", "solved", "thanked", "over", "later", "no_answer", "passes_on"),
)


class Asks(Enum):
    """Whether a top-level message asks something."""

    CERTAINLY = "certainly"
    UNSURE = "unsure"
    NO = "no"
    TO_ASK = "to ask"  # only whether one may ask: the author's next message is part of it


def asks(text: str) -> Asks:
    """Whether this top-level Slack message (mrkdwn) opens a request for help or information."""
    return judge(read(text))[0]


def asks_something(text: str) -> bool:
    """True if this top-level Slack message (mrkdwn) certainly opens a request."""
    return asks(text) is Asks.CERTAINLY


def why_it_asks(text: str) -> str | None:
    """Which signal makes this message a question: request, question or trouble; else None."""
    answer, signal = judge(read(text))
    return signal if answer is Asks.CERTAINLY else None


def is_chatter(text: str) -> bool:
    """Whether this message is none even where all that is said asks something: greetings,
    thanks, small talk, answers, polls, guides and notices."""
    message = read(text, afterwards=True)
    if not message.sentences:
        return not message.prose.code.strip()
    if judge(message)[0] is not Asks.NO:
        return False
    if is_poll(message) or is_guide(message) or message.says("notice", "handled", "news"):
        return True
    if reads_like_talk(message.sentences[0]):
        return True
    if any(each.is_asked for each in message.sentences):
        return all(each.says(*CHATTER) for each in message.sentences)
    is_one_word = sum(each.count_of_words() for each in message.sentences) < SHORTEST_REQUEST_WORDS
    return is_one_word or all(each.says(*CHATTER) or not each.content for each in message.sentences)


def asks_beside_file(text: str) -> bool:
    """Whether it asks where a file stands beside it: points at that ("see screenshot"), or asks
    in words that say nothing alone ("ideas?")."""
    return any(
        each.says("shows") or (each.is_asked and not each.says("tag"))
        for each in read(text).sentences
        if not is_idle(each)
    )


def judge(message: Reading) -> tuple[Asks, str]:
    """The answer, and the signal that decided."""
    sentences = message.sentences
    if not sentences:
        return (Asks.UNSURE, "log") if has_error(message) else (Asks.NO, "nothing said")
    if is_poll(message) or is_guide(message):
        return Asks.NO, "poll or guide"
    if is_only_asking_to_ask(message):
        return Asks.TO_ASK, "asks to ask"
    if (answer := asked(message)) is not None:
        return answer
    if message.says("notice"):
        return Asks.NO, "notice"
    return troubled(message)


def asked(message: Reading) -> tuple[Asks, str] | None:
    """What its requests and questions say, if it has any that count."""
    sentences = message.sentences
    talks, is_told = reads_like_talk(sentences[0]), message.prose.is_addressed
    is_notice = message.says("notice")
    if any(map(is_request, sentences)):
        return Asks.CERTAINLY, "request"
    if any(map(is_order, sentences)) or (not (talks or is_told) and any(map(is_need, sentences))):
        return (Asks.NO, "notice") if is_notice else (Asks.CERTAINLY, "request")
    if any(each.says("appeal") for each in sentences[1:]):
        return Asks.CERTAINLY, "request"

    questions = [each for at, each in enumerate(sentences) if is_question(each, is_first=at == 0)]
    if any(map(is_full_question, questions)) or (questions and not talks):
        return Asks.CERTAINLY, "question"
    if not (talks or is_told) and any(map(is_one_word_asked, sentences)):
        return Asks.UNSURE, "one word"
    return None


def troubled(message: Reading) -> tuple[Asks, str]:
    """What its reports of trouble say, and the question marks left over."""
    sentences = message.sentences
    points = max(map(trouble_points, sentences))
    if has_error(message):
        points += CLEAR_SIGN
        if any(each.is_asked for each in sentences):
            return Asks.CERTAINLY, "trouble"
    if points < POSSIBLE:
        return Asks.NO, "nothing asked"
    if message.says("handled", "news") or any(map(is_idle, sentences)):
        return Asks.NO, "handled"
    if message.prose.is_addressed or reads_like_talk(sentences[0]):
        return Asks.NO if points < CERTAIN or message.prose.is_addressed else Asks.UNSURE, "told"
    if points >= CERTAIN and not message.says("later_time"):
        return Asks.CERTAINLY, "trouble"
    return Asks.CERTAINLY if is_plain_report(message) else Asks.UNSURE, "trouble"


def is_only_asking_to_ask(message: Reading) -> bool:
    says_nothing_else = all(each.says("asks_to_ask", "thanks") for each in message.sentences)
    return says_nothing_else and message.says("asks_to_ask")


def is_request(sentence: Sentence) -> bool:
    return sentence.says("request") and not (
        is_idle(sentence) or sentence.says("asks_to_ask", "asks_back", "notice")
    )


def is_order(sentence: Sentence) -> bool:
    return sentence.says("order") and not is_idle(sentence) and not sentence.says("notice")


def is_need(sentence: Sentence) -> bool:
    return sentence.says("need") and not is_idle(sentence) and not sentence.says("notice")


def is_question(sentence: Sentence, *, is_first: bool) -> bool:
    if not could_open(sentence) or (is_first and sentence.says("points_back")):
        return False
    if sentence.says("question"):
        return True
    if not sentence.is_asked or sentence.says("tag"):
        return False
    if "question" in sentence.said_later:
        return True
    return not sentence.says("statement") or sentence.says("asks_inside")


def is_full_question(sentence: Sentence) -> bool:
    """A question of its own even after thanks, news, or what reads like an answer."""
    if not (sentence.is_asked and could_open(sentence)) or sentence.says("tag", "points_back"):
        return False
    return sentence.says("question") or "question" in sentence.said_later


def could_open(sentence: Sentence) -> bool:
    """Says what about, and is neither small talk nor asking back."""
    if is_idle(sentence) or sentence.says(*NO_OPENINGS):
        return False
    if is_long_enough(sentence):
        return True
    return sentence.is_asked and says_something(sentence)


def is_long_enough(sentence: Sentence) -> bool:
    if sentence.is_unspaced:
        return len(sentence.words) >= SHORTEST_QUESTION_LETTERS
    return len(sentence.words) >= SHORTEST_QUESTION_WORDS


def says_something(sentence: Sentence) -> bool:
    """ "Wifi password?" does, "really?" does not."""
    return sentence.content > 0 and len(sentence.words) > 1


def is_one_word_asked(sentence: Sentence) -> bool:
    word = sentence.words[0]
    return sentence.is_asked and sentence.content == 1 == len(sentence.words) and len(word) > 2


def is_idle(sentence: Sentence) -> bool:
    """Small talk, an advert, or what expects no answer."""
    if sentence.says("social", "rhetoric"):
        return True
    is_asked = sentence.is_asked and sentence.says("own_matter")
    return sentence.says("advert") and not is_asked  # "Does it come by mail?" invites nobody


def reads_like_talk(opening: Sentence) -> bool:
    """Opens like an answer, or points at what was said before."""
    return opening.says("reply", "points_back")


def is_plain_report(message: Reading) -> bool:
    """One short sentence about how a thing behaves: nobody says that without a reason."""
    said = [each for each in message.sentences if not each.says("thanks")]
    return len(said) == 1 and (
        said[0].says("symptom")
        and not said[0].says("personal", "tag", "later_time", "carries_on")
        and not said[0].is_asked
        and SHORTEST_REPORT_WORDS < said[0].count_of_words() <= LONGEST_PLAIN_REPORT_WORDS
    )


def trouble_points(sentence: Sentence) -> int:
    if is_idle(sentence) or sentence.says("reply", "advice", "asks_back"):
        return 0
    if sentence.says("thanks") and len(sentence.openings) == 1:
        return 0
    points = CLEAR_SIGN * sentence.says("trouble")
    if len(sentence.words) <= LONGEST_WEAK_REPORT_WORDS:
        symptoms = sentence.times("symptom")
        points += symptoms + (symptoms > 0 and sentence.says("onset"))
        points += sentence.says("since") and not sentence.says("personal")
    is_short = not sentence.is_unspaced and len(sentence.words) < SHORTEST_REPORT_WORDS
    return min(points, POSSIBLE) if is_short else points


def has_error(message: Reading) -> bool:
    return bool(message.prose.code) and ERROR_IN_CODE.search(message.prose.code) is not None


def is_poll(message: Reading) -> bool:
    if len(VOTING_EMOJI & message.prose.emoji) > 1:
        return True
    # "Which is the best?" after a request compares ways, and takes no vote.
    before = takewhile(lambda each: not each.says("poll"), message.sentences)
    return message.says("poll") and not any(map(is_request, before))


def is_guide(message: Reading) -> bool:
    """Answers itself: an entry of a list of questions, or instructions under their title."""
    first, *rest = message.sentences
    if first.says("guide"):
        return bool(rest) or not first.is_asked
    if sum(each.says("answered") for each in message.sentences) > 1:
        return True
    if not (first.is_asked and rest) or asks_on(rest):
        return False
    is_short = len(rest) == 1 and len(rest[0].words) <= LONGEST_FRAGMENT_WORDS
    is_fragment = is_short and rest[0].says("fragment") and not first.says("request")
    return is_fragment or rest[0].says("instruction")


def asks_on(sentences: list[Sentence]) -> bool:
    return any(each.is_asked or each.says("request") for each in sentences)
