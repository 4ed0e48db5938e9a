"""Discourse: the JSON of topics, one a file, as its API gives them (`/t/ID.json`): `title`, `slug`,
`id`, `post_stream.posts` with `username`, `name`, `cooked` or `raw`, `created_at`,
`accepted_answer`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.archive.archives import DISCOURSE
from bot.archive.foreign import Entry, ForeignArchive, without_tags
from bot.archive.packed import Packed

Raw = Mapping[str, Any]


def read_discourse(path: Path, emails: Mapping[str, str]) -> ForeignArchive:
    packed = Packed(path)
    archive = ForeignArchive(DISCOURSE, path.name, packed.checksum(), emails)
    for name in packed.names:
        if not name.endswith(".json"):
            continue
        topic = packed.json(name)
        stream = topic.get("post_stream") if isinstance(topic, dict) else None
        posts = stream.get("posts") if isinstance(stream, dict) else None
        if not isinstance(posts, list) or not posts:
            archive.trouble.add(name, "no_words")
            continue
        said = [entry_of(each, topic if at == 0 else {}) for at, each in enumerate(posts)]
        archive.add(name, str(topic.get("url") or ""), said)
    return archive


def entry_of(raw: Raw, topic: Raw) -> Entry:
    body = str(raw.get("raw") or "") or without_tags(raw.get("cooked"))
    return Entry(
        str(raw.get("name") or raw.get("username") or "somebody"),
        "\n".join(filter(None, [str(topic.get("title") or ""), body])),
        str(raw.get("created_at") or ""),
        str(raw.get("email") or ""),
        is_accepted=bool(raw.get("accepted_answer")),
    )
