"""Every press re-checks who presses, on what, and from where.

Each row of the table is pressed by everybody of the scene, through Bolt, on a real database. What
is refused changes nothing and tells nothing; what was forged is refused too."""

import json
import logging
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from bot.errors import OpenItAgain, UserError
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
    LEFT,
    LOBBY,
    OTHER_TEAM,
    OUTSIDER,
    PEOPLE,
    PRESSED_AT,
    PRIVATE_WORDS,
    ROOT,
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
from tests.presses.table import DOES, NOTHING, SHOWS, TABLE, Expected, Outcome, Row

A_FEW = (ASKER, EXPERT, GUEST, OUTSIDER, FOREIGN, CLOSED)
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
    if SECRET in json.dumps(body) or user_id == FOREIGN:  # a channel of theirs has that id too
        theirs.append(SECRET)
    shown = answer.shown
    for words in theirs:
        shown = shown.replace(words.lower(), "")
    told = [word for word in (*PRIVATE_WORDS, SECRET.lower()) if word in shown]
    return ", ".join(told) or None


SENTENCES = frozenset(sentences())


# What was forged

# Other than what a button, a menu or a modal of ours says. The last ones are no texts.
FORGED = (
    *("", "abc", "-1", "0", "1.5", "٣", "9" * 30, "999999", "theirs", ":", "\x00\ud800"),
    *(None, 5, 10**30, True, ["open"], {"value": "open"}),
)
FORGED_JSON = ("", "{", "[]", "null", "5", "[" * 5_000, "{}", None, 5, {})
FORGED_IN_JSON = ("abc", "\x00", -1, 10**30, True, None, ["open"])
FORGED_INPUTS = ("\x00\ud800", "9" * 30, "<!channel>", None, 5, {})
# In these there is nothing to forge: they have no value, or it is what somebody looks for.
FREE = {
    "action add_webhook",
    "action after_training",
    "action all_tokens",
    "action ask_instead",
    "action audit",
    "action audit_csv",
    "action change_availability",
    "action erase_me",
    "action erase_other",
    "action gaps_csv",
    "action gaps_monthly",
    "action gaps_open",
    "action gaps_readers",
    "action health_by_topic",
    "action health_definitions",
    "action health_monthly",
    "action make_token",
    "action my_data",
    "action my_data_take",
    "action nameless_look",
    "action no_more_digests",
    "action open_assistants",
    "action open_search",
    "action open_tokens",
    "action open_webhooks",
    "action preview_own_digest",
    "action preview_sponsor_digest",
    "action retention",
    "action start_checks",
    "action stay_out",
    "action stop_checks",
    "action suggest_monthly",
    "action tell_manager",
    "action try_undelivered_again",
    "action your_people",
    "view ask",
    "view assistants",
    "view availability",
    "view choose_manager",
    "view erase_me",
    "view erase_other",
    "view look_after_training",
    "view name_gap_readers",
    "view nameless_look",
    "view retention",
    "view search",
    "view staying_out",
    "view token",
    "view webhook",
}
# What these say is checked like what is chosen, or left out: see `table`.
FREE_IN_JSON = ("channel_id", "keeps_words", "manager_id", "period", "reason")
FIRST_ROWS = {row.heard: row for row in reversed(TABLE)}.values()


def forged_from(body: dict[str, Any], ids: Ids) -> Iterator[dict[str, Any]]:
    """The same press with another value of the button or the menu, or in the modal."""
    if "actions" in body:
        yield from (with_value(body, value) for value in forged_values(ids))
    if body["type"] == "view_submission":
        written = body["view"]["private_metadata"]
        is_json = written.startswith("{")
        values = forged_json(json.loads(written)) if is_json else forged_values(ids)
        yield from (changed_in(body, "view", private_metadata=value) for value in values)


def forged_values(ids: Ids) -> Iterator[object]:
    yield from (str(ids.theirs) if value == "theirs" else value for value in FORGED)


def forged_json(about: dict[str, Any]) -> Iterator[object]:
    yield from FORGED_JSON
    checked = [name for name in about if name not in FREE_IN_JSON]
    yield from (json.dumps({**about, name: value}) for name in checked for value in FORGED_IN_JSON)


def with_value(body: dict[str, Any], value: object) -> dict[str, Any]:
    [action] = body["actions"]
    forged = {"value": value, "block_id": value, "selected_option": {"value": value}}
    return {**body, "actions": [{**action, **forged}]}


def changed_in(body: dict[str, Any], part: str, **changes: object) -> dict[str, Any]:
    return {**body, part: {**body[part], **changes}}


