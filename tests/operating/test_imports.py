"""Taking in an archive from the terminal: whole, once, and out again."""

from argparse import Namespace
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table, func, select

from bot.archive import imports as importing
from bot.archive.archives import Archive
from bot.archive.opening import Wanted, open_archive
from bot.archive.slack_export import SlackExport
from bot.archive.taking_in import Tally
from bot.experts.cards import get_card
from bot.finding.find import Results, find_solved
from bot.finding.reuse import note_helped
from bot.privacy.erasing import erase_me, erase_some
from bot.privacy.staying_out import stay_out_everywhere
from bot.questions.emoji import USUAL
from bot.questions.messages import erase
from bot.questions.solutions import accept_solution
from bot.workspaces import join_workspace
from handlers.blocks.finding.find import results_page
from operating import imports
from operating.imports import Judges, import_archive, run_import
from storage.archive import imports as rows
from storage.community import health
from storage.database import Sessions
from storage.tables import Base, Kudos, Outbox, Question
from tests.bot.archive.conftest import ASKED, SOLVED, files_of, ts, write_zip
from tests.bot.conftest import ADA, ANA, BEN, EVA, PIA, TEAM, learn, learn_help_channel
from tests.conftest import NOW

CUSTOMS, SECRET = "C_CUSTOMS", "C_SECRET"


def clock() -> datetime:
    return NOW


@pytest.fixture
def archive(tmp_path: Path) -> SlackExport:
    return SlackExport(write_zip(tmp_path / "e.zip", files_of()), marking=USUAL)


async def settle_in(sessions: Sessions, *, knows_secret: bool = False) -> None:
    async with sessions.begin() as session:
        await join_workspace(
            session, team_id=TEAM, name="Acme", url="https://acme.slack.com/", bot_user_id="U_BOT",
            now=NOW,
        )  # fmt: skip
        for user_id in (ANA, PIA, EVA):
            await learn(session, user_id)
        await learn(session, ADA, is_admin=True)
        if knows_secret:
            await learn_help_channel(session, SECRET, user_ids=(EVA, ADA), is_private=True)


async def take_in(sessions: Sessions, archive: Archive, **how: Any) -> Tally:
    return await import_archive(sessions, archive, Judges(0), team_id=TEAM, clock=clock, **how)


async def find(sessions: Sessions, words: str, user_id: str = PIA) -> Results:
    async with sessions.read() as session:
        return await find_solved(session, team_id=TEAM, user_id=user_id, words=words, now=NOW)


async def content(sessions: Sessions) -> dict[str, list[Any]]:
    """All that is kept, without numbers of rows, which another database counts otherwise."""
    found = {}
    async with sessions.read() as session:
        for name, table in Base.metadata.tables.items():
            columns = [each for each in table.c if not is_number(table, each.name)]
            listed = await session.execute(select(*columns)) if columns else []
            found[name] = sorted(map(repr, listed))
    return found


def is_number(table: Table, name: str) -> bool:
    numbers = ("id", "question_id", "answer_id", "import_id", "term_id", "number", "channel")
    return name in numbers or (table.name == "search_documents" and name == "terms")


async def count(sessions: Sessions, table: type[Base]) -> int:
    async with sessions.read() as session:
        return await session.scalar(select(func.count()).select_from(table)) or 0


async def test_what_is_taken_in_is_found_and_says_where_it_comes_from(
    sessions: Sessions, archive: Archive
):
    await settle_in(sessions)

    tally = await take_in(sessions, archive)

    assert tally.taken == {"sure": 2}
    results = await find(sessions, "tariff code rejected")
    assert [(each.question, each.solution) for each in results.results] == [(ASKED, SOLVED)]
    assert results.results[0].is_unconfirmed
    assert "from the archive, not confirmed" in str(results_page(results, "https://a.slack.com/"))


async def test_nothing_is_said_nobody_gets_credit_and_nothing_counts_as_asked_now(
    sessions: Sessions, archive: Archive
):
    await settle_in(sessions)
    owed = await count(sessions, Outbox)

    await take_in(sessions, archive)

    assert await count(sessions, Outbox) == owed
    assert await count(sessions, Kudos) == 0
    async with sessions.read() as session:
        [question, _] = (await session.scalars(select(Question).order_by(Question.id))).all()
        assert (
            await health.list_asked(session, TEAM, datetime.min.replace(tzinfo=NOW.tzinfo), NOW)
            == []
        )
        assert await health.get_first_asked_at(session, TEAM) is None
        assert question.step_at is None


