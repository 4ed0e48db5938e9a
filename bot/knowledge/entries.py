"""What leaves Slack as knowledge: what was solved where a named audience can read it.

The audience is everybody, which is every colleague but guests, or the members of a channel. What
a single one of them could not read in Slack, as far as we know, is left out: also a topic's name,
a channel's, and that of somebody who wishes not to be named."""

import html
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, auto

from sqlalchemy.ext.asyncio import AsyncSession

from bot.files import list_files
from bot.rights import may_all_read
from bot.settings import BadSetting
from bot.text import (
    A_COLLEAGUE,
    SLACK_MARKUP,
    THE_ASKER,
    FileFacts,
    headline,
    is_mask,
    plain,
    unformatted,
)
from storage import workspaces
from storage.knowledge import entries
from storage.questions import archived
from storage.questions.answers import BY_APP
from storage.recognition import kudos, naming
from storage.tables import Answer, Archived, Question

AT_ONCE = 500  # questions
EVERYBODY = "everybody"
AN_APP, ANOTHER_CHANNEL = "an app", "another channel"


class NoSuchAudience(BadSetting):
    def __init__(self, called: str) -> None:
        super().__init__(
            f"I am in no channel {called}, or do not know yet who else is: name everybody, or a "
            "channel as Slack lists it."
        )


class NoSuchWorkspace(BadSetting):
    def __init__(self, known: Sequence[str]) -> None:
        super().__init__(
            f"Say which workspace: --workspace with one of {', '.join(known)}."
            if known
            else "No workspace is in the database yet: start the bot once."
        )


class State(StrEnum):
    """Whether it is still true, as far as somebody said."""

    SOLVED = auto()  # it worked then; nobody said more
    ARCHIVED = auto()  # an archive alone says that this solved it
    CONFIRMED = auto()  # somebody who knows says so
    DOUBTED = auto()  # somebody says that it no longer works
    OUTDATED = auto()  # somebody who knows says so


@dataclass(frozen=True)
class Audience:
    """Whom it is for, and what they read. `channel`: whose members; None for everybody."""

    team_id: str
    workspace: str
    workspace_url: str
    channel: str | None
    channel_id: str | None
    channels: Mapping[str, str]  # by their id, what they are called
    topics: Mapping[int, str]
    names: Mapping[str, str]  # of people, those without who wish not to be named


@dataclass(frozen=True)
class Answered:
    """What solved it. The text is in Slack's wire form, with names for people and channels."""

    text: str
    author: str
    message_ts: str
    thread_ts: str
    files: tuple[str, ...] = ()


@dataclass(frozen=True)
class Entry:
    """A solved question. The text as in Answered; `title` as people read it."""

    id: int
    title: str
    text: str
    channel_id: str
    thread_ts: str
    topic_id: int | None
    asked_at: datetime
    solved_at: datetime
    state: State
    stated_at: datetime
    helped: int
    answers: tuple[Answered, ...]
    files: tuple[str, ...] = ()
    link: str | None = None  # where it is read, if that is not Slack

    @property
    def changed_at(self) -> datetime:
        return max(self.solved_at, self.stated_at)


async def get_audience(
    session: AsyncSession, *, called: str = EVERYBODY, workspace: str = ""
) -> Audience:
    """`called`: everybody, or a channel by its name or id; `workspace`: its id, where there are
    several. NoSuchAudience or NoSuchWorkspace says what to name instead."""
    team_id = await find_team(session, workspace)
    known = await workspaces.get(session, team_id)
    channel = None
    if called == EVERYBODY:
        open_to = await entries.list_public(session, team_id)
    else:
        channel = await entries.find_channel(session, team_id, called.removeprefix("#"))
        if channel is None or channel.members_read_at is None:
            raise NoSuchAudience(called)
        open_to = [
            each
            for each in await entries.list_all(session, team_id)
            if await may_all_read(
                session, team_id, channel_id=each.channel_id, members_of=channel.channel_id
            )
        ]
    ids = [each.channel_id for each in open_to]
    unnamed = await naming.list_unnamed(session, team_id)
    names = await entries.list_names(session, team_id)
    return Audience(
        team_id=team_id,
        workspace=known.name if known else "",
        workspace_url=known.url if known else "",
        channel=channel.name if channel else None,
        channel_id=channel.channel_id if channel else None,
        channels={each.channel_id: each.name for each in open_to},
        topics=await entries.list_topics(session, team_id, channel_ids=ids),
        names={user_id: name for user_id, name in names.items() if user_id not in unnamed},
    )


