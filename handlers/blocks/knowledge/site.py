"""The pages of the site: what was solved, for people with a browser and nothing else."""

import html
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bot.knowledge.entries import Answered, Audience, Entry, State
from bot.knowledge.lookup import Lookup
from bot.text import plain, shorten, unformatted
from handlers.blocks.text import count, permalink
from handlers.blocks.wire import to_html

PAGES = Path(__file__).with_name("site_pages")
AS_THEY_ARE = ("style.css", "search.js")
NEWEST, IN_FEED = 20, 50
TITLE, LEAD = 110, 90  # characters, in the index
OTHER = "other"  # the page of what has no topic
ATOM = "http://www.w3.org/2005/Atom"
NOTES = {State.DOUBTED: "Somebody says that it no longer works", State.OUTDATED: "Outdated"}
LETTERS = {State.DOUBTED: "d", State.OUTDATED: "o"}


@dataclass(frozen=True)
class Line:
    """An answer in a list."""

    id: int
    title: str
    solved_at: datetime
    changed_at: datetime
    state: State

    @property
    def is_stale(self) -> bool:
        return self.state in NOTES

    @property
    def note(self) -> str:
        return NOTES.get(self.state, "")


@dataclass(frozen=True)
class TopicPage:
    page: str  # its file's name
    name: str
    told: str


@dataclass
class Contents:
    """What lists and the index need of the answers, as they come."""

    lookup: Lookup = field(default_factory=Lookup)
    topics: dict[int | None, list[Line]] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    leads: list[str] = field(default_factory=list)

    def add(self, entry: Entry) -> None:
        asked = read(entry.text)
        solved = "\n".join(read(each.text) for each in entry.answers)
        title = shorten(entry.title, TITLE) or "A question"
        line = Line(entry.id, title, entry.solved_at, entry.changed_at, entry.state)
        self.lookup.add(entry.title, "\n".join([asked, solved, *entry.files]))
        self.topics.setdefault(entry.topic_id, []).append(line)
        self.lines.append(line)
        self.leads.append(shorten(solved, LEAD))


@dataclass(frozen=True)
class Site:
    """What every page says."""

    name: str
    audience: str
    made_at: datetime
    total: int = 0
    topics: tuple[TopicPage, ...] = ()
    newest: tuple[Line, ...] = ()


def read(text: str) -> str:
    return unformatted(plain(text))


def site_of(audience: Audience, made_at: datetime) -> Site:
    """Before its answers are known."""
    name = shorten(audience.workspace, 60) or "Askaround"
    whom = (
        f"For the members of #{audience.channel} alone: please do not pass it on."
        if audience.channel
        else f"For colleagues at {name} alone: please do not pass it on."
    )
    return Site(f"{name}: what was solved", whom, made_at)


def topics_of(contents: Contents, audience: Audience) -> tuple[TopicPage, ...]:
    named = sorted(
        (audience.topics[topic_id].casefold(), topic_id)
        for topic_id in contents.topics
        if topic_id is not None
    )
    pages = [
        TopicPage(str(topic_id), audience.topics[topic_id], told(contents.topics[topic_id]))
        for _, topic_id in named
    ]
    if None in contents.topics:
        pages.append(TopicPage(OTHER, "Without a topic", told(contents.topics[None])))
    return tuple(pages)


def told(lines: Sequence[Line]) -> str:
    return count(len(lines), "answer")


def newest_of(lines: Sequence[Line], most: int | None = None) -> list[Line]:
    return sorted(lines, key=lambda line: (line.solved_at, line.id), reverse=True)[:most]


# Pages


def front_page(site: Site) -> str:
    return page("index.html", site, "", is_front=True)


def topic_page(site: Site, topic: TopicPage, lines: Sequence[Line]) -> str:
    return page("topic.html", site, "../", topic=topic, entries=newest_of(lines))


def answer_page(site: Site, audience: Audience, entry: Entry) -> str:
    topic = audience.topics.get(entry.topic_id or 0)
    return page(
        "answer.html",
        site,
        "../",
        entry=entry,
        topic={"page": entry.topic_id, "name": topic} if topic else None,
        state=state_line(entry),
        source=source_of(audience, entry, entry.thread_ts),
        answers=[answer_of(audience, entry, each) for each in entry.answers],
        helped=helped_line(entry.helped),
    )


