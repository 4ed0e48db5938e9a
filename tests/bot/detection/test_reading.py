"""Hundreds of messages of everyday work, by what they mean: how many are read as they should be."""

import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from bot.detection import Asks, asks, said_by_another, said_by_asker, says_it_works

SAID = Path(__file__).parent / "said"
RIGHT_OF_A_LIST = 0.85  # a line that is read wrong may stay: rules are for kinds, not for lines
PRECISION, RECALL = 0.97, 0.95
UNSURE_OF_TALK = 0.03


class Line(NamedTuple):
    language: str
    meaning: str
    kind: str
    text: str


def lines() -> Iterator[Line]:
    for path in sorted(SAID.glob("*.toml")):
        for meaning, kinds in tomllib.loads(path.read_text("utf-8")).items():
            for kind, text in kinds.items():
                for line in filter(None, text.splitlines()):
                    yield Line(path.stem, meaning, kind, line.replace("↵", "\n"))


LINES = list(lines())
LISTS = sorted({(line.language, line.meaning, line.kind) for line in LINES})
READERS: dict[str, Callable[[str], str]] = {
    **dict.fromkeys(("certainly", "no", "to_ask"), lambda text: asks(text).name.lower()),
    **dict.fromkeys(
        ("works", "later", "partly_or_no", "over", "broke_again", "unsure"),
        lambda text: said_by_asker(text).name.lower(),
    ),
    **dict.fromkeys(
        ("me_too", "no_answer", "answer_or_question_back"),
        lambda text: said_by_another(text).name.lower(),
    ),
    "not_works": lambda text: "works" if says_it_works(text) else "not_works",
}


@pytest.mark.parametrize("chosen", LISTS, ids="-".join)
def test_what_is_said_is_read_as_it_is_meant(chosen: tuple[str, str, str]):
    said = [line for line in LINES if line[:3] == chosen]

    wrong = [line.text for line in said if READERS[line.meaning](line.text) != line.meaning]

    assert len(wrong) <= len(said) * (1 - RIGHT_OF_A_LIST), wrong


def test_few_messages_are_captured_that_ask_nothing_and_few_requests_are_missed():
    asking = [line.text for line in LINES if line.meaning == "certainly"]
    talk = [line.text for line in LINES if line.meaning in ("no", "to_ask")]

    heard = sum(asks(text) is Asks.CERTAINLY for text in asking)
    captured = sum(asks(text) is Asks.CERTAINLY for text in talk)
    unsure = sum(asks(text) is Asks.UNSURE for text in talk)

    assert heard / (heard + captured) >= PRECISION
    assert heard / len(asking) >= RECALL
    assert unsure / len(talk) <= UNSURE_OF_TALK


def test_every_language_that_many_work_in_has_examples_of_every_kind():
    kinds = {
        language: {kind for where, _, kind in LISTS if where == language}
        for language in ("de", "fr", "es", "pt", "it", "nl", "pl", "ja", "zh", "ko")
    }

    assert min(map(len, kinds.values())) >= 15


def test_a_word_that_ends_in_an_apostrophe_is_read():
    assert said_by_asker("b'_nii' it works") is not None
