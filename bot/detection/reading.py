"""What a message says: its sentences, and the phrases found in each."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.detection.languages import Language, languages_of
from bot.detection.phrases import Found
from bot.detection.prose import Prose, prose_of, sentences_of
from bot.detection.words import CUT, IS_UNSPACED, pieces_of

LETTERS_OF_A_WORD = 3  # about, in scripts that are read letter by letter
MOST_SENTENCES = 60  # from each end of a long text
MOST_WORDS = 300  # of a sentence; no person writes a longer one


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence without its greeting; what it says is named by the sections of `languages/`."""

    words: list[str]
    mark: str  # what it ends in: . ! ? : or nothing
    openings: list[int]  # where among the words a clause opens
    found: list[Found]
    said: frozenset[str]
    said_later: frozenset[str]  # what only opens a later clause
    content: int  # how many of its words say something by themselves
    is_unspaced: bool  # in a script that is read letter by letter

    def says(self, *sections: str) -> bool:
        return not self.said.isdisjoint(sections)

    @property
    def is_asked(self) -> bool:
        return self.mark == "?"

    def count_of_words(self) -> int:
        return len(self.words) // LETTERS_OF_A_WORD if self.is_unspaced else len(self.words)

    def times(self, section: str) -> int:
        """At how many places it is said."""
        return len({each.start for each in self.found if each.section == section})

    def words_unread(self, *sections: str) -> int:
        """How many words stand in clauses which say none of these."""
        ends = [*self.openings[1:], len(self.words)]
        unread = sum(
            end - start
            for start, end in zip(self.openings, ends, strict=True)
            if not any(start <= each.start < end for each in self.found if each.section in sections)
        )
        return unread // LETTERS_OF_A_WORD if self.is_unspaced else unread


@dataclass(frozen=True, slots=True)
class Reading:
    prose: Prose
    sentences: list[Sentence] = field(default_factory=list)
    said: frozenset[str] = frozenset()

    def says(self, *sections: str) -> bool:
        return not self.said.isdisjoint(sections)


def read(text: str, *, afterwards: bool = False) -> Reading:
    """`afterwards`: look for what is said once something is asked, too."""
    prose = prose_of(text)
    parts = [(pieces_of(part), mark) for part, mark in sentences_of(prose.text)]
    if len(parts) > 2 * MOST_SENTENCES:
        parts = parts[:MOST_SENTENCES] + parts[-MOST_SENTENCES:]
    written_in = languages_of([piece for pieces, _ in parts for piece in pieces], prose.text)
    sentences = [
        each
        for pieces, mark in parts
        for each in sentences_in(pieces, mark, written_in, afterwards)
    ]
    return Reading(prose, sentences, frozenset[str]().union(*(each.said for each in sentences)))


def sentences_in(
    pieces: list[str], mark: str, written_in: list[Language], afterwards: bool
) -> Iterator[Sentence]:
    """The sentence as each likely language reads it, as one; none when it was only a greeting."""
    pieces = pieces[:MOST_WORDS]
    best, best_openings = list[str](), [0]
    found: list[Found] = []
    for language in written_in:
        words, openings = words_and_openings(language.words_of(pieces))
        while before := language.words_before(words):
            if before == len(words) and asks_to_ask(language, words, mark):
                break
            words = words[before:]
            openings = [0, *(at - before for at in openings if at > before)]
        found += language.find(words, openings, mark, afterwards=afterwards)
        if not best or 0 < len(words) < len(best):
            best, best_openings = words, openings
    if best:
        said = frozenset(each.section for each in found if not each.opens or each.start == 0)
        later = frozenset(each.section for each in found) - said
        hollow = frozenset[str]().union(*(language.hollow for language in written_in))
        content = sum(word not in hollow for word in best)
        is_unspaced = IS_UNSPACED.search("".join(best)) is not None
        yield Sentence(best, mark, best_openings, found, said, later, content, is_unspaced)


def asks_to_ask(language: Language, words: list[str], mark: str) -> bool:
    """ "Quick question" stands before a question, or alone, and then is all that is said."""
    return any(each.section == "asks_to_ask" for each in language.find(words, [0], mark))


def words_and_openings(pieces: list[str]) -> tuple[list[str], list[int]]:
    """The words alone, and where among them a clause opens."""
    words: list[str] = []
    openings = [0]
    for piece in pieces:
        if piece != CUT:
            words.append(piece)
        elif words and openings[-1] != len(words):
            openings.append(len(words))
    return words, [0, *(at for at in openings if 0 < at < len(words))]
