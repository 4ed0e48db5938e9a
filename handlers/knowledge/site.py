"""Writing what was solved into a folder: a site, or Markdown. The folder is there once it is
whole, and what was taken back since the last time is not in it any more."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from bot import audit
from bot.knowledge.entries import EVERYBODY, Audience, get_audience, list_entries
from bot.settings import BadSetting
from handlers.blocks.knowledge import markdown
from handlers.blocks.knowledge import site as pages
from storage.database import Sessions

MARK = ".askaround"  # in each folder that we wrote: no other is ever replaced
Progress = Callable[[int], None]


async def write_site(
    sessions: Sessions,
    folder: Path,
    *,
    called: str = EVERYBODY,
    workspace: str = "",
    address: str = "",
    now: datetime,
    on_progress: Progress = lambda done: None,
) -> int:
    """How many answers it has. `called`: for whom, see `get_audience`; `address`: where the site
    will be, for its feed."""
    contents = pages.Contents()
    async with sessions.read() as session:
        audience = await get_audience(session, called=called, workspace=workspace)
        site = pages.site_of(audience, now)
        with replaced(folder) as new:
            async for entry in list_entries(session, audience):
                contents.add(entry)
                write(
                    new / "answers" / f"{entry.id}.html", pages.answer_page(site, audience, entry)
                )
                on_progress(len(contents.lines))
            topics = pages.topics_of(contents, audience)
            newest = tuple(pages.newest_of(contents.lines, pages.NEWEST))
            site = replace(site, total=len(contents.lines), topics=topics, newest=newest)
            write(new / "index.html", pages.front_page(site))
            for topic in topics:
                key = None if topic.page == pages.OTHER else int(topic.page)
                listed = pages.topic_page(site, topic, contents.topics[key])
                write(new / "topics" / f"{topic.page}.html", listed)
            write(new / "search-index.js", pages.search_index(contents))
            write(new / "feed.xml", pages.feed(site, audience, contents, address.rstrip("/")))
            for name in pages.AS_THEY_ARE:
                write(new / name, (pages.PAGES / name).read_text("utf-8"))
    await note_published(sessions, audience, now=now)
    return len(contents.lines)


async def write_markdown(
    sessions: Sessions,
    folder: Path,
    *,
    called: str = EVERYBODY,
    workspace: str = "",
    now: datetime,
    on_progress: Progress = lambda done: None,
) -> int:
    """How many answers it has, a file each. `called`: as for the site."""
    contents = pages.Contents()
    async with sessions.read() as session:
        audience = await get_audience(session, called=called, workspace=workspace)
        with replaced(folder) as new:
            async for entry in list_entries(session, audience):
                contents.add(entry)
                write(new / "answers" / f"{entry.id}.md", markdown.answer_file(audience, entry))
                on_progress(len(contents.lines))
            topics = pages.topics_of(contents, audience)
            site = replace(pages.site_of(audience, now), topics=topics)
            write(new / "README.md", markdown.front_file(site, contents))
    await note_published(sessions, audience, now=now)
    return len(contents.lines)


async def note_published(sessions: Sessions, audience: Audience, *, now: datetime) -> None:
    """What leaves Slack is in the audit."""
    async with sessions.begin() as session:
        await audit.note(
            session,
            audit.PUBLISHED,
            team_id=audience.team_id,
            channel_id=audience.channel_id,
            by=None,
            now=now,
        )


def write(file: Path, content: str) -> None:
    file.parent.mkdir(exist_ok=True)
    file.write_text(content, "utf-8")


@contextmanager
def replaced(folder: Path) -> Iterator[Path]:
    """A new folder that takes the place of the one of that name, once all is in it."""
    check_is_ours(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=f".{folder.name}.", dir=folder.parent) as beside:
            new = Path(beside) / "new"
            new.mkdir()
            write(new / MARK, "")
            yield new
            if folder.exists():
                folder.rename(Path(beside) / "old")
            new.rename(folder)
    except OSError as error:
        raise BadSetting(f"{folder} cannot be written ({error.strerror}).") from error


def check_is_ours(folder: Path) -> None:
    if folder.exists() and not (folder / MARK).exists() and not is_empty(folder):
        raise BadSetting(f"{folder} has something else in it: name another folder.")


def is_empty(folder: Path) -> bool:
    return folder.is_dir() and not any(folder.iterdir())
