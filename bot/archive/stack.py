"""Stack Overflow for Teams, or Stack Internal: the JSON of its export, `posts.json`, with
`users.json` beside it where there is one. A post has `id`, `postType` (question, answer),
`parentId`, `title`, `body` or `bodyMarkdown`, `ownerUserId`, `creationDate`, `acceptedAnswerId`."""

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.archive.archives import STACK
from bot.archive.foreign import Entry, ForeignArchive, without_tags
from bot.archive.packed import Packed
from bot.errors import NoSuchArchive

Raw = Mapping[str, Any]


def read_stack(path: Path, emails: Mapping[str, str]) -> ForeignArchive:
    packed = Packed(path)
    posts = next((each for each in packed.names if each.endswith("posts.json")), None)
    if posts is None:
        raise NoSuchArchive(path.name, "posts.json")
    archive = ForeignArchive(STACK, path.name, packed.checksum(), emails)
    users: dict[str, Raw] = {
        str(each.get("id")): each
        for name in packed.names
        if name.endswith("users.json")
        for each in packed.objects(name)
    }
    questions: dict[str, Raw] = {}
    answers: dict[str, list[Raw]] = defaultdict(list)
    for number, raw in enumerate(packed.objects(posts), 1):
        if not raw.get("id") or not words_of(raw):
            archive.trouble.add(f"{posts}: {number}", "no_words")
        elif raw.get("parentId"):
            answers[str(raw["parentId"])].append(raw)
        else:
            questions[str(raw["id"])] = raw
    for key, question in questions.items():
        replies = sorted(answers.pop(key, []), key=lambda each: str(each.get("creationDate")))
        accepted = str(question.get("acceptedAnswerId") or "")
        entries = [
            entry_of(question, users),
            *(entry_of(each, users, accepted) for each in replies),
        ]
        archive.add(f"{posts}: {key}", str(question.get("link") or ""), entries)
    for key in answers:
        archive.trouble.add(f"{posts}: {key}", "no_parent")
    return archive


def words_of(raw: Raw) -> str:
    body = raw.get("bodyMarkdown") or without_tags(raw.get("body"))
    return "\n".join(filter(None, [str(raw.get("title") or ""), str(body)]))


def entry_of(raw: Raw, users: Mapping[str, Raw], accepted: str = "") -> Entry:
    owner = users.get(str(raw.get("ownerUserId")), {})
    name = owner.get("displayName") or owner.get("name") or f"user {raw.get('ownerUserId')}"
    return Entry(
        str(name),
        words_of(raw),
        str(raw.get("creationDate") or ""),
        str(owner.get("email") or ""),
        is_accepted=bool(accepted) and str(raw.get("id")) == accepted,
    )
