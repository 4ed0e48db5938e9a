"""Which emoji mark what solved a question."""

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import AsksAlready, NotEmoji, OnlyAdmins, TooManyEmoji, UserError
from bot.questions.emoji import USUAL, list_emoji, marks_solution, read_names, save_emoji
from bot.workspaces import join_workspace
from tests.bot.conftest import ADA, ANA, TEAM, at, settle_in

OTHER_TEAM = "T_OTHER"


@pytest.mark.parametrize(
    "name",
    [
        "white_check_mark",
        "heavy_check_mark",
        "ballot_box_with_check",
        "white_check_mark::skin-tone-3",
    ],
)
async def test_check_marks_mark_in_any_tone(session: AsyncSession, name: str):
    assert await marks_solution(session, TEAM, name)


async def test_an_admin_names_the_workspaces_own(session: AsyncSession):
    await settle_in(session)
    await join_workspace(
        session, team_id=TEAM, name="Acme", url="", bot_user_id="U_ASKAROUND", now=at()
    )

    saved = await save_emoji(
        session, team_id=TEAM, user_id=ADA, written=":done: :+1::skin-tone-2:", now=at()
    )

    assert saved == (*USUAL, "done", "+1")
    assert await marks_solution(session, TEAM, "+1::skin-tone-5")
    assert not await marks_solution(session, OTHER_TEAM, "done")
    await save_emoji(session, team_id=TEAM, user_id=ADA, written="default", now=at())
    assert await list_emoji(session, TEAM) == USUAL


async def test_only_admins_name_them(session: AsyncSession):
    await settle_in(session)

    with pytest.raises(OnlyAdmins):
        await save_emoji(session, team_id=TEAM, user_id=ANA, written=":done:", now=at())


@pytest.mark.parametrize(
    ("written", "names"),
    [
        (":done:", ["done"]),
        ("done 100", ["done", "100"]),
        (":done::100:", ["done", "100"]),
        (":done: :done:", ["done"]),
        (":white_check_mark: :ok_hand::skin-tone-3::100:", ["ok_hand", "100"]),
    ],
)
def test_names_are_read_as_people_write_them(written: str, names: list[str]):
    assert read_names(written) == names


@pytest.mark.parametrize(
    ("written", "error"),
    [
        ("<@U1>", NotEmoji),
        (":no spaces:!", NotEmoji),
        (":question:", AsksAlready),
        (" ".join(f"e{number}" for number in range(11)), TooManyEmoji),
    ],
)
def test_what_names_none_is_told(written: str, error: type[UserError]):
    with pytest.raises(error):
        read_names(written)