async def test_a_private_channel_keeps_its_audience(sessions: Sessions, archive: Archive):
    await settle_in(sessions)
    await take_in(sessions, archive)

    assert (await find(sessions, "salary drawer", EVA)).results == ()
    async with sessions.begin() as session:
        await learn_help_channel(session, SECRET, user_ids=(EVA, ADA), is_private=True)
    assert len((await find(sessions, "salary drawer", EVA)).results) == 1
    assert (await find(sessions, "salary drawer", PIA)).results == ()


async def test_taken_in_twice_it_is_there_once(sessions: Sessions, archive: Archive):
    await settle_in(sessions)
    first = await take_in(sessions, archive)
    before = await content(sessions)

    again = await take_in(sessions, archive)

    assert again == first
    assert await content(sessions) == before


async def test_another_archive_of_the_same_adds_what_is_new_alone(
    sessions: Sessions, archive: Archive, tmp_path: Path
):
    await settle_in(sessions)
    await take_in(sessions, archive)
    later = files_of(**{"customs__2023-11-20.json": []})

    tally = await take_in(
        sessions, SlackExport(write_zip(tmp_path / "l.zip", later), marking=USUAL)
    )

    assert tally.left["known"] == 2
    assert await count(sessions, Question) == 2


@pytest.mark.parametrize("cut_after", range(1, 6))
async def test_cut_off_anywhere_it_goes_on_and_comes_to_the_same(
    databases: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cut_after: int
):
    monkeypatch.setattr(imports, "AT_ONCE", 1)
    path = write_zip(tmp_path / "e.zip", files_of())
    opened = databases.engines.at(databases.empty())
    await settle_in(opened)
    await take_in(opened, SlackExport(path, marking=USUAL))
    whole = await content(opened)
    await opened.aclose()

    opened = databases.engines.at(databases.empty())
    await settle_in(opened)
    with pytest.raises(KeyboardInterrupt):
        await take_in(opened, SlackExport(path, marking=USUAL), on_progress=cut(cut_after))
    await take_in(opened, SlackExport(path, marking=USUAL))

    assert await content(opened) == whole
    await opened.aclose()


def cut(after: int) -> Callable[[int, int], None]:
    told: list[int] = []

    def on_progress(done: int, total: int) -> None:
        told.append(done)
        if len(told) == after:
            raise KeyboardInterrupt

    return on_progress


async def test_undone_nothing_of_it_is_left(sessions: Sessions, archive: Archive):
    await settle_in(sessions, knows_secret=True)
    before = await content(sessions)
    await take_in(sessions, archive)

    await undo(sessions)

    after = await content(sessions)
    for name in ("audit", "audit_heads", "audit_people", "search_channels", "search_totals"):
        del before[name], after[name]
    assert after == before


