"""What is said in which language: one file each beside this one, to be read and mended by people
who speak it (`languages/README.md` says how), and which languages a message is written in."""

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any

from bot.detection.phrases import Found, Phrases
from bot.detection.words import parted, pieces_of

FILES = Path(__file__).parent / "languages"
TAKING_BACK = ("failing", "still_stuck", "broke_again")
LONGEST_LEAD_IN = 12  # words
LOOK_AT_WORDS = 80  # to see which language it is

# A word that is common in a language says more than one which stands in its phrases; both say
# less where other languages share it.
COMMON_WORD, PHRASE_WORD = 3.0, 1.0
NEARLY_AS_LIKELY = 0.8

SCRIPTS = (
    ("kana", re.compile(r"[\u3040-\u30ff]")),
    ("hangul", re.compile(r"[\uac00-\ud7af]")),
    ("han", re.compile(r"[\u3400-\u9fff]")),
    ("thai", re.compile(r"[\u0e01-\u0e4e]")),
    ("cyrillic", re.compile(r"[\u0400-\u04ff]")),
    ("greek", re.compile(r"[\u0370-\u03ff]")),
    ("arabic", re.compile(r"[\u0600-\u06ff]")),
    ("hebrew", re.compile(r"[\u0590-\u05ff]")),
    ("devanagari", re.compile(r"[\u0900-\u097f]")),
)


@dataclass(frozen=True)
class Language:
    code: str
    script: str
    rules: dict[str, Any]

    @cached_property
    def phrases(self) -> Phrases:
        """What asks, and what only looks so."""
        return Phrases(sections_of(self.rules, "asking", "not_asking"), self._lists)

    @cached_property
    def phrases_afterwards(self) -> Phrases:
        """What is said once something is asked."""
        sections = sections_of(self.rules, "afterwards", "replies")
        return Phrases(with_exceptions(sections), self._lists)

    @cached_property
    def lead_ins(self) -> Phrases:
        """Greetings and the like, which stand before what is said."""
        openings = [f"^ {phrase}" for phrase in lines_of(self.rules.get("lead_ins", ""))]
        return Phrases({"lead_ins": openings}, self._lists)

    @cached_property
    def hollow(self) -> frozenset[str]:
        """Words that say nothing by themselves, with a question mark behind them."""
        return frozenset(pieces_of(self.rules.get("hollow", "").replace("|", " ")))

    @cached_property
    def common(self) -> frozenset[str]:
        return frozenset(pieces_of(self.rules.get("common", "")))

    @cached_property
    def spelling(self) -> dict[str, list[str]]:
        """Chat spelling and contractions, each as the words it stands for."""
        written = self.rules.get("spelling", {})
        return {pieces_of(short)[0]: pieces_of(full) for short, full in written.items()}

    @cached_property
    def slips(self) -> dict[str, str]:
        """Words of asking with two letters swapped or one left out, as typed in a hurry."""
        known = self.phrases.literals | self.common
        return {
            slip: word
            for word in pieces_of(self.rules.get("slips", ""))
            for slip in slips_of(word)
            if slip not in known
        }

    def words_of(self, pieces: Iterable[str]) -> list[str]:
        """The pieces of a sentence as this language spells them."""
        words: list[str] = []
        for piece in pieces:
            if piece in self.spelling:
                words += self.spelling[piece]
            elif piece in self.slips:
                words.append(self.slips[piece])
            elif "'" in piece:
                words += parted(piece)
            else:
                words.append(piece)
        return words

    def find(
        self, words: Sequence[str], openings: Sequence[int], mark: str, *, afterwards: bool = False
    ) -> list[Found]:
        keys_of = self._keys_of
        found = self.phrases.find([keys_of(word) for word in words], openings, mark)
        if afterwards:
            keys_of = self._keys_of_afterwards
            found += self.phrases_afterwards.find([keys_of(word) for word in words], openings, mark)
        return found

    def words_before(self, words: Sequence[str]) -> int:
        """How many words a greeting or another lead-in takes at the start of a sentence."""
        keys_of = self._keys_of_lead_ins
        keys = [keys_of(word) for word in words[:LONGEST_LEAD_IN]]
        return max((each.end for each in self.lead_ins.find(keys, (0,), "")), default=0)

    @cached_property
    def _keys_of(self) -> Any:
        return lru_cache(maxsize=8_192)(self.phrases.keys_of)

    @cached_property
    def _keys_of_afterwards(self) -> Any:
        return lru_cache(maxsize=8_192)(self.phrases_afterwards.keys_of)

    @cached_property
    def _keys_of_lead_ins(self) -> Any:
        return lru_cache(maxsize=8_192)(self.lead_ins.keys_of)

    @cached_property
    def _lists(self) -> dict[str, list[str]]:
        return {name: lines_of(text) for name, text in self.rules.get("words", {}).items()}


