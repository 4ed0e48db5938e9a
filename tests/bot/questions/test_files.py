"""Titles of files and words of snippets: kept with what was asked and answered, and forgotten."""

from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncSession

from bot.community.channels import erase_deleted_channels, forget_channel
from bot.questions.deleted_files import forget_file
from bot.questions.messages import erase, hear, reword
from bot.text import FileFacts
from storage.tables import File
from tests.bot.conftest import (
    ANA,
    HELP,
    OTHER_TEAM,
    TEAM,
    answer,
    at,
    card_of,
    count,
    find,
    question_of,
    replied,
    said,
    tick,
    ts,
)
from tests.bot.experts.test_hints import PICTURE

LOG = FileFacts("F2", "scan.log", words="zebra driver refused")
ASKED = "Why is the label blank?"


async def ask_with(session: AsyncSession, *files: FileFacts, text: str = ASKED) -> int:
    message = said(text or files[0].title, files=files, is_wordless=not text)
    assert await hear(session, message, now=at())
    return (await question_of(session, ts())).id


async def solved_with(session: AsyncSession, *files: FileFacts) -> int:
    question_id = await ask_with(session, *files)
    await tick(session, await answer(session))
    return question_id


async def delete_file(session: AsyncSession, file: FileFacts, team_id: str = TEAM) -> None:
    await forget_file(session, team_id=team_id, file_id=file.file_id, now=at(600))


async def totals(session: AsyncSession, *words: str) -> list[int]:
    return [(await find(session, each)).total for each in words]


async def test_titles_and_snippets_are_found(session: AsyncSession, help_channel):
    await solved_with(session, PICTURE, LOG)

    assert await totals(session, "dock7", "zebra", "scan.log") == [1, 1, 1]
    [result] = (await find(session, "dock7")).results
    assert {each.title for each in result.files} == {"label_dock7.png", "scan.log"}


async def test_the_files_of_a_solution_are_shown(session: AsyncSession, help_channel):
    question_id = await ask_with(session)
    message = replied(PICTURE.title, seconds=60)
    await hear(session, replace(message, files=(PICTURE,), is_wordless=True), now=at(60))
    await tick(session, ts(60))

    [solution] = (await card_of(session, question_id)).solutions
    assert [each.title for each in solution.files] == [PICTURE.title]
    assert await totals(session, "dock7") == [1]


async def test_a_deleted_file_is_forgotten_and_its_message_stays(
    session: AsyncSession, help_channel
):
    await solved_with(session, PICTURE, LOG)

    await delete_file(session, LOG, team_id=OTHER_TEAM)
    assert await totals(session, "zebra") == [1]
    await delete_file(session, LOG)
    await delete_file(session, LOG)  # twice

    assert await totals(session, "zebra", "dock7", "blank") == [0, 1, 1]


async def test_what_was_nothing_but_a_deleted_file_is_as_if_deleted(
    session: AsyncSession, help_channel
):
    error = FileFacts("F3", "scan.log", words="Error 0x80070005")
    await ask_with(session, error, text="")

    await delete_file(session, error)

    question = await question_of(session, ts())
    assert question.withdrawn_at is not None
    assert question.text == ""


async def test_of_several_the_others_stay(session: AsyncSession, help_channel):
    other = FileFacts("F3", "ticket.log", words="Error 0x80070005")
    message = said(f"{LOG.title}\n{other.title}", files=(LOG, other), is_wordless=True)
    await hear(session, message, now=at())

    await delete_file(session, LOG)

    assert (await question_of(session, ts())).text == "ticket.log"


async def test_an_edit_that_takes_a_file_away_is_followed(session: AsyncSession, help_channel):
    await solved_with(session, PICTURE)

    await reword(session, said(ASKED), now=at(300))

    assert await totals(session, "dock7", "blank") == [0, 1]
    assert await count(session, File) == 0


async def test_files_go_with_their_message(session: AsyncSession, help_channel):
    await ask_with(session, PICTURE)
    message = replied(LOG.title, by=ANA, seconds=90)
    await hear(session, replace(message, files=(LOG,), is_wordless=True), now=at(90))
    assert await count(session, File) == 2

    await erase(session, team_id=TEAM, channel_id=HELP, message_ts=ts(90), now=at(100))
    assert await count(session, File) == 1
    await erase(session, team_id=TEAM, channel_id=HELP, message_ts=ts(), now=at(101))

    assert await count(session, File) == 0


async def test_files_go_with_their_channel(session: AsyncSession, help_channel):
    await solved_with(session, PICTURE)
    await forget_channel(session, team_id=TEAM, channel_id=HELP, now=at(300))

    while await erase_deleted_channels(session, now=at(400)):
        pass

    assert await count(session, File) == 0
