"""Whether what somebody says right after they asked is another question.

What is only likely belongs to the first: a question that was joined wrongly can be parted, and
one cut in two is asked about twice. So another one asks fully by itself, points at nothing that
was said before, and shares no word with it."""

from bot.detection.asking import is_full_question, is_idle, is_order, is_request
from bot.detection.reading import Reading, Sentence, read
from bot.detection.thin import VAGUE

ENOUGH_WORDS = 2  # that say what it is about
ALIKE_LETTERS = 5  # of two words' beginnings
GOES_ON = ("pointing", "points_back", "carries_on", "asks_back", "reply", "tag", "asks_to_ask")


def is_of_its_own(text: str, before: str) -> bool:
    """Whether this message (mrkdwn) asks something else than what was asked just before."""
    message = read(text)
    if not any(map(asks_fully, message.sentences)) or message.says(*GOES_ON):
        return False
    words, known = telling(message), telling(read(before))
    if len(words) < ENOUGH_WORDS or not known:
        return False
    return set(map(stem, words)).isdisjoint(map(stem, known))


def asks_fully(sentence: Sentence) -> bool:
    if is_idle(sentence):
        return False
    return is_full_question(sentence) or is_request(sentence) or is_order(sentence)


def telling(message: Reading) -> set[str]:
    """The words that say what it is about; in scripts without spaces, each two letters."""
    found: set[str] = set()
    for sentence in message.sentences:
        if sentence.is_unspaced:
            letters = "".join(sentence.words)
            pairs = (letters[at : at + 2] for at in range(len(letters) - 1))
            found |= {pair for pair in pairs if not all(map(is_kana, pair))}
        else:
            found |= {word for word in sentence.words if word not in VAGUE and word.isalnum()}
    return found


def is_kana(letter: str) -> bool:
    """Hiragana, which mostly says how words belong together."""
    return "ぁ" <= letter <= "ゖ"


def stem(word: str) -> str:
    """What forms of a word have in common: Buchung, Buchungen."""
    return word[:ALIKE_LETTERS]
