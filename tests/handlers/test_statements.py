"""What a listener asks of the database: counted at the engines, over Bolt, and held.

Counted is every statement of its look and its transaction, but BEGIN and COMMIT. None comes twice
with the same values in one transaction."""

from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import event, update

from bot.experts.steps import has_due_steps, take_due_steps
from handlers import build_app
from storage.database import Sessions
from storage.tables import Answer, Question, Solution
from tests.bot.conftest import (
    ADA,
    ANA,
    BEN,
    EVA,
    HELP,
    PIA,
    TEAM,
    add_topic,
    at,
    count,
    learn,
    learn_help_channel,
    settle_in,
    solve,
    ts,
)

BOT = "U_ASKAROUND"
EXPERTS = (BEN, EVA, PIA, *(f"U_EXPERT_{number}" for number in range(6)))
ASKERS = ("U_ASKER_1", "U_ASKER_2", "U_ASKER_3")
ASKED = "How do I correct the customs tariff of a rejectd declaration, form or invoice?"
HOUR = 3600


class Statements:
    """What the engines were asked since the last time somebody looked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []

    def note(self, _: Any, __: Any, statement: str, parameters: Any, *___: Any) -> None:
        if not statement.startswith("BEGIN"):
            self.asked.append((statement, repr(parameters)))

    def again(self) -> list[str]:
        """Those that came more than once with the same values."""
        return [statement for (statement, _), times in Counter(self.asked).items() if times > 1]


@contextmanager
def counting(sessions: Sessions) -> Iterator[Statements]:
    statements = Statements()
    engines = {sessions.writer.sync_engine, sessions.reader.sync_engine}
    for engine in engines:
        event.listen(engine, "before_cursor_execute", statements.note)
    yield statements
    for engine in engines:
        event.remove(engine, "before_cursor_execute", statements.note)


@pytest.fixture
def app(sessions: Sessions) -> AsyncApp:
    identity = AuthorizeResult(
        enterprise_id=None, team_id=TEAM, bot_user_id=BOT, bot_id="B1", bot_token="xoxb-1"
    )
    client = AsyncWebClient()
    return build_app(
        client=client, signing_secret="", identity=identity, sessions=sessions, clock=at
    )


@pytest.fixture
async def community(sessions: Sessions) -> AsyncIterator[None]:
    """A help channel with a topic of nine experts, and something solved before."""
    async with sessions.begin() as session:
        await settle_in(session)
        for user_id in (*EXPERTS, *ASKERS):
            await learn(session, user_id)
        await learn_help_channel(session, user_ids=(ANA, ADA, *EXPERTS, *ASKERS))
        await add_topic(session, experts=EXPERTS, keywords="tariff")
        await solve(session)
    yield


async def hears(app: AsyncApp, **changes: Any) -> None:
    """Bolt gets an event of Slack's."""
    about = {"type": "message", "channel": HELP, "event_ts": changes.get("ts", ts()), **changes}
    body = {"type": "event_callback", "team_id": TEAM, "event_id": "Ev1", "event": about}
    response = await app.async_dispatch(AsyncBoltRequest(mode="socket_mode", body=body))
    assert response.status == 200


async def ask(app: AsyncApp, text: str = ASKED, *, by: str = ANA, seconds: float = HOUR) -> str:
    await hears(app, user=by, text=text, ts=ts(seconds))
    return ts(seconds)


async def reply(app: AsyncApp, asked: str, *, by: str = BEN, seconds: float = 2 * HOUR) -> str:
    await hears(app, user=by, text="Press Amend.", thread_ts=asked, ts=ts(seconds))
    return ts(seconds)


async def tick(sessions: Sessions, now: datetime) -> None:
    """As the clock does."""
    async with sessions.read() as session:
        assert await has_due_steps(session, now=now)
    async with sessions.begin() as session:
        await take_due_steps(session, now=now)


async def test_talk_takes_one_statement(app: AsyncApp, sessions: Sessions, community: None):
    with counting(sessions) as statements:
        await hears(app, user=PIA, text="Good morning all", ts=ts(HOUR))

    assert len(statements.asked) == 1


async def test_a_captured_question_takes_thirty_at_most(
    app: AsyncApp, sessions: Sessions, community: None
):
    with counting(sessions) as statements:
        await ask(app)

    async with sessions.read() as session:
        assert await count(session, Question) == 2
    assert len(statements.asked) <= 30
    assert statements.again() == []


async def test_a_reply_takes_ten_at_most(app: AsyncApp, sessions: Sessions, community: None):
    asked = await ask(app)

    with counting(sessions) as statements:
        await reply(app, asked)

    async with sessions.read() as session:
        assert await count(session, Answer) == 2
    assert len(statements.asked) <= 10
    assert statements.again() == []


async def test_a_mark_takes_22_at_most(app: AsyncApp, sessions: Sessions, community: None):
    answered = await reply(app, await ask(app))
    item = {"type": "message", "channel": HELP, "ts": answered}
    reaction = {"reaction": "white_check_mark", "user": ANA, "item": item}

    with counting(sessions) as statements:
        await hears(app, type="reaction_added", event_ts=ts(3 * HOUR), **reaction)

    async with sessions.read() as session:
        assert await count(session, Solution) == 2
    assert len(statements.asked) <= 22
    assert statements.again() == []


async def test_a_tick_with_three_due_questions_takes_45_at_most(
    app: AsyncApp, sessions: Sessions, community: None
):
    for number, asker in enumerate(ASKERS):
        text = f"How do I print the {('red', 'green', 'blue')[number]} tariff form?"
        await ask(app, text, by=asker, seconds=HOUR + 300 * number)
    async with sessions.begin() as session:  # their cards are posted
        await session.execute(update(Question).values(card_ts=ts()))

    with counting(sessions) as statements:
        await tick(sessions, at(HOUR) + timedelta(minutes=40))

    assert len([each for each, _ in statements.asked if each.startswith("INSERT INTO offers")]) == 3
    assert len(statements.asked) <= 45
    assert statements.again() == []
