"""What is heard, and what is just talk."""

from collections.abc import Sequence
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from sqlalchemy import inspect, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.questions.messages import hear, is_just_talk
from bot.text import Message
from storage.tables import Base, Channel
from tests.bot.conftest import ANA, ASKED, BEN, PIA, at, said, ts
from tests.examples import some as some_examples

TEXTS = (ASKED, "Good morning all", "Thanks!", "Also: it says E-4711.", "", "?", "me too")
SECONDS = some.integers(0, 400)  # around the three minutes in which follow-ups join
MESSAGES = some.builds(
    lambda text, by, seconds, thread, channel: said(
        text, by=by, seconds=seconds, thread_ts=thread and ts(thread), channel_id=channel
    ),
    text=some.sampled_from(TEXTS),
    by=some.sampled_from((ANA, BEN, PIA)),
    seconds=SECONDS,
    thread=some.none() | SECONDS,
    channel=some.sampled_from(("C_HELP", "C_HELP", "C_HELP", "C_LUNCH")),
)


@settings(
    max_examples=some_examples(12),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(before=some.lists(MESSAGES, max_size=5), message=MESSAGES, is_left=some.booleans())
async def test_hearing_what_is_just_talk_changes_nothing(
    session: AsyncSession,
    help_channel: str,
    before: Sequence[Message],
    message: Message,
    is_left: bool,
):
    async with session.begin_nested() as example:
        for each in before:
            await hear(session, each, now=each.sent_at)
        channel = await session.get_one(Channel, ("T1", "C_HELP"))
        channel.left_at = at() if is_left else None
        await session.flush()
        kept = await all_rows(session)

        connection = await session.connection()
        if await is_just_talk(connection, message, mentions_bot=False):
            assert await hear(session, message, now=message.sent_at) is False
            assert await all_rows(session) == kept
        await example.rollback()
    session.expire_all()


async def all_rows(session: AsyncSession) -> dict[str, list[Any]]:
    """All that the database holds."""
    await session.flush()
    there = set(await (await session.connection()).run_sync(tables_of))
    return {
        table.name: sorted(map(repr, await session.execute(select(table))))
        for table in Base.metadata.sorted_tables
        if table.name in there
    }


def tables_of(connection: Any) -> list[str]:
    return inspect(connection).get_table_names()
