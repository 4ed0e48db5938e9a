"""A small language for phrases, and finding many of them at once in the words of a sentence.

    anyone knows       these words, in this order; small letters and accents make no difference
    do|does anyone     one of these words
    (can not|never)    one of these phrases
    [please]           may be there or not
    print*             any word that begins so
    *                  any one word
    …                  up to four words (in scripts without spaces: up to twelve letters)
    #  ##  #e  @       a number, a time of day (14:00, 2pm), an error's code (E14), a mention
    {thing}            any phrase of the list of that name, under [words]
    ^ before           only where a sentence, or a clause in it, opens
    $ ? : after        only where a sentence ends; ends in a question mark; in a colon
    ! before           an exception: what it covers does not count

Phrases become one automaton, which takes no step back: from each word on it reads as far as some
phrase may still go, and keeps what it learnt on the way for the next sentence.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from bot.detection.words import IS_UNSPACED, fold, parted, pieces_of

GAP_WORDS = 4
GAP_LETTERS = 12
SHORTEST_STEM = 2
LONGEST_STEM = 14
SIGNS = frozenset(("*", "#", "##", "#e", "@", "$", "?", ":"))
ERROR_CODE = re.compile(r"e\d{2,5}|err\d+|0x[0-9a-f]{4,8}|[45]0\d|errno\d*")
TIME_OF_DAY = re.compile(r"\d{1,2}(?:[:h]\d\d|(?:[:.]\d\d)?(?:h|am|pm|uhr))")
ITEMS = re.compile(r"[()\[\]]|(?<=\s)\|(?=\s)|\{\w+\}|[^\s()\[\]{}]+")


MOST_KEPT_STEPS = 50_000  # a few megabytes a language; then it learns anew

Keys = tuple[str, ...]


class Found(NamedTuple):
    section: str
    start: int
    end: int
    opens: bool


class End(NamedTuple):
    section: str
    opens: bool  # the phrase must stand where a clause opens
    is_exception: bool


@dataclass(slots=True, eq=False)
class State:
    """How far into a phrase the words so far have come."""

    after: dict[str, list["State"]] = field(default_factory=dict)
    after_any: list["State"] = field(default_factory=list)
    ends: list[End] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Reached:
    """Every state that the words so far have reached, and where the next word led last time."""

    states: frozenset[State]
    ends: tuple[End, ...]
    after: dict[Keys, "Reached"] = field(default_factory=dict)


class Phrases:
    """The phrases of a language, by section; see the module's text for how they are written."""

    def __init__(
        self, sections: Mapping[str, Iterable[str]], words: Mapping[str, Iterable[str]]
    ) -> None:
        self._words = {name: list(phrases) for name, phrases in words.items()}
        self._reused: dict[tuple[frozenset[int], str], State] = {}
        self._anywhere, self._opening = State(), State()
        self.stems: set[str] = set()
        self.literals: set[str] = set()
        for section, phrases in sections.items():
            for phrase in phrases:
                self._add(section, phrase)
        del self._reused  # only needed while building: what begins alike shares its states
        self._forget()

    def find(self, keys: Sequence[Keys], openings: Iterable[int], mark: str) -> list[Found]:
        """Every phrase said in a sentence: its words' keys, where its clauses open, its end."""
        found: list[Found] = []
        exceptions: list[Found] = []
        end, opens_at = len(keys), frozenset(openings)
        keys = [*keys, ("$", mark)]  # the end is read like one more word
        for start in range(end):
            reached = self._at_opening if start in opens_at else self._at_word
            for at in range(start, end + 1):
                ahead = reached.after.get(keys[at])
                reached = self._ahead(reached, keys[at]) if ahead is None else ahead
                if not reached.states:
                    break
                for section, opens, is_exception in reached.ends:
                    said = Found(section, start, min(at + 1, end), opens)
                    (exceptions if is_exception else found).append(said)
        return _without(exceptions, found) if exceptions else found

    def keys_of(self, word: str) -> Keys:
        """What in a phrase this word may stand for: itself, a stem, a number; maybe nothing."""
        itself = (word,) if word in self.literals else ()
        if ERROR_CODE.fullmatch(word):
            itself = (*itself, "#e")
        if word[0].isdigit():
            return (*itself, "#", "##") if TIME_OF_DAY.fullmatch(word) else (*itself, "#")
        if not self.stems:
            return itself
        longest = min(len(word), LONGEST_STEM)
        stems = [word[:n] for n in range(SHORTEST_STEM, longest + 1) if word[:n] in self.stems]
        return (*itself, *(f"{stem}*" for stem in stems))

    def _ahead(self, reached: Reached, keys: Keys) -> Reached:
        """Where these keys lead from here, worked out and kept."""
        states: set[State] = set()
        for state in reached.states:
            for key in keys:
                states.update(state.after.get(key, ()))
            if keys[:1] != ("$",):
                states.update(state.after_any)
        if self._kept_steps >= MOST_KEPT_STEPS:
            self._forget()
        self._kept_steps += 1
        ahead = reached.after[keys] = self._reached(frozenset(states))
        return ahead

    def _reached(self, states: frozenset[State]) -> Reached:
        if states not in self._known:
            ends = dict.fromkeys(end for state in states for end in state.ends)
            self._known[states] = Reached(states, tuple(ends))
        return self._known[states]

    def _forget(self) -> None:
        self._known: dict[frozenset[State], Reached] = {}
        self._kept_steps = 0
        self._at_word = self._reached(frozenset([self._anywhere]))
        self._at_opening = self._reached(frozenset([self._anywhere, self._opening]))

    def _add(self, section: str, phrase: str) -> None:
        items = ITEMS.findall(phrase)
        is_exception = items[0] == "!"
        items = items[1:] if is_exception else items
        opens = items[0] == "^"
        items = items[1:] if opens else items
        gap = GAP_LETTERS if IS_UNSPACED.search(phrase) else GAP_WORDS
        for state in self._build({self._opening if opens else self._anywhere}, items, gap):
            state.ends.append(End(section, opens, is_exception))

    def _build(self, states: set[State], items: list[str], gap: int) -> set[State]:
        at = 0
        while at < len(items):
            item = items[at]
            if item in "([":
                close = _closing(items, at)
                alternatives = list(_alternatives(items[at + 1 : close]))
                reached = states if item == "[" else set[State]()
                if all(len(each) == 1 and each[0][0] not in "{…" for each in alternatives):
                    alternatives = [["|".join(sorted(each[0] for each in alternatives))]]
                for alternative in alternatives:
                    reached = reached | self._build(states, alternative, gap)
                states, at = reached, close
            elif item.startswith("{"):
                reached = set()
                for phrase in self._words[item[1:-1]]:
                    reached |= self._build(states, ITEMS.findall(phrase), gap)
                states = reached
            elif item == "…":
                for _ in range(gap):
                    states = states | {self._next(states, "*")}
            else:
                states = self._build_words(states, item)
            at += 1
        return states

    def _build_words(self, states: set[State], item: str) -> set[State]:
        """One word, one of several, or a run of letters of an unspaced script."""
        alternatives = [fold(each) for each in item.split("|")]
        if all(each in SIGNS or _is_one_word(each) for each in alternatives):
            for each in alternatives:
                self._note(each)
            return {self._next(states, "|".join(sorted(alternatives)))}
        reached: set[State] = set()
        for each in alternatives:
            ahead = states
            is_stem = each.endswith("*") and len(each) > 1
            parts = parted(each.rstrip("*"))
            words = [
                word for part in parts for word in ([part] if "'" in part else pieces_of(part))
            ]
            if is_stem:
                words[-1] += "*"
            for word in words:
                self._note(word)
                ahead = {self._next(ahead, word)}
            reached |= ahead
        return reached

    def _note(self, word: str) -> None:
        if word.endswith("*"):
            self.stems.add(word[:-1] or word)
        else:
            self.literals.add(word)

    def _next(self, states: set[State], words: str) -> State:
        """The state after any of these words; shared with the phrases that begin alike."""
        beginning = (frozenset(id(state) for state in states), words)
        if beginning not in self._reused:
            ahead = self._reused[beginning] = State()
            for state in states:
                for word in words.split("|"):
                    if word == "*":
                        state.after_any.append(ahead)
                    else:
                        state.after.setdefault(word, []).append(ahead)
        return self._reused[beginning]


