"""Questions with known right answers, to search in: what people bring, read from their files."""

import csv
import gzip
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from storage.search import Words

ANSWERS, ANSWER_CHARACTERS, QUERY_CHARACTERS = 7, 4_000, 1_000
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
WORD_FORMS = Path(__file__).with_name("word_forms.csv")
SAMPLE = Path(__file__).parents[1] / "sandbox" / "community" / "acme.yml"


@dataclass(frozen=True)
class Document:
    words: Words
    solved_at: datetime = LONG_AGO


@dataclass(frozen=True)
class Query:
    texts: dict[str, str]  # ways to ask, by name
    relevant: frozenset[int]  # places in the collection's documents
    older_than: int | None = None  # only documents before this one may be found


@dataclass(frozen=True)
class Collection:
    name: str
    documents: list[Document]
    queries: list[Query] = field(default_factory=list)


def read_collections(data: Path | None) -> list[Collection]:
    """All that the file or folder holds; without one, the sample community and the same questions
    in four languages."""
    if data is None:
        return [sample(), *word_forms(list(rows_of(WORD_FORMS)))]
    files = sorted(data.iterdir()) if data.is_dir() else [data]
    found = [each for path in files if (each := read_collection(path)) is not None]
    if not found:
        raise ValueError("no collection in it: see `make bench` for the formats")
    return found


def read_collection(path: Path) -> Collection | None:
    name = re.sub(r"\.jsonl(\.gz)?$|_documents\.json$|_train\.csv$", "", path.name)
    if path.name.endswith((".jsonl", ".jsonl.gz")):
        threads = [json.loads(line) for line in lines_of(path)]
        return linked_threads(name, threads) if threads and "title" in threads[0] else None
    if path.name.endswith("_documents.json"):
        return asked_in_other_words(name, path, path.with_name(f"{name}_questions.csv"))
    if path.name.endswith("_train.csv"):
        return same_category(name, path, path.with_name(f"{name}_test.csv"))
    return None


def lines_of(path: Path) -> Iterator[str]:
    opened: Any = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as file:
        yield from file


def linked_threads(name: str, threads: list[dict[str, Any]]) -> Collection:
    """A forum. Where somebody replied with a link to an earlier thread, that one is right."""
    threads.sort(key=lambda thread: (thread["posts"][0]["t"], thread["id"]))
    place = {thread["id"]: at for at, thread in enumerate(threads)}
    documents, queries = [], []
    for at, thread in enumerate(threads):
        first, *replies = thread["posts"]
        answers = "\n".join(post["x"] for post in replies[:ANSWERS])[:ANSWER_CHARACTERS]
        asked_at = datetime.fromisoformat(first["t"]).replace(tzinfo=UTC, microsecond=at)
        documents.append(Document(Words(thread["title"], first["x"], thread=answers), asked_at))
        linked = [link for post in replies if post["u"] != first["u"] for link in post["l"]]
        right = frozenset(place[link] for link in linked if place.get(link, at) < at)
        if right:
            full = f"{thread['title']}\n{first['x'][:QUERY_CHARACTERS]}"
            queries.append(Query({"title": thread["title"], "full": full}, right, at))
    return Collection(name, documents, queries)


def asked_in_other_words(name: str, documents_file: Path, questions_file: Path) -> Collection:
    """Questions with their answer, and other ways to ask each."""
    known = json.loads(documents_file.read_text(encoding="utf-8"))
    place = {each["id"]: at for at, each in enumerate(known)}
    documents = [Document(Words(each["question"], solution=each["answer"])) for each in known]
    queries = [
        Query({"question": row["question"]}, frozenset([place[row["document"]]]))
        for row in rows_of(questions_file)
        if row["document"] in place
    ]
    return Collection(name, documents, queries)


def same_category(name: str, known_file: Path, asked_file: Path) -> Collection:
    """Short questions of which all with the same category are right."""
    known = list(rows_of(known_file))
    places: dict[str, set[int]] = {}
    for at, row in enumerate(known):
        places.setdefault(row["category"], set()).add(at)
    queries = [
        Query({"question": row["text"]}, frozenset(places[row["category"]]))
        for row in rows_of(asked_file)
        if row["category"] in places
    ]
    return Collection(name, [Document(Words(row["text"])) for row in known], queries)


def rows_of(path: Path) -> Iterable[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def sample() -> Collection:
    """The demo's community: each question sought by what was answered, without the answer."""
    threads = yaml.safe_load(SAMPLE.read_text(encoding="utf-8"))["threads"]
    answered = [thread for thread in threads if thread.get("replies")]
    documents, queries = [], []
    for at, thread in enumerate(answered):
        replies = [reply["text"] for reply in thread["replies"]]
        documents.append(Document(Words(thread["text"], thread=" ".join(replies[1:]))))
        queries.append(Query({"answer": replies[0]}, frozenset([at])))
    return Collection("sample", documents, queries)


def word_forms(rows: list[dict[str, str]]) -> list[Collection]:
    """A course's FAQ in four languages, asked in other forms of its words: each language by
    itself, and among all of them."""
    documents = [Document(Words(row["kept"])) for row in rows]
    found = []
    for language in sorted({row["language"] for row in rows}):
        places = [at for at, row in enumerate(rows) if row["language"] == language]
        own = [documents[at] for at in places]
        asked = [ways_to_ask(**rows[at]) for at in places]
        alone = [Query(text, frozenset([at])) for at, text in enumerate(asked)]
        mixed = [Query(text, frozenset([at])) for at, text in zip(places, asked, strict=True)]
        found.append(Collection(f"word forms, {language}", own, alone))
        found.append(Collection(f"word forms, {language} among all", documents, mixed))
    return found


def ways_to_ask(kept: str, asked: str, **_: str) -> dict[str, str]:
    """In full, and by the longest word alone that begins like one there and ends otherwise."""
    known = kept.casefold().split()
    begun = {word[:4] for word in known}
    changed = [each for each in asked.casefold().split() if each[:4] in begun and each not in known]
    return {"question": asked} | ({"one word": max(changed, key=len)} if changed else {})
