"""One person's page over a socket: first everything that is there, then what changes."""

import asyncio
import contextlib
from collections.abc import Iterator
from typing import Any

from aiohttp import WSMsgType, web

from sandbox.page.overview import overview
from sandbox.people import Person
from sandbox.slack import Slack
from sandbox.workspace import Payload

HEARTBEAT_SECONDS = 20


async def live(slack: Slack, request: web.Request) -> web.StreamResponse:
    """`?user=maria` or the identifier; frames of {"now": seconds, …} as JSON."""
    await slack.bell.heard(lambda: not slack.is_being_set)
    person = find_person(slack, request.query.get("user", ""))
    socket = web.WebSocketResponse(heartbeat=HEARTBEAT_SECONDS)
    await socket.prepare(request)
    telling = asyncio.create_task(_tell(slack, person, socket))
    try:
        async for frame in socket:  # the page says nothing; this ends when it goes
            if frame.type == WSMsgType.ERROR:
                break
    finally:
        telling.cancel()
        await asyncio.wait([telling])
    return socket


def find_person(slack: Slack, name: str) -> Person:
    """Whoever has that name or identifier; else who the tour starts with, else the first."""
    people = [user for user in slack.workspace.users.values() if not user.is_bot]
    if not people:
        raise web.HTTPNotFound(text="There is nobody in this workspace yet.")
    first = slack.tour[0]["as"] if slack.tour else people[0].name
    for wanted in (name, first):
        for user in people:
            if wanted in (user.id, user.name):
                return Person(slack, user)
    return Person(slack, people[0])


def told_privately(slack: Slack) -> dict[str, str]:
    """By name: the ts of the newest of what the app wrote to each person, for the tour's steps."""
    users, newest = slack.workspace.users, {}
    for channel in slack.workspace.channels.values():
        if channel.kind == "im" and channel.timeline:
            person = next(each for each in channel.members if each != slack.app.bot_user_id)
            newest[users[person].name] = channel.timeline[-1]
    return newest


async def _tell(slack: Slack, person: Person, socket: web.WebSocketResponse) -> None:
    news = News(slack, person)
    with contextlib.suppress(ConnectionError):
        await socket.send_json(news.everything())
        run = slack.run
        while True:
            await slack.bell.heard(news.is_any)
            if slack.run != run:  # who this was may not be in the workspace any more
                await socket.close()
                return
            await socket.send_json(news.take())


class News:
    """What this person has not been told yet."""

    def __init__(self, slack: Slack, person: Person) -> None:
        self._slack, self._person = slack, person
        self._mark()

    def everything(self) -> Payload:
        self._mark()
        return self._frame(overview=overview(self._slack, self._person), **self._surfaces())

    def is_any(self) -> bool:
        return self._now_at() != self._told

    def take(self) -> Payload:
        changes = self._slack.changes.since(self._told[1])
        if changes is None:
            return self.everything() | {"missed": True}
        self._mark()
        frame = self._frame(messages=list(self._messages(changes)), **self._surfaces())
        if any(not change.ts for change in changes):
            frame["overview"] = overview(self._slack, self._person)
        return frame

    def _messages(self, changes: list[Any]) -> Iterator[Payload]:
        """Messages as this person may see them now; one that is gone has no content."""
        for change in changes:
            is_for_another = change.user_id not in ("", self._person.user.id)
            if change.ts and not is_for_another and self._person.can_read(change.channel_id):
                message = self._person.sees_message(change.channel_id, change.ts)
                yield {"channel": change.channel_id, "ts": change.ts, "message": message}

    def _surfaces(self) -> Payload:
        return {"view": self._person.view, "home": self._person.home}

    def _frame(self, **content: Any) -> Payload:
        told = {"told": told_privately(self._slack)} if self._slack.tour else {}
        return {"now": self._slack.clock.now().timestamp()} | told | content

    def _mark(self) -> None:
        self._told = self._now_at()

    def _now_at(self) -> tuple[Any, ...]:
        surfaces, user_id = self._slack.surfaces, self._person.user.id
        return (
            self._slack.run,
            self._slack.changes.latest,
            id(surfaces.top(user_id)),
            id(surfaces.homes.get(user_id)),
            self._slack.clock.offset,
            bool(self._slack.socket_mode.sockets),
        )