def _without(exceptions: list[Found], found: list[Found]) -> list[Found]:
    """What no exception of the same section overlaps."""
    covered = {(each.section, at) for each in exceptions for at in range(each.start, each.end)}
    return [
        each
        for each in found
        if not any((each.section, at) in covered for at in range(each.start, each.end))
    ]


def _is_one_word(item: str) -> bool:
    bare = item.removesuffix("*")
    return bool(bare) and "'" not in bare and pieces_of(bare) == [bare]


def _closing(items: list[str], opening: int) -> int:
    depth = 0
    for at in range(opening, len(items)):
        depth += (items[at] in ("(", "[")) - (items[at] in (")", "]"))
        if depth == 0:
            return at
    raise ValueError(f"a bracket is not closed in {' '.join(items)!r}")


def _alternatives(items: list[str]) -> Iterator[list[str]]:
    """What stands between the bars of a bracket; bars in inner brackets are theirs."""
    depth, part = 0, list[str]()
    for item in [piece for each in items for piece in _unjoined(each)]:
        depth += (item in ("(", "[")) - (item in (")", "]"))
        if item == "|" and depth == 0:
            yield part
            part = []
        else:
            part.append(item)
    yield part


def _unjoined(item: str) -> list[str]:
    """`a|b` as `a | b`."""
    return [part for part in re.split(r"(\|)", item) if part]
