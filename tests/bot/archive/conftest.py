"""A Slack export of a small community, written as Slack writes it."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.archive.archives import Archive, Conversation, Post
from bot.archive.preparing import Who, prepare_all
from bot.archive.slack_export import SlackExport
from bot.questions.emoji import USUAL

DAY = 86_400
FIRST = 1_700_000_000  # 2023-11-14


def ts(seconds: float = 0) -> str:
    return f"{FIRST + seconds:.6f}"


def said(user: str, text: str, seconds: float = 0, **more: Any) -> dict[str, Any]:
    return {"type": "message", "user": user, "text": text, "ts": ts(seconds), **more}


def marked(*users: str, name: str = "white_check_mark") -> list[dict[str, Any]]:
    return [{"name": name, "users": list(users), "count": len(users)}]


def replied(user: str, text: str, seconds: float, to: float = 0, **more: Any) -> dict[str, Any]:
    return said(user, text, seconds, thread_ts=ts(to), **more)


ASKED = "How do I correct the tariff code of a rejected form?"
SOLVED = "Open the form, press Amend, and enter the new tariff code there."
PICTURE = {"id": "F0001", "title": "Where Amend is.png", "mimetype": "image/png"}
CUSTOMS = {
    "2023-11-14.json": [
        said("U_ANA", ASKED, 0, thread_ts=ts(0), reply_count=3),
        replied("U_BEN", SOLVED, 60, reactions=marked("U_ANA"), files=[PICTURE]),
        said("U_PIA", "has joined the channel", 90, subtype="channel_join"),
    ],
    "2023-11-15.json": [
        replied("U_ANA", "Thanks, that worked!", DAY),
        replied("U_PIA", "Same here.", DAY + 5, subtype="thread_broadcast"),
    ],
}
SECRET = {
    "2023-11-14.json": [
        said("U_EVA", "Where is the salary form for the new plant?", 10, thread_ts=ts(10)),
        replied("U_ADA", "In the drawer of the plant manager, on paper only.", 20, 10),
        replied("U_EVA", "Thank you, found it.", 30, 10),
    ]
}
USERS = [
    {"id": user_id, "name": user_id[2:].lower(), "profile": {"real_name": user_id[2:].title()}}
    for user_id in ("U_ANA", "U_BEN", "U_EVA", "U_PIA", "U_ADA")
]
Files = dict[str, Any]


def files_of(**changes: Any) -> Files:
    """Of an export; a value of None leaves the file out."""
    files: Files = {
        "channels.json": [{"id": "C_CUSTOMS", "name": "customs"}],
        "groups.json": [{"id": "C_SECRET", "name": "secret"}],
        "users.json": USERS,
        **{f"customs/{day}": messages for day, messages in CUSTOMS.items()},
        **{f"secret/{day}": messages for day, messages in SECRET.items()},
    }
    files |= {name.replace("__", "/"): value for name, value in changes.items()}
    return {name: value for name, value in files.items() if value is not None}


def write_zip(path: Path, files: Files) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, value in files.items():
            is_raw = isinstance(value, bytes)
            archive.writestr(name, value if is_raw else json.dumps(value))
    return path


@pytest.fixture
def export(tmp_path: Path) -> Callable[[Files], SlackExport]:
    def opened(files: Files) -> SlackExport:
        path = write_zip(tmp_path / "export.zip", files)
        return SlackExport(path, marking=USUAL, workspace=["acme"])

    return opened


def read_all(archive: Archive) -> dict[str, list[Conversation]]:
    return {each.name: list(archive.conversations(each)) for each in archive.places}


def conversation(*lines: str, marks: dict[int, tuple[str, ...]] | None = None) -> Conversation:
    """Each line is `person: text`, a minute apart."""
    posts = []
    for at, line in enumerate(lines):
        person, _, text = line.partition(": ")
        posts.append(Post(ts(60 * at), person, text, marked_by=(marks or {}).get(at, ())))
    return Conversation(tuple(posts))


def judged(*lines: str, marks: dict[int, tuple[str, ...]] | None = None) -> Any:
    return prepare_all([conversation(*lines, marks=marks)], Who())[0].judged