def answer_of(audience: Audience, entry: Entry, answer: Answered) -> dict[str, Any]:
    source = source_of(audience, entry, answer.message_ts, answer.thread_ts)
    return {**vars(answer), "source": source}


def source_of(audience: Audience, entry: Entry, message_ts: str, thread_ts: str = "") -> str:
    if entry.link is not None:
        return entry.link
    address = permalink(audience.workspace_url, entry.channel_id, message_ts, thread_ts)
    return html.unescape(address)


def state_line(entry: Entry) -> str:
    day = day_of(entry.stated_at)
    match entry.state:
        case State.CONFIRMED:
            return f"Still true: somebody who knows said so on {day}."
        case State.DOUBTED:
            return f"Somebody said on {day} that it no longer works. Check it before you use it."
        case State.OUTDATED:
            return f"Outdated since {day}: somebody who knows says that it is true no more."
        case State.ARCHIVED:
            return f"From the archive of {day}, not confirmed: nobody said here that it worked."
    return f"It worked on {day}. Nobody was asked since whether it still does."


def helped_line(helped: int) -> str:
    if helped == 0:
        return ""
    return "It helped somebody else too." if helped == 1 else f"It helped {helped} people besides."


def page(name: str, site: Site, root: str, *, is_front: bool = False, **values: Any) -> str:
    """`root`: the way from the page to the site's first folder."""
    return pages().get_template(name).render(site=site, root=root, is_front=is_front, **values)


@cache
def pages() -> Environment:
    made = Environment(
        loader=FileSystemLoader(PAGES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["wire"] = lambda text: Markup(to_html(text))
    made.filters["day"] = day_of
    return made


def day_of(at: datetime) -> str:
    """1 December 2026"""
    return f"{at.day} {at:%B %Y}"


# Beside the pages


def search_index(contents: Contents) -> str:
    """The script that brings the index along: what is opened from a disk may read no other file."""
    lines = contents.lines
    index = {
        **contents.lookup.told(),
        "ids": [line.id for line in lines],
        "titles": [line.title for line in lines],
        "leads": contents.leads,
        "days": [day_of(line.solved_at) for line in lines],
        "states": "".join(LETTERS.get(line.state, " ") for line in lines),
        "notes": {LETTERS[state]: note for state, note in NOTES.items()},
    }
    told = json.dumps(index, ensure_ascii=False, separators=(",", ":"))
    return f"window.askaroundIndex={told};\n"


def feed(site: Site, audience: Audience, contents: Contents, address: str) -> str:
    """Atom, the newest first. `address`: where the site will be; empty where nobody said."""
    ElementTree.register_namespace("", ATOM)
    root = ElementTree.Element(f"{{{ATOM}}}feed")
    changed = sorted(contents.lines, key=lambda line: line.changed_at, reverse=True)[:IN_FEED]
    tagged = f"tag:slack.com,2026:askaround/{audience.team_id}"
    add(root, "id", tagged)
    add(root, "title", site.name)
    add(root, "updated", (changed[0].changed_at if changed else site.made_at).isoformat())
    add(add(root, "author"), "name", site.name)
    if address:
        add(root, "link", href=f"{address}/feed.xml", rel="self")
    for line in changed:
        entry = add(root, "entry")
        add(entry, "id", f"{tagged}/{line.id}")
        add(entry, "title", line.title)
        add(entry, "published", line.solved_at.isoformat())
        add(entry, "updated", line.changed_at.isoformat())
        add(entry, "link", href=f"{address or '.'}/answers/{line.id}.html", rel="alternate")
        if line.note:
            add(entry, "summary", line.note)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True)


def add(
    parent: ElementTree.Element, tag: str, text: str | None = None, **attributes: str
) -> ElementTree.Element:
    made = ElementTree.SubElement(parent, f"{{{ATOM}}}{tag}", attributes)
    made.text = None if text is None else speakable(text)
    return made


def speakable(text: str) -> str:
    """Without what no XML may have."""
    return "".join(each for each in text if each >= " " and each not in "\ufffe\uffff")