def lines_of(text: str) -> list[str]:
    """One phrase a line; a line that begins with "# " is a comment."""
    lines = (line.strip() for line in text.splitlines())
    return [line for line in lines if line and not line.startswith("# ")]


def sections_of(rules: dict[str, Any], *tables: str) -> dict[str, list[str]]:
    return {
        section: lines_of(text)
        for table in tables
        for section, text in rules.get(table, {}).items()
    }


def with_exceptions(sections: dict[str, list[str]]) -> dict[str, list[str]]:
    """What is said of a past problem takes nothing back; "solved itself" is not "solved"."""
    harmless = [f"! {phrase}" for phrase in sections.get("still_fine", [])]
    alone = [f"! {phrase}" for phrase in sections.get("over", []) if not phrase.startswith("! ")]
    return (
        sections
        | {name: sections.get(name, []) + harmless for name in TAKING_BACK}
        | {name: sections.get(name, []) + alone for name in ("works", "solved")}
    )


def slips_of(word: str) -> set[str]:
    swapped = {word[:n] + word[n + 1] + word[n] + word[n + 2 :] for n in range(len(word) - 1)}
    left_out = {word[:n] + word[n + 1 :] for n in range(1, len(word))} if len(word) > 3 else set()
    return (swapped | left_out) - {word}


@cache
def languages() -> dict[str, Language]:
    read = {
        path.stem: tomllib.loads(path.read_text("utf-8")) for path in sorted(FILES.glob("*.toml"))
    }
    return {code: Language(code, rules["script"], rules) for code, rules in read.items()}


@cache
def votes() -> dict[str, list[tuple[str, float]]]:
    """For each word the languages in Latin letters that use it, and how much it says for each."""
    weights: dict[str, dict[str, float]] = {}
    for language in languages().values():
        if language.script != "latin":
            continue
        in_phrases = pieces_of(re.sub(r"[|\[\]{}^*$…#!?]", " ", " ".join(all_texts(language))))
        for word in in_phrases:
            for part in parted(word):
                weights.setdefault(part, {}).setdefault(language.code, PHRASE_WORD)
        for word in language.common:
            weights.setdefault(word, {})[language.code] = COMMON_WORD
    weights.pop(",", None)
    return {
        word: [(code, weight / len(by_code)) for code, weight in by_code.items()]
        for word, by_code in weights.items()
    }


def all_texts(language: Language) -> list[str]:
    lists = language.rules.get("words", {}).values()
    sections = sections_of(language.rules, "asking", "not_asking", "afterwards", "replies")
    phrases = [line for lines in sections.values() for line in lines]
    return [
        *phrases,
        *lists,
        language.rules.get("lead_ins", ""),
        *language.rules.get("spelling", {}),
    ]


def languages_of(pieces: Sequence[str], text: str) -> list[Language]:
    """The languages that a message is likely written in; English where nothing tells."""
    known = languages()
    codes: list[str] = []
    if not text.isascii():
        codes = [each.code for each in known.values() if each.script in scripts_of(pieces, text)]
    return [known[code] for code in codes or latin_languages_of(pieces)]


def scripts_of(pieces: Sequence[str], text: str) -> set[str]:
    """Scripts other than Latin, unless they hardly occur; Han alone may be Japanese too."""
    counts = {name: len(letters.findall(text)) for name, letters in SCRIPTS}
    if sum(counts.values()) * 2 < len(pieces):
        return set()
    if counts["kana"]:
        return {"kana"}
    if counts["han"] > counts["hangul"]:
        return {"han", "kana"}
    return {max(counts, key=lambda name: counts[name])}


def latin_languages_of(pieces: Sequence[str]) -> list[str]:
    by_word, score = votes(), dict[str, float]()
    for piece in pieces[:LOOK_AT_WORDS]:
        for part in [piece, *parted(piece)] if "'" in piece else [piece]:
            for code, weight in by_word.get(part, ()):
                score[code] = score.get(code, 0.0) + weight
    if not score:
        return ["en"]
    best = max(score.values())
    return [code for code, points in score.items() if points >= best * NEARLY_AS_LIKELY]
