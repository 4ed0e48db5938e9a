import asyncio
from contextlib import aclosing

import psycopg
import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import make_url, select, text

from storage import migrate as module
from storage.database import Sessions, UnusableDatabaseUrl, database_address, open_sessions
from storage.experts import invitations, topics
from storage.migrate import MigrationCut, SchemaTooNew, migrate, read_schema
from storage.recognition.kudos import standing
from storage.tables import Channel, DigestRun, DigestSchedule, Kudos, Question
from tests.conftest import NOW
from tests.databases import Databases
from tests.storage.conftest import add_reader, add_solved, find


@pytest.fixture
def blank_database_url(databases: Databases) -> str:
    return databases.blank()


async def test_five_that_start_together_upgrade_once(blank_database_url: str):
    await asyncio.gather(*(migrate(blank_database_url) for _ in range(5)))


async def test_upgrading_again_changes_nothing(sessions: Sessions, database_url: str):
    async with sessions.begin() as session:
        await add_reader(session)
        await add_solved(session, "pallet")

    await migrate(database_url)

    async with sessions.read() as session:
        assert len(await find(session, "pallet")) == 1


async def test_what_was_solved_before_reviews_is_reviewed_in_half_a_year(blank_database_url: str):
    await migrate(blank_database_url, "0002")
    async with aclosing(open_sessions(blank_database_url)) as sessions:
        for number, solved_at in ((1, "2026-01-02 03:04:05"), (2, None)):
            row = {"id": number, "at": solved_at}
            solved = "CAST(:at AS timestamptz)" if "postgres" in blank_database_url else ":at"
            columns = "id, team_id, channel_id, asker_id, text, is_asked_by_command, asked_at"
            values = f":id, 'T1', 'C1', 'U1', 'How?', false, '2026-01-01 00:00:00', {solved}"
            insert = text(f"INSERT INTO questions ({columns}, solved_at) VALUES ({values})")
            async with sessions.begin() as session:
                await session.execute(insert, row)

        await migrate(blank_database_url)

        async with sessions.read() as session:
            questions = (await session.scalars(select(Question).order_by(Question.id))).all()
    assert questions[0].review_at is not None and questions[0].review_at > NOW
    assert questions[1].review_at is None


BEFORE_RECOGNITION = (
    "INSERT INTO questions (id, team_id, channel_id, asker_id, text, is_asked_by_command,"
    " asked_at, stage) VALUES (1, 'T1', 'C1', 'U1', 'How?', false, '2026-01-01 00:00:00', 'rest')",
    "INSERT INTO answers (id, team_id, channel_id, message_ts, question_id, author_id, text,"
    " answered_at, said_at) VALUES"
    " (1, 'T1', 'C1', '1.0', 1, 'U2', 'So.', '2026-01-01 00:00:00', '2026-01-01 00:00:00')",
    "INSERT INTO digest_schedules (team_id, weekday, hour, minute, timezone, next_run_at)"
    " VALUES ('T1', 4, 17, 30, 'Europe/Rome', '2026-11-27 16:30:00')",
    "INSERT INTO digest_runs (team_id, channel_id, slot, since, until, message_ts) VALUES"
    " ('T1', 'C1', '2026-W47', '2026-11-13 16:30:00', '2026-11-20 16:30:00', '9.0')",
)
# Solved, taken back, solved again, taken back, solved again.
CHAIN = (
    (1, "solved", None),
    (2, "reversal", 1),
    (3, "solved", None),
    (4, "reversal", 3),
    (5, "solved", None),
)


async def test_digests_go_on_and_help_said_again_becomes_one_chain(blank_database_url: str):
    await migrate(blank_database_url, "0006")
    async with aclosing(open_sessions(blank_database_url)) as sessions:
        async with sessions.begin() as session:
            for statement in BEFORE_RECOGNITION:
                await session.execute(text(statement))
            for number, kind, reverses in CHAIN:
                await session.execute(
                    text(
                        "INSERT INTO kudos (id, team_id, kind, giver_id, receiver_id, question_id,"
                        " answer_id, given_at, reverses_id) VALUES (:id, 'T1', :kind, 'U1', 'U2',"
                        f" 1, 1, '2026-01-0{number} 00:00:00', :reverses)"
                    ),
                    {"id": number, "kind": kind, "reverses": reverses},
                )

        await migrate(blank_database_url)

        async with sessions.read() as session:
            schedule = (await session.scalars(select(DigestSchedule))).one()
            run = (await session.scalars(select(DigestRun))).one()
            facts = (await session.scalars(select(Kudos).order_by(Kudos.id))).all()
            stands = (await session.scalars(select(Kudos.id).where(standing()))).all()
    assert (schedule.kind, schedule.subject, schedule.weekday) == ("weekly", "", 4)
    assert (schedule.last_slot, schedule.skips_next) == ("2026-W47", False)
    assert (run.subject, run.message_ts, run.named, run.told) == ("C1", "9.0", [], [])
    assert [fact.reverses_id for fact in facts] == [None, 1, 2, 3, 4]
    assert {fact.given_at.day for fact in facts if fact.kind == "solved"} == {1}
    assert stands == [5]


