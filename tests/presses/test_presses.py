"""Every press re-checks who presses, on what, and from where.

Each row of the table is pressed by everybody of the scene, through Bolt, on a real database. What
is refused changes nothing and tells nothing; what was forged is refused too."""

import json
import logging
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import pytest

from bot.errors import UserError
from handlers import FEATURES
from storage.database import open_sessions
from tests.presses.scene import (
    ADMIN_OUTSIDE,
    ASKER,
    CLOSED,
    EXPERT,
    FOREIGN,
    GUEST,
    INSIDE,
    KEYWORD,
    LOBBY,
    OTHER_TEAM,
    OUTSIDER,
    PEOPLE,
    PRIVATE_WORDS,
    SECRET,
    TEAM,
    TOPIC,
    Answer,
    Ids,
    Stage,
    open_stage,
    set_scene,
)
from tests.presses.store import Rows, Store, changed
from tests.presses.table import DOES, NOTHING, SHOWS, TABLE, Expected, Row

A_FEW = (ASKER, EXPERT, GUEST, OUTSIDER, FOREIGN, CLOSED)
FORGED = (
    *("", "abc", "-1", "0", "1.5", "1e3", "٣", "9" * 30, "999999", "theirs", "a:b:c", ":", "\x00"),
    *(None, 5, -1, 10**30, 1.5, True, [], ["open"], {}, {"value": "open"}),
)
FAILED = "tell an admin"  # what somebody reads when a listener fails


@dataclass
class Theatre:
    """The scene on a stage, and its database, put back after each press."""

    stage: Stage
    ids: Ids
    store: Store
    before: Rows

    async def press(self, body: dict[str, Any], user_id: str) -> tuple[Answer, set[str]]:
        """What is answered, and in which tables something changed."""
        slack = self.stage.slack
        team_id = OTHER_TEAM if user_id == FOREIGN else TEAM
        answer = await self.stage.press(signed(slack, body, user_id, team_id))
        now = self.store.read()
        tables = changed(self.before, now)
        self.store.put_back(self.before, now)
        return answer, tables


def signed(slack: Any, body: dict[str, Any], user_id: str, team_id: str) -> dict[str, Any]:
    """The body as Slack sends it for this person."""
    channel_id = body.get("channel_id") or body.get("channel", {}).get("id") or ""
    known = channel_id if channel_id in slack.channels else LOBBY
    key = slack.response_urls.issue(user_id, known)
    more: dict[str, Any] = {"trigger_id": slack.triggers.issue(user_id)}
    if body.get("type") == "view_submission":
        more["response_urls"] = []
    elif body.get("view") is None:
        more["response_url"] = f"{slack.address}/actions/{TEAM}/{key}"
    who = (
        {"team_id": team_id, "user_id": user_id}
        if "command" in body
        else {"team": {"id": team_id}, "user": {"id": user_id, "team_id": team_id}}
    )
    return {**body, **who, **more, "api_app_id": slack.app_id, "is_enterprise_install": False}


@asynccontextmanager
async def opened(database_url: str) -> AsyncIterator[Theatre]:
    sessions = open_sessions(database_url)
    async with sessions.begin() as session:
        ids = await set_scene(session)
    store = Store(database_url)
    try:
        async with open_stage(sessions) as stage:
            yield Theatre(stage, ids, store, store.read())
    finally:
        store.close()
        await sessions.aclose()


@pytest.fixture
async def theatre(database_url: str) -> AsyncIterator[Theatre]:
    async with opened(database_url) as theatre:
        yield theatre


def on_sqlite_all(theatre: Theatre, rows: Sequence[Row]) -> Iterator[tuple[Row, str]]:
    """All rows and people on SQLite; on PostgreSQL the first row of each thing, and a few."""
    if theatre.store.engine.dialect.name == "sqlite":
        yield from ((row, user_id) for row in rows for user_id in PEOPLE)
        return
    first = {row.heard: row for row in reversed(rows)}
    yield from ((row, user_id) for row in first.values() for user_id in A_FEW)


async def test_everybody_gets_what_the_table_says(theatre: Theatre):
    wrong, presses = [], list(on_sqlite_all(theatre, TABLE))

    for row, user_id in presses:
        body = row.press(theatre.ids)
        answer, tables = await theatre.press(body, user_id)
        problem = judge(row, user_id, body, answer, tables)
        wrong += [f"{row.heard}: {row.about}, by {user_id}: {problem}"] if problem else []

    kinds, outcomes = {row.heard for row in TABLE}, {str(e) for row, e in expected(presses)}
    print(
        f"\n{len(kinds)} actions, {len(PEOPLE)} people, {len(outcomes)} different answers: "
        f"{len(presses)} presses, {len(wrong)} wrong"
    )
    assert not wrong, "\n".join(wrong)


def expected(presses: Iterable[tuple[Row, str]]) -> Iterator[tuple[Row, Expected]]:
    yield from ((row, row.expected(user_id)) for row, user_id in presses)


def judge(
    row: Row, user_id: str, body: dict[str, Any], answer: Answer, tables: set[str]
) -> str | None:
    """What is wrong with it."""
    wanted = row.expected(user_id)
    if answer.status != 200 or FAILED in answer.shown:
        return f"it failed: {answer.status} {answer.sentence}"
    if leaked := leak(row, user_id, body, answer):
        return f"it tells of {leaked}"
    if isinstance(wanted, UserError):
        if answer.sentence != str(wanted):
            return f"it says {answer.sentence or answer.shown[:80]!r}, not {str(wanted)!r}"
        return f"refused, and it changed {sorted(tables)}" if tables else None
    if is_refusal(answer):
        return f"it is refused: {answer.sentence}"
    done = DOES if tables else SHOWS if answer.shown else NOTHING
    return None if done == wanted else f"{done.name}, not: {wanted.name} {sorted(tables)}"