async def find_team(session: AsyncSession, workspace: str) -> str:
    ids = await workspaces.list_ids(session)
    if workspace in ids or (not workspace and len(ids) == 1):
        return workspace or ids[0]
    raise NoSuchWorkspace(ids)


async def list_entries(session: AsyncSession, audience: Audience) -> AsyncIterator[Entry]:
    """All that was solved where they can read it, in the order in which it was asked first."""
    after = 0
    while page := await entries.list_solved(
        session,
        audience.team_id,
        channel_ids=audience.channels.keys(),
        after=after,
        limit=AT_ONCE,
    ):
        after = page[-1].id
        ids = [question.id for question in page]
        solved = await entries.list_solutions(session, ids, channel_ids=audience.channels.keys())
        helped = await kudos.count_helped(session, ids)
        shown = await list_files(session, page)
        from_archive = await archived.list_of(session, ids)
        for question in page:
            answers = tuple(
                answered_by(answer, question, audience, shown.replied(answer))
                for answer in solved.get(question.id, ())
            )
            if answers:
                files = tuple(file.title for file in shown.asked(question))
                helps, origin = helped.get(question.id, 0), from_archive.get(question.id)
                yield entry_of(question, answers, files, audience, helps, origin)
        session.expunge_all()  # what is told needs no memory


def entry_of(
    question: Question,
    answers: tuple[Answered, ...],
    files: tuple[str, ...],
    audience: Audience,
    helped: int,
    from_archive: Archived | None,
) -> Entry:
    text = with_names(question.text, audience)
    solved_at = question.solved_at or question.asked_at
    state, stated_at = state_of(question, from_archive)
    return Entry(
        id=question.id,
        title=headline(unformatted(plain(text))),
        text=text,
        channel_id=question.channel_id,
        thread_ts=question.thread_ts or "",
        topic_id=question.topic_id if question.topic_id in audience.topics else None,
        asked_at=question.asked_at,
        solved_at=solved_at,
        state=state,
        stated_at=stated_at or solved_at,
        helped=helped,
        answers=answers,
        files=files,
        link=from_archive.link if from_archive else None,
    )


def answered_by(
    answer: Answer, question: Question, audience: Audience, files: Sequence[FileFacts]
) -> Answered:
    return Answered(
        text=with_names(answer.text, audience),
        author=AN_APP if answer.kind == BY_APP else called(answer.author_id, audience),
        message_ts=answer.message_ts,
        thread_ts=answer.thread_ts or question.thread_ts or "",
        files=tuple(file.title for file in files),
    )


def state_of(question: Question, from_archive: Archived | None) -> tuple[State, datetime | None]:
    """And since when."""
    if question.outdated_at is not None:
        return State.OUTDATED, question.outdated_at
    if question.doubted_at is not None:
        return State.DOUBTED, question.doubted_at
    if question.confirmed_at is not None:
        return State.CONFIRMED, question.confirmed_at
    if from_archive is not None and from_archive.confirmed_at is None:
        return State.ARCHIVED, question.solved_at
    return State.SOLVED, question.solved_at


def called(user_id: str, audience: Audience) -> str:
    """A person as they wish to be named."""
    if is_mask(user_id):
        return THE_ASKER
    return audience.names.get(user_id) or A_COLLEAGUE


def with_names(text: str, audience: Audience) -> str:
    """The text with names in place of what Slack would draw them from. Slack's own labels are
    left out: they can name a channel that not everybody may know of."""

    def read(markup: re.Match[str]) -> str:
        sign, target, _ = markup.groups()
        if sign == "@":
            return html.escape(f"@{called(target, audience)}", quote=False)
        if sign == "#":
            name = audience.channels.get(target)
            return html.escape(f"#{name}", quote=False) if name else ANOTHER_CHANNEL
        return markup.group()

    return SLACK_MARKUP.sub(read, text)