async def test_a_newer_schema_is_refused_and_left_alone(blank_database_url: str):
    await migrate(blank_database_url)
    async with aclosing(open_sessions(blank_database_url)) as sessions:
        async with sessions.begin() as session:
            await session.execute(text("UPDATE alembic_version SET version_num = '9999'"))

        with pytest.raises(SchemaTooNew, match=r"schema 9999\): start that version"):
            await migrate(blank_database_url)

        async with sessions.read() as session:
            assert await session.scalar(text("SELECT version_num FROM alembic_version")) == "9999"


@pytest.mark.parametrize(
    ("url", "driver"),
    [
        ("sqlite:///a.db", "sqlite+askaround"),
        ("postgres://me:pw@host/db", "postgresql+psycopg"),
        ("postgresql+asyncpg://me:pw@host/db", "postgresql+psycopg"),
    ],
)
def test_an_address_gets_the_driver_that_we_use(url: str, driver: str):
    assert database_address(url).drivername == driver


@pytest.mark.parametrize(
    "url", ["", "askaround.db", "mysql://host/db", "sqlite://", "sqlite:///:memory:"]
)
def test_an_address_that_is_none_is_refused_without_showing_it(url: str):
    with pytest.raises(UnusableDatabaseUrl, match="DATABASE_URL is not"):
        database_address(url)


BEFORE_INVITATIONS = (
    "INSERT INTO topics (id, team_id, name, key, keywords, created_by, created_at) VALUES"
    " (1, 'T1', 'Customs', 'customs', '[]', 'U_ADA', '2026-01-01 00:00:00')",
    "INSERT INTO experts (topic_id, member_id, added_by, added_at) VALUES"
    " (1, 'U_BEN', 'U_ADA', '2026-01-01 00:00:00'), (1, 'S_DAY', 'U_ADA', '2026-01-01 00:00:00'),"
    " (1, 'S_NIGHT', 'U_ADA', '2026-01-02 00:00:00')",
    "INSERT INTO group_members (team_id, usergroup_id, user_id) VALUES"
    " ('T1', 'S_DAY', 'U_EVA'), ('T1', 'S_NIGHT', 'U_EVA'), ('T2', 'S_DAY', 'U_PIA')",
    "INSERT INTO channels (team_id, channel_id, name, is_private, is_shared, is_help) VALUES"
    " ('T1', 'C_HELP', 'help', false, false, true), ('T1', 'C_TALK', 'talk', false, false, false)",
)


async def test_who_is_an_expert_stays_one_and_is_told_nothing(blank_database_url: str):
    await migrate(blank_database_url, "0025")
    async with aclosing(open_sessions(blank_database_url)) as sessions:
        async with sessions.begin() as session:
            for statement in BEFORE_INVITATIONS:
                await session.execute(text(statement))

        await migrate(blank_database_url)

        async with sessions.begin() as session:
            assert sorted(await topics.list_expert_ids(session, "T1", 1)) == ["U_BEN", "U_EVA"]
            for usergroup_id in ("S_DAY", "S_NIGHT"):
                group = {"team_id": "T1", "usergroup_id": usergroup_id}
                assert await invitations.add_members(session, **group, now=NOW) == []
            channels = await session.scalars(select(Channel).order_by(Channel.channel_id))
            assert [each.first_question_id for each in channels] == [0, None]


async def test_a_database_that_breaks_off_meanwhile_is_told_in_a_sentence_and_left_as_it_was(
    postgres, postgres_server: str, monkeypatch: pytest.MonkeyPatch
):
    url = postgres.blank()
    upgrade = command.upgrade

    def upgrade_and_cut(config: Config, revision: str) -> None:
        upgrade(config, revision)
        with psycopg.connect(postgres_server, autocommit=True) as other:
            other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
                [make_url(url).database],
            )

    monkeypatch.setattr(command, "upgrade", upgrade_and_cut)
    with pytest.raises(MigrationCut, match="It is as it was before"):
        await migrate(url)
    monkeypatch.undo()

    assert (await read_schema(url)).here is None
    await migrate(url)
    assert (await read_schema(url)).is_newest


async def test_it_lets_the_version_before_go_on_and_tries_again(
    postgres, postgres_server: str, monkeypatch: pytest.MonkeyPatch
):
    """A transaction that takes long would hold up the change, and the change everybody else."""
    url = postgres.blank()
    await migrate(url, "0035")
    monkeypatch.setattr(module, "LOCK_WAIT", "100ms")
    paused = asyncio.Event()
    real_sleep = asyncio.sleep

    async def note_pause(_seconds: float) -> None:
        paused.set()
        await real_sleep(0.05)

    monkeypatch.setattr(module.asyncio, "sleep", note_pause)
    monkeypatch.setattr(module, "LOCK_PAUSES", (1.0,) * 1000)
    with psycopg.connect(url) as other:
        other.execute("LOCK TABLE workspaces IN ACCESS SHARE MODE")
        migrating = asyncio.create_task(migrate(url))
        await paused.wait()
        assert not migrating.done()
        other.rollback()
    await migrating

    assert (await read_schema(url)).is_newest