def is_refusal(answer: Answer) -> bool:
    return answer.sentence in SENTENCES


def sentences() -> Iterator[str]:
    for row in TABLE:
        for user_id in PEOPLE:
            wanted = row.expected(user_id)
            if isinstance(wanted, UserError):
                yield str(wanted)


def leak(row: Row, user_id: str, body: dict[str, Any], answer: Answer) -> str | None:
    """What of the board room somebody outside reads that they did not say themselves."""
    if user_id in INSIDE:
        return None
    theirs = [TOPIC] if user_id in row.may_name or TOPIC in body.get("text", "") else []
    if user_id == ADMIN_OUTSIDE and user_id in row.may_name:
        theirs.append(KEYWORD)  # they run every topic
    if SECRET in json.dumps(body):
        theirs.append(SECRET)
    shown = answer.shown
    for words in theirs:
        shown = shown.replace(words.lower(), "")
    told = [word for word in (*PRIVATE_WORDS, SECRET.lower()) if word in shown]
    return ", ".join(told) or None


SENTENCES = frozenset(sentences())


# What was forged


def forge(body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The same press with another value: of the button, the menu, or in the modal."""
    if body.get("type") == "block_actions":
        for value in FORGED:
            forged = deepcopy(body)
            [action] = forged["actions"]
            for name in ("value", "block_id", "selected_user"):
                if name in action and (name != "block_id" or "refer" in action["block_id"]):
                    action[name] = value
            if "selected_option" in action:
                action["selected_option"] = {"value": value}
            yield forged
            for name in ("value", "block_id", "selected_option", "selected_user"):
                action.pop(name, None)
            yield forged
    elif body.get("type") == "view_submission":
        yield from forge_view(body)


def forge_view(body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    written = body["view"]["private_metadata"]
    is_json = isinstance(written, str) and written.startswith("{")
    for value in metadata_forged_from(json.loads(written)) if is_json else FORGED:
        forged = deepcopy(body)
        forged["view"]["private_metadata"] = value
        yield forged
    forged = deepcopy(body)
    del forged["view"]["private_metadata"]
    yield forged


def metadata_forged_from(about: dict[str, Any]) -> Iterator[object]:
    yield from ("", "{", "[]", "null", "5", '"x"', "[" * 5_000, "{}", None, 5, {})
    for name in about:
        for value in FORGED:
            yield json.dumps({**about, name: value})


async def test_what_was_forged_is_refused(theatre: Theatre, caplog: pytest.LogCaptureFixture):
    rows = [row for row in {row.heard: row for row in reversed(TABLE)}.values() if forges(row)]
    is_sqlite = theatre.store.engine.dialect.name == "sqlite"
    wrong, presses = [], 0

    with caplog.at_level(logging.ERROR):
        for row in rows:
            for number, body in enumerate(forge(row.press(theatre.ids))):
                if not is_sqlite and number % 5:
                    continue
                for user_id in (ASKER, OUTSIDER) if is_sqlite else (EXPERT,):
                    presses += 1
                    answer, tables = await theatre.press(deepcopy(body), user_id)
                    problem = judge_forged(row, user_id, body, answer, tables)
                    wrong += [f"{row.heard} {said(body)} {user_id}: {problem}"] if problem else []

    print(f"\n{presses} forged presses, {len(wrong)} wrong")
    assert not wrong, "\n".join(wrong[:60])
    assert not caplog.records


# What is in their values changes nothing but for whom it is: they have none, or it is text.
FREE = {
    "action ask_instead",
    "action find_more",
    "action health_monthly",
    "action no_more_digests",
    "action tell_manager",
    "action change_availability",
    "action open_search",
    "action health_definitions",
    "action health_by_topic",
    "view ask",
    "view search",
    "view availability",
    "view choose_manager",
}


def forges(row: Row) -> bool:
    return row.heard not in FREE and not row.heard.endswith("sponsor_digest")


def said(body: dict[str, Any]) -> str:
    view = body.get("view") or {}
    return repr(view.get("private_metadata", body.get("actions")))[:90]


def judge_forged(
    row: Row, user_id: str, body: dict[str, Any], answer: Answer, tables: set[str]
) -> str | None:
    if answer.status != 200 or FAILED in answer.shown:
        return f"it failed: {answer.status} {answer.sentence}"
    if tables:
        return f"it changed {sorted(tables)}"
    if leaked := leak(row, user_id, body, answer):
        return f"it tells of {leaked}"
    return None


# That nothing is forgotten


class Listening:
    """Stands where Bolt's app does, and notes what is listened to."""

    def __init__(self) -> None:
        self.heard: set[str] = set()

    def __getattr__(self, kind: str) -> Callable[..., Any]:
        def listen(constraint: Any = None, *_: Any, **__: Any) -> Callable[[Any], Any]:
            if kind in ("action", "view", "command", "shortcut"):
                self.heard.add(f"{kind} {constraint}")
            return lambda listener: listener

        return listen


def test_every_action_view_command_and_shortcut_has_a_row():
    app = Listening()

    for feature in FEATURES:
        if hasattr(feature, "register"):
            feature.register(app)

    assert app.heard == {row.heard for row in TABLE}


def test_something_that_nobody_thought_of_has_no_row():
    """The rule above is red for it."""
    app = Listening()

    app.action("new_button")(None)

    assert not app.heard <= {row.heard for row in TABLE}
