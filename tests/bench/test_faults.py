"""Two of the histories of `make faults`, played for real; and the checker, which must be able to
find what is wrong."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bench import faults
from bench.faulty.checking import LEAKED, LOST, STUCK, TWICE, check
from bench.faulty.histories import MISHAPS, Act, history_of
from bench.faulty.playing import Servers, play
from bench.faulty.town import Said, Town
from sandbox import Sandbox
from storage.tables import Question
from tests.conftest import NOW

CALM, REPLICAS_AT_TEN_PERCENT = 2, 17


def test_a_seed_is_a_history():
    assert history_of(7) == history_of(7) != history_of(8)


def test_histories_are_of_every_kind():
    histories = [history_of(seed) for seed in range(200)]

    assert {(each.engine, each.share) for each in histories} == {
        (engine, share) for engine in ("sqlite", "postgres") for share in (0.0, 0.05, 0.1)
    }
    assert {each.replicas for each in histories} == {1, 2, 3}
    assert {each.transport for each in histories} == {"socket", "http"}
    assert {act.what for each in histories for act in each.acts} >= MISHAPS.keys()


def test_what_failed_once_is_played_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    kept = tmp_path / "seeds.txt"
    kept.write_text("12 an edit came too early\n3\n")
    monkeypatch.setattr(faults, "SEEDS", kept)

    assert faults.seeds_of(5, first=1) == [12, 3, 1, 2, 4]


@pytest.mark.parametrize("seed", [CALM, REPLICAS_AT_TEN_PERCENT])
async def test_nothing_breaks(seed: int, sqlite_template: Path, postgres, postgres_server: str):
    servers = Servers(sqlite_template, postgres_server, "template")

    assert await play(history_of(seed), servers) == []


# The checker


@pytest.fixture
async def town() -> AsyncIterator[Town]:
    """Somebody asked in the private channel, of which no bot heard."""
    async with Sandbox() as slack:
        slack.clock.set(NOW)
        town = Town(slack)
        await town.act(Act("ask", 2, 0))
        yield town


@pytest.fixture
async def asked(town: Town, session: AsyncSession) -> Said:
    """The bot has taken it in."""
    said = town.questions[0]
    row = Question(
        team_id=town.slack.team_id,
        channel_id=said.channel.id,
        message_ts=said.ts,
        thread_ts=said.ts,
        asker_id=said.author.id,
        text=f"How do I reset {said.token}?",
        asked_at=NOW,
        stage="few",
        step_at=NOW,
    )
    session.add(row)
    await session.flush()
    await say(town, said)
    return said


async def say(town: Town, said: Said, text: str = "Two were asked.") -> None:
    await town.slack.act_as(town.slack.bot).post(said.channel, text, thread_ts=said.ts)


async def broken(town: Town, session: AsyncSession) -> set[str]:
    return {promise for promise, _ in await check(town, session, NOW)}


async def test_what_the_bot_has_taken_in_is_well(town: Town, session: AsyncSession, asked: Said):
    assert await broken(town, session) == set()


async def test_a_question_that_is_not_kept_is_lost(town: Town, session: AsyncSession):
    assert await broken(town, session) == {LOST}


async def test_a_mark_without_its_fact_is_lost(town: Town, session: AsyncSession, asked: Said):
    await town.act(Act("reply", 0, 0))
    await town.act(Act("mark", 0, 0))

    assert (LOST, f"the fact of help {asked.replies[0].token}") in await check(town, session, NOW)


async def test_a_second_card_is_one_too_many(town: Town, session: AsyncSession, asked: Said):
    await say(town, asked, "Nobody was asked.")

    assert await broken(town, session) == {TWICE}


async def test_the_same_words_again_are_too_many(town: Town, session: AsyncSession, asked: Said):
    await say(town, asked)

    assert (await broken(town, session)) == {TWICE}


async def test_words_of_a_private_channel_in_another_are_leaked(
    town: Town, session: AsyncSession, asked: Said
):
    await town.slack.act_as(town.slack.bot).post(town.channels[0], f"Like {asked.token}")

    assert await broken(town, session) == {LEAKED}


async def test_words_that_stand_after_they_were_deleted_are_leaked(
    town: Town, session: AsyncSession, asked: Said
):
    await town.act(Act("delete", 0, 0))

    assert await broken(town, session) == {LEAKED}


async def test_an_open_question_without_a_next_step_is_stuck(
    town: Town, session: AsyncSession, asked: Said
):
    (await session.scalars(select(Question))).one().step_at = None
    await session.flush()

    assert await broken(town, session) == {STUCK}