async def test_what_was_forged_is_refused_and_tells_nothing(
    theatre: Theatre, caplog: pytest.LogCaptureFixture
):
    is_sqlite = theatre.store.engine.dialect.name == "sqlite"
    wrong, presses = [], 0

    with caplog.at_level(logging.ERROR):
        for row in (row for row in FIRST_ROWS if has_value(row)):
            forged = list(forged_from(row.press(theatre.ids), theatre.ids))
            for body in forged if is_sqlite else forged[:: len(forged) // 3]:
                for user_id in (insider_of(row), OUTSIDER):
                    presses += 1
                    answer, tables = await theatre.press(body, user_id)
                    problem = judge_forged(row, user_id, body, answer, tables)
                    wrong += [f"{row.heard} {said(body)} {user_id}: {problem}"] if problem else []

    print(f"\n{presses} forged presses, {len(wrong)} wrong")
    assert not wrong, "\n".join(wrong)
    assert not caplog.records


def has_value(row: Row) -> bool:
    return row.heard.startswith(("action", "view")) and row.heard not in FREE


def insider_of(row: Row) -> str:
    """Somebody for whom it would be done."""
    return next(
        (each for each in INSIDE if isinstance(row.expected(each), Outcome)),
        ASKER,
    )


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
    wanted = row.expected(user_id)
    is_told_apart = answer.sentence not in (str(wanted), str(OpenItAgain()), None)
    if user_id == OUTSIDER and isinstance(wanted, UserError) and is_told_apart:
        return f"it says {answer.sentence!r}, not {str(wanted)!r}"
    return None


async def test_inputs_that_no_modal_of_ours_has_make_nothing_fail(
    theatre: Theatre, caplog: pytest.LogCaptureFixture
):
    if theatre.store.engine.dialect.name != "sqlite":
        pytest.skip("what reaches the database is the same on both")
    wrong, presses = [], 0

    with caplog.at_level(logging.ERROR):
        for row in (row for row in FIRST_ROWS if row.heard.startswith("view")):
            for body in with_other_inputs(row.press(theatre.ids)):
                presses += 1
                answer, _ = await theatre.press(body, insider_of(row))
                is_fine = answer.status == 200 and FAILED not in answer.shown
                wrong += [] if is_fine else [f"{row.heard} {body['view']['state']['values']}"]

    print(f"\n{presses} presses with other inputs, {len(wrong)} wrong")
    assert not wrong, "\n".join(wrong)
    assert not caplog.records


def with_other_inputs(body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    values = body["view"]["state"]["values"]
    for block_id, block in values.items():
        for value in FORGED_INPUTS:
            state = {name: other(name, value) for name in block["value"]}
            state = {**values, block_id: {"value": {**state, "type": block["value"]["type"]}}}
            yield changed_in(body, "view", state={"values": state})


def other(name: str, value: object) -> object:
    """What Slack sends of an input, with this value in it."""
    match name:
        case "selected_option":
            return {"value": value}
        case "selected_options":
            return [{"value": value}]
        case "selected_users":
            return [value]
    return value


def opening_home(user_id: str) -> dict[str, Any]:
    event = {"type": "app_home_opened", "user": user_id, "tab": "home", "channel": "D0HOME"}
    at = f"{PRESSED_AT.timestamp():.6f}"
    return {"type": "event_callback", "event": {**event, "event_ts": at}}


async def test_home_shows_nobody_what_they_could_not_read(theatre: Theatre):
    leaks = []

    for user_id in PEOPLE:
        answer = await theatre.press(opening_home(user_id), user_id)
        leaked = leak(OWN_HOME, user_id, {}, answer[0])
        leaks += [f"{user_id} reads {leaked}"] if leaked else []

    assert not leaks


# Who helps on a topic, and admins, find its name in their Home.
OWN_HOME = Row("event app_home_opened", "", lambda ids: {}, SHOWS, may_name=(LEFT, ADMIN_OUTSIDE))


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


def listened_to() -> set[str]:
    app = Listening()
    for feature in FEATURES:
        if hasattr(feature, "register"):
            feature.register(app)
    return app.heard


def test_every_action_view_command_and_shortcut_has_a_row():
    assert listened_to() == {row.heard for row in TABLE}


def test_the_page_on_rights_names_everything_that_is_listened_to():
    page = (ROOT / "docs" / "RIGHTS.md").read_text()

    unnamed = {name for heard in listened_to() if f"`{(name := heard.split()[1])}`" not in page}

    assert not unnamed


def test_something_that_nobody_thought_of_has_no_row():
    """The rule above is red for it."""
    app = Listening()

    app.action("new_button")(None)

    assert not app.heard <= {row.heard for row in TABLE}