async def undo(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        [row] = await rows.list_of_team(session, TEAM)
        await importing.undo(session, team_id=TEAM, user_id=ADA, import_id=row.id, now=NOW)
    more = True
    while more:
        async with sessions.begin() as session:
            more = await importing.take_out_some(session, now=NOW)


async def test_help_that_it_gave_since_stays_a_fact_when_it_is_undone(
    sessions: Sessions, archive: Archive
):
    await settle_in(sessions)
    await take_in(sessions, archive)
    [result] = (await find(sessions, "tariff code")).results
    async with sessions.begin() as session:
        about = {"team_id": TEAM, "question_id": result.question_id, "user_id": PIA}
        await note_helped(session, **about, now=NOW)

    await undo(sessions)

    assert await count(sessions, Kudos) == 1
    assert (await find(sessions, "tariff code")).results == ()
    async with sessions.read() as session:
        assert [each.text for each in await session.scalars(select(Question))] == [""]


async def test_who_stays_out_and_what_was_erased_is_left(sessions: Sessions, archive: Archive):
    await settle_in(sessions, knows_secret=True)
    async with sessions.begin() as session:
        await stay_out_everywhere(session, team_id=TEAM, user_id=BEN, now=NOW)
        place = {"team_id": TEAM, "channel_id": SECRET, "message_ts": ts(20)}
        await erase(session, **place, now=NOW)

    tally = await take_in(sessions, archive)

    assert tally.left["erased"] == 1
    assert not tally.taken  # without Ben's reply nothing answers Ana
    assert await count(sessions, Question) == 0


async def test_erase_me_takes_their_words_out_of_what_was_imported(
    sessions: Sessions, archive: Archive
):
    await settle_in(sessions)
    await take_in(sessions, archive)
    async with sessions.begin() as session:
        who = {"team_id": TEAM, "user_id": BEN}
        await erase_me(session, **who, keeps_words=False, stays_out=True, now=NOW)
    more = True
    while more:
        async with sessions.begin() as session:
            more = await erase_some(session, now=NOW)

    assert SOLVED not in str(await content(sessions))
    kept = {name for name, found in (await content(sessions)).items() if "U_BEN" in str(found)}
    assert kept == {"staying_out", "outbox"}  # their own wish, and the receipt on its way
    async with sessions.read() as session:
        question = (await session.scalars(select(Question).order_by(Question.id))).first()
        assert question is not None and question.step_at is None
    assert await count(sessions, Outbox) == await cards_owed(sessions)


async def cards_owed(sessions: Sessions) -> int:
    """Whatever is owed, no card is: nothing is said in a thread of long ago."""
    async with sessions.read() as session:
        kinds = (await session.scalars(select(Outbox.kind))).all()
    assert not {"question_card", "question_marker"} & {*kinds}
    return len(kinds)


async def test_a_mark_put_today_counts_and_another_persons_takes_nothing_away(
    sessions: Sessions, archive: Archive
):
    await settle_in(sessions)
    await take_in(sessions, archive)
    place = {"team_id": TEAM, "channel_id": CUSTOMS, "message_ts": ts(60)}
    async with sessions.begin() as session:
        await accept_solution(session, **place, user_id=PIA, now=NOW)

    [result] = (await find(sessions, "tariff code")).results
    assert result.solution == SOLVED
    async with sessions.read() as session:
        card = await get_card(session, TEAM, result.question_id)
        question = await session.get_one(Question, result.question_id)
        assert card is not None and question.solved_at is not None
    await cards_owed(sessions)


async def test_from_the_terminal_a_dry_run_writes_nothing(
    sessions: Sessions, database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    await settle_in(sessions)
    before = await content(sessions)
    path = write_zip(tmp_path / "export.zip", files_of())
    asked = Namespace(path=str(path), dry_run=True, undo=None, kind=None, folder=None, team=None)

    assert await run_import(database_url, asked, clock, judges=Judges(0)) == 0

    told = capsys.readouterr().out
    assert "Nothing is written yet" in told
    assert "press Amend" in told
    assert "only its members will find them" in told
    assert await content(sessions) == before


async def test_from_the_terminal_a_broken_archive_is_a_sentence(
    sessions: Sessions, database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    await settle_in(sessions)
    before = await content(sessions)
    broken = files_of(**{"secret__2023-11-14.json": b'[{"ts": "1.0"'})
    path = write_zip(tmp_path / "export.zip", broken)
    asked = Namespace(path=str(path), dry_run=False, undo=None, kind=None, folder=None, team=None)

    assert await run_import(database_url, asked, clock, judges=Judges(0)) == 2

    assert "Nothing was taken in" in capsys.readouterr().out
    assert await content(sessions) == before


async def test_a_report_adds_up(sessions: Sessions, archive: Archive):
    await settle_in(sessions)
    tally = await take_in(sessions, archive)

    async with sessions.read() as session:
        [report] = await importing.list_reports(session, team_id=TEAM, user_id=ADA)
    assert asdict(report.tally) == asdict(tally)
    assert report.ended_at == NOW
    assert sum(tally.taken.values()) + sum(tally.left.values()) == tally.conversations


async def test_what_another_tool_knew_is_found_with_its_authors_name_and_address(
    sessions: Sessions, tmp_path: Path
):
    await settle_in(sessions)
    path = tmp_path / "faq.csv"
    path.write_text(
        "question,answer,answered_by,link\n"
        "Reset the badge printer,Hold both keys for ten seconds.,Greta Old,https://wiki.example/7\n"
    )

    await take_in(sessions, open_archive(path, Wanted()))

    shown = str(results_page(await find(sessions, "badge printer"), "https://acme.slack.com/"))
    assert "<https://wiki.example/7|Reset the badge printer>" in shown
    assert "Greta Old" in shown
    assert "/archives/" not in shown
