"""Zulip: its own export (`messages-000001.json` and on, `realm.json`), or a list of messages as its
API gives them. The messages of a topic are a conversation; one that people ticked (✔) is solved by
the last reply of somebody else before its asker's last word. Private messages are left."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.archive.archives import ZULIP
from bot.archive.foreign import Entry, ForeignArchive, without_tags
from bot.archive.packed import Packed
from bot.errors import NoSuchArchive

TICKED = "✔ "
STREAM = 2  # the type of a recipient in the export

Raw = Mapping[str, Any]


def read_zulip(path: Path, emails: Mapping[str, str]) -> ForeignArchive:
    packed = Packed(path)
    archive = ForeignArchive(ZULIP, path.name, packed.checksum(), emails)
    realm = packed.json("realm.json") or {}
    people = {each.get("id"): each for each in realm.get("zerver_userprofile", ())}
    public = {
        each["id"]: each.get("type_id")
        for each in realm.get("zerver_recipient", ())
        if each.get("type") == STREAM
    }
    topics: dict[tuple[Any, str], list[tuple[bool, Entry]]] = defaultdict(list)
    for where, raw in messages_in(packed):
        stream = public.get(raw.get("recipient")) if public else raw.get("stream_id", 0)
        topic = str(raw.get("subject") or raw.get("topic") or "")
        if stream is None or not topic:
            continue  # between a few people
        person = people.get(raw.get("sender"), raw)
        key = (stream, topic.removeprefix(TICKED))
        entry = entry_of(raw, person)
        if not entry.text or not entry.at:
            archive.trouble.add(where, "no_words")
            continue
        topics[key].append((topic.startswith(TICKED), entry))
    if not topics and not archive.trouble.counted:
        raise NoSuchArchive(path.name, "messages")
    for (_, topic), said in topics.items():
        said.sort(key=lambda each: each[1].at)
        entries = [entry for _, entry in said]
        is_ticked = any(ticked for ticked, _ in said)
        archive.add(topic, "", with_solution(entries) if is_ticked else entries)
    return archive


def messages_in(packed: Packed) -> Iterator[tuple[str, Raw]]:
    for name in packed.names:
        if not name.rpartition("/")[2].startswith("messages"):
            continue
        found = packed.json(name)
        listed = (
            found
            if isinstance(found, list)
            else (found or {}).get("zerver_message") or (found or {}).get("messages", [])
        )
        for number, raw in enumerate(listed, 1):
            if isinstance(raw, dict):
                yield f"{name}: {number}", raw


def entry_of(raw: Raw, person: Raw) -> Entry:
    name = person.get("full_name") or raw.get("sender_full_name") or "somebody"
    email = person.get("delivery_email") or raw.get("sender_email") or person.get("email") or ""
    at = raw.get("date_sent") or raw.get("timestamp") or 0
    return Entry(
        str(name),
        without_tags(raw.get("content")),
        float(at) if isinstance(at, int | float) else 0.0,
        str(email),
    )


def with_solution(entries: list[Entry]) -> list[Entry]:
    """The asker's last word stands after what solved it."""
    asker = entries[0].author
    own = [at for at, each in enumerate(entries) if each.author == asker]
    last = own[-1] if own[-1] > 0 else len(entries)
    others = [at for at in range(1, last) if entries[at].author != asker]
    if not others:
        return entries
    return [replace(each, is_accepted=at == others[-1]) for at, each in enumerate(entries)]
