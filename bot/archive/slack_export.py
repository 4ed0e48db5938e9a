"""Slack's own exports: standard ones, Corporate ones with private channels, and Grid ones with a
folder for each workspace. Direct messages are never read.

Each channel has a folder with a file a day; a thread's replies lie where the days are on which
they were written. So a channel is looked through once, for when each thread ends and what of it
was edited or deleted, and then read: a thread is given once its last reply came, and no more is
held than threads that are open."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from bot.archive.archives import (
    SLACK_EXPORT,
    Conversation,
    Human,
    Place,
    Post,
    Troubles,
)
from bot.archive.packed import Packed
from bot.errors import NoSlackExport, WhichWorkspace
from bot.text import LONGEST_TITLE, clean, shorten

# What people post; all else is a notice of Slack's.
SAID = frozenset((None, "", "thread_broadcast", "me_message", "file_share"))
CHANGED, DELETED, GONE = "message_changed", "message_deleted", "tombstone"
SLACKBOT = "USLACKBOT"
A_FILE = "file"

Raw = Mapping[str, Any]


@dataclass(frozen=True)
class Folder:
    """A channel's."""

    place: Place
    days: Sequence[str]


@dataclass
class Look:
    """What must be known of a channel before it is read."""

    last_day: dict[str, int] = field(default_factory=dict)  # of each thread
    edits: dict[str, Raw] = field(default_factory=dict)
    deleted: set[str] = field(default_factory=set)
    messages: int = 0


class SlackExport:
    """`workspace`: which of a Grid export's; `marking`: the emoji that mark a solution."""

    source = SLACK_EXPORT

    def __init__(
        self, path: Path, *, marking: Collection[str], workspace: Collection[str] = ()
    ) -> None:
        self.packed = Packed(path)
        self.name = path.name[:200]
        self.marking = frozenset(marking)
        self.trouble = Troubles()
        roots = roots_of(self.packed.names)
        if not roots:
            raise NoSlackExport(path.name)
        self.roots = chosen_roots(roots, workspace, path.name)
        self.people = dict(self._people())
        self.folders = {each.place.channel_id: each for each in self._folders()}
        self.places = [each.place for each in self.folders.values()]
        self.checksum = self.packed.checksum()
        self._looks: dict[str, Look] = {}

    def _people(self) -> Iterator[tuple[str, Human]]:
        for root in ("", *self.roots):
            for name in ("org_users.json", "users.json"):
                for raw in self.packed.json(f"{root}{name}") or ():
                    if isinstance(raw, dict) and isinstance(raw.get("id"), str):
                        yield raw["id"], human_of(raw)

    def _folders(self) -> Iterator[Folder]:
        days: dict[str, list[str]] = {}
        for name in self.packed.names:
            path = PurePosixPath(name)
            if path.suffix == ".json":
                days.setdefault(f"{path.parent}", []).append(name)
        for root in dict.fromkeys(("", *self.roots)):
            for name, is_private in (("channels.json", False), ("groups.json", True)):
                for raw in self.packed.json(f"{root}{name}") or ():
                    if not isinstance(raw, dict) or not isinstance(raw.get("id"), str):
                        self.trouble.add(f"{root}{name}", "no_id")
                        continue
                    place = place_of(raw, is_private=is_private)
                    folder = f"{root}{raw.get('name') or raw['id']}"
                    files = days.get(folder) or days.get(f"{root}{raw['id']}") or []
                    yield Folder(place, sorted(files))

    def count(self, place: Place) -> int:
        look = self._looks[place.channel_id] = self._look_through(self.folders[place.channel_id])
        return look.messages

    def conversations(self, place: Place) -> Iterator[Conversation]:
        folder = self.folders[place.channel_id]
        look = self._looks.get(place.channel_id) or self._look_through(folder)
        opened: dict[str, list[Post]] = {}
        seen = set[str]()
        for number, day in enumerate(folder.days):
            for raw in self.packed.objects(day):
                post = self._post_of(raw, day, look, seen)
                if post is None:
                    continue
                thread_ts = thread_of(raw)
                if thread_ts not in look.last_day and thread_ts == post.ts:
                    yield Conversation((post,))
                else:
                    opened.setdefault(thread_ts, []).append(post)
            done = [ts for ts in opened if look.last_day.get(ts, -1) <= number]
            for ts in done:
                posts = sorted(opened.pop(ts), key=lambda each: float(each.ts))
                if posts[0].ts == ts:
                    yield Conversation(tuple(posts))
                else:
                    self.trouble.add(f"{day}: {ts}", "no_parent")

    def _look_through(self, folder: Folder) -> Look:
        look = Look()
        for number, day in enumerate(folder.days):
            for raw in self.packed.objects(day):
                look.messages += 1
                match raw.get("subtype"):
                    case "message_changed":
                        edited = raw.get("message")
                        if isinstance(edited, dict) and isinstance(edited.get("ts"), str):
                            look.edits[edited["ts"]] = edited
                    case "message_deleted":
                        look.deleted.add(str(raw.get("deleted_ts") or previous_ts(raw)))
                    case _:
                        thread_ts = raw.get("thread_ts")
                        if isinstance(thread_ts, str):
                            look.last_day[thread_ts] = number
        return look

    def _post_of(self, raw: Raw, day: str, look: Look, seen: set[str]) -> Post | None:
        ts, subtype = raw.get("ts"), raw.get("subtype")
        if not is_ts(ts):
            self.trouble.add(day, "no_ts")
            return None
        assert isinstance(ts, str)
        if subtype in (CHANGED, DELETED, GONE) or ts in look.deleted:
            return None
        if ts in seen:
            self.trouble.add(f"{day}: {ts}", "twice")
            return None
        seen.add(ts)
        if ts in look.edits:
            raw = {**raw, **look.edits[ts]}
        return self._said(raw, ts)

    def _said(self, raw: Raw, ts: str) -> Post:
        author_id = raw.get("user")
        is_said = raw.get("subtype") in SAID and not raw.get("bot_id")
        if not isinstance(author_id, str) or author_id == SLACKBOT:
            author_id, is_said = str(raw.get("bot_id") or "B"), False
        files = tuple(files_of(raw))
        text = words_of(raw) or "\n".join(title for _, title, _ in files)
        edited = raw.get("edited")
        return Post(
            ts=ts,
            author_id=author_id[:32],
            text=text,
            marked_by=self._marked_by(raw),
            is_by_app=not is_said,
            edited_ts=str(edited.get("ts", "")) if isinstance(edited, dict) else "",
            files=files,
        )

    def _marked_by(self, raw: Raw) -> tuple[str, ...]:
        reactions = raw.get("reactions")
        if not isinstance(reactions, list):
            return ()
        return tuple(
            user
            for each in reactions
            if isinstance(each, dict)
            and str(each.get("name", "")).partition("::")[0] in self.marking
            for user in each.get("users") or ()
            if isinstance(user, str)
        )


