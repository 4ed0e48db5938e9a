"""An archive in the shape of a Slack export, made from real threads as often as it takes."""

import gzip
import html
import json
import random
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench._replay_threads import THREADS

CHANNELS, PEOPLE, DAYS = 40, 2_000, 1_000
FROM = datetime(2022, 1, 3, tzinfo=UTC)
REPLIED_SHARE = 0.9  # of messages; in help channels most stand in threads
MARKED_SHARE = 0.2  # of threads whose asker says thanks: they put ✅ too
THANKS = ("thank", "thx", "that worked", "works now", "perfect")

Thread = list[tuple[str, str, float]]  # who, text, and seconds after the first


def read_rows(data: Path | None) -> list[dict[str, Any]]:
    """`data`: JSON lines as the benchmark `replay` takes them, plain or .gz; or a folder of
    such files."""
    if data is None:
        return THREADS
    files = [*sorted(data.glob("*threads*.jsonl*"))] if data.is_dir() else [data]
    rows = []
    for each in files:
        raw = each.read_bytes()
        text = gzip.decompress(raw) if each.suffix == ".gz" else raw
        rows += [json.loads(line) for line in text.splitlines()]
    return [row for row in rows if row["posts"]]


def thread_of(row: dict[str, Any]) -> Thread:
    posts = row["posts"]
    first = datetime.fromisoformat(posts[0]["t"])
    is_plain = bool(row.get("title"))
    thread = []
    for at, post in enumerate(posts):
        text = html.escape(post["x"], quote=False) if is_plain else post["x"]
        if at == 0 and is_plain:
            text = f"{html.escape(row['title'], quote=False)}\n{text}"
        after = (datetime.fromisoformat(post["t"]) - first).total_seconds()
        thread.append((str(post["u"]), text, max(0.0, min(after, 20 * 86_400))))
    return thread


def write_export(path: Path, threads: list[Thread], messages: int, seed: int = 1) -> dict[str, int]:
    """Returns how many of each there are."""
    chance = random.Random(seed)
    channels = [f"help-{number}" for number in range(CHANNELS)]
    made = 0
    names: dict[str, str] = {}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for number, channel in enumerate(channels):
            wanted = messages * (number + 1) // CHANNELS - made
            days: dict[str, list[dict[str, Any]]] = defaultdict(list)
            made += fill(days, threads, wanted, number, names, chance)
            for day, said in sorted(days.items()):
                said.sort(key=lambda each: float(each["ts"]))
                archive.writestr(f"{channel}/{day}.json", json.dumps(said))
        listed = [
            {"id": f"C{number:09}", "name": channel, "members": []}
            for number, channel in enumerate(channels)
        ]
        archive.writestr("channels.json", json.dumps(listed))
        people = [
            {"id": user_id, "name": name, "profile": {"real_name": name}}
            for name, user_id in names.items()
        ]
        archive.writestr("users.json", json.dumps(people))
    return {"messages": made, "channels": CHANNELS, "people": len(names)}


def fill(
    days: dict[str, list[dict[str, Any]]],
    threads: list[Thread],
    wanted: int,
    channel: int,
    names: dict[str, str],
    chance: random.Random,
) -> int:
    made = 0
    while made < wanted:
        thread = chance.choice(threads)[: wanted - made]
        copy = chance.randrange(1, 1 + PEOPLE // 100)
        started = FROM + timedelta(seconds=chance.randrange(DAYS * 86_400), microseconds=made)
        for raw in messages_of(thread, started, copy, names, chance):
            day = datetime.fromtimestamp(float(raw["ts"]), UTC)
            days[f"{day:%Y-%m-%d}"].append(raw)
            made += 1
    return made


def messages_of(
    thread: Thread, started: datetime, copy: int, names: dict[str, str], chance: random.Random
) -> Iterator[dict[str, Any]]:
    first_ts = ts_of(started, 0)
    asker = thread[0][0]
    thanked_at = next(
        (
            at
            for at, (who, text, _) in enumerate(thread)
            if at > 1 and who == asker and any(each in text.lower() for each in THANKS)
        ),
        None,
    )
    is_marked = thanked_at is not None and chance.random() < MARKED_SHARE
    for at, (who, text, after) in enumerate(thread):
        raw: dict[str, Any] = {
            "type": "message",
            "user": id_of(who, copy, names),
            "text": text,
            "ts": ts_of(started + timedelta(seconds=after), at),
            "client_msg_id": f"{chance.getrandbits(128):032x}",
            "team": "T0BENCH",
            "blocks": [{"type": "rich_text", "block_id": "b", "elements": []}],
        }
        if len(thread) > 1:
            raw["thread_ts"] = first_ts
        if at == 0 and len(thread) > 1:
            raw["reply_count"] = len(thread) - 1
        if is_marked and thanked_at is not None and at == thanked_at - 1 and who != asker:
            users = [id_of(asker, copy, names)]
            raw["reactions"] = [{"name": "white_check_mark", "users": users, "count": 1}]
        yield raw


def ts_of(moment: datetime, at: int) -> str:
    return f"{int(moment.timestamp())}.{(moment.microsecond + at) % 1_000_000:06}"


def id_of(who: str, copy: int, names: dict[str, str]) -> str:
    """The same person of the same copy of a thread's community has one id."""
    name = f"{who} {copy}"
    return names.setdefault(name, f"U{len(names):09}")
