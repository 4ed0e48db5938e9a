"""The words of a text, as phrases are held against them: in small letters, without accents.

Scripts that put no space between words are read letter by letter."""

import re
import unicodedata

# Hiragana to Katakana, Han, Hangul, Thai; Devanagari, whose vowel signs are no letters to Python.
UNSPACED = r"\u3005\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e01-\u0e4e\u0900-\u097f"
IS_UNSPACED = re.compile(f"[{UNSPACED}]")
PIECES = re.compile(
    rf"[{UNSPACED}]|\+1(?!\d)|\d(?:[\d.,:/]*\d)?[^\W_{UNSPACED}]*|[^\W\d_{UNSPACED}](?:[^\W_{UNSPACED}]|'(?=\w))*"
    r"|@|[,;()、，،–—]|(?<=\s)-+(?=\s)"
)
CUTS = frozenset(",;()、，،–—-")
CUT = ","

FOLDED_RANGES = ((0x00C0, 0x0530), (0x0620, 0x0660), (0x1E00, 0x2000), (0xFF01, 0xFF5F))
NO_ACCENT_TO_TAKE_OFF = {"ß": "ss", "ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe"}
COMBINING_MARKS = (*range(0x0300, 0x0370), *range(0x064B, 0x0656))


def _without_marks(character: str) -> str:
    apart = unicodedata.normalize("NFKD", character)
    return "".join(each for each in apart if not unicodedata.combining(each)).lower()


FOLDING: dict[int, str | None] = {
    **{
        code: _without_marks(chr(code))
        for start, end in FOLDED_RANGES
        for code in range(start, end)
    },
    **{ord(character): plain for character, plain in NO_ACCENT_TO_TAKE_OFF.items()},
    **dict.fromkeys(COMBINING_MARKS),
    0x2018: "'",
    0x2019: "'",
}


def fold(text: str) -> str:
    """Small letters without accents, so that "Où" is "ou"; Han, Kana, Hangul stay as they are."""
    text = text.lower()
    return text if text.isascii() else text.translate(FOLDING)


def pieces_of(text: str) -> list[str]:
    """Words, numbers and `@`, and a CUT wherever a clause ends."""
    return [CUT if each in CUTS else each for each in PIECES.findall(fold(text))]


def parted(word: str) -> list[str]:
    """What is written together with an apostrophe: "l'accueil" is "l'" and "accueil"."""
    if "'" not in word:
        return [word]
    parts = word.split("'")
    return [*(f"{part}'" for part in parts[:-1]), *filter(None, parts[-1:])]