def roots_of(names: Sequence[str]) -> list[str]:
    """The folders with a list of channels: "" for the archive's own, "teams/acme/" for a
    workspace's."""
    lists = [PurePosixPath(each) for each in names]
    found = {each.parent for each in lists if each.name in ("channels.json", "groups.json")}
    return sorted("" if str(each) == "." else f"{each}/" for each in found)


def chosen_roots(roots: Sequence[str], workspace: Collection[str], archive: str) -> Sequence[str]:
    """Of a Grid export, the wanted workspace's folder and what all workspaces share."""
    teams = {each: PurePosixPath(each).name for each in roots if each.startswith("teams/")}
    if len(teams) < 2:
        return roots
    wanted = {each.casefold() for each in workspace}
    mine = [root for root, name in teams.items() if name.casefold() in wanted]
    if not mine:
        raise WhichWorkspace(archive, sorted(teams.values()))
    return [each for each in roots if each not in teams or each in mine]


def human_of(raw: Raw) -> Human:
    profile = raw.get("profile") if isinstance(raw.get("profile"), dict) else {}
    assert isinstance(profile, dict)
    name = (
        profile.get("display_name")
        or profile.get("real_name")
        or raw.get("real_name")
        or raw.get("name")
    )
    return Human(
        user_id=raw["id"][:32],
        name=clean(str(name or ""))[:100],
        email=str(profile.get("email") or ""),
        timezone=raw["tz"] if isinstance(raw.get("tz"), str) else None,
        is_bot=bool(raw.get("is_bot")) or raw["id"] == SLACKBOT,
        is_guest=bool(raw.get("is_restricted") or raw.get("is_ultra_restricted")),
        is_external=bool(raw.get("is_stranger")),
        is_deactivated=bool(raw.get("deleted")),
    )


def place_of(raw: Raw, *, is_private: bool) -> Place:
    return Place(
        channel_id=raw["id"][:32],
        name=clean(str(raw.get("name") or raw["id"]))[:80],
        is_private=is_private or bool(raw.get("is_private")),
        is_shared=bool(raw.get("is_ext_shared")),
    )


def words_of(raw: Raw) -> str:
    """What was written, with the words of messages that were forwarded."""
    said = [raw.get("text")]
    attachments = raw.get("attachments")
    if isinstance(attachments, list):
        said += [
            each.get("text")
            for each in attachments
            if isinstance(each, dict) and (each.get("is_share") or each.get("is_msg_unfurl"))
        ]
    return "\n".join(clean(each).strip() for each in said if isinstance(each, str) and each.strip())


def files_of(raw: Raw) -> Iterator[tuple[str, str, str]]:
    files = raw.get("files")
    for each in files if isinstance(files, list) else ():
        if not isinstance(each, dict) or each.get("mode") in (GONE, "hidden_by_limit"):
            continue
        file_id = each.get("id")
        if isinstance(file_id, str) and file_id:
            kind = str(each.get("mimetype") or "")
            title = shorten(clean(str(each.get("title") or each.get("name") or "")), LONGEST_TITLE)
            yield file_id[:32], title or A_FILE, "picture" if kind.startswith("image/") else "file"


def thread_of(raw: Raw) -> str:
    thread_ts = raw.get("thread_ts")
    return thread_ts if isinstance(thread_ts, str) and thread_ts else str(raw["ts"])


def previous_ts(raw: Raw) -> str:
    previous = raw.get("previous_message")
    return str(previous.get("ts", "")) if isinstance(previous, dict) else ""


def is_ts(value: object) -> bool:
    if not isinstance(value, str) or len(value) > 32:
        return False
    seconds, dot, rest = value.partition(".")
    return seconds.isdigit() and seconds.isascii() and bool(dot) and rest.isdigit()
