"""What is searched and not found: told from five people on, of whom nothing is kept."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.finding.misses import (
    FEWEST,
    SEASON,
    Check,
    Gap,
    check_finding,
    get_not_found,
    note_miss,
)
from bot.vault import Vault, new_key
from storage.finding import misses
from storage.search import Search
from storage.tables import FindingCheck, Miss, Missing, MissMark, MissSeason, Question, StayingOut
from tests.bot.conftest import ADA, ANA, NOW, PIA, TEAM, add_topic, count, learn, solve

SEARCHERS = [f"U_{number}" for number in range(8)]


async def look(
    session: AsyncSession,
    user_id: str,
    words: str = "carnet ATA",
    *,
    vault: Vault | None = None,
    days: int = 0,
    **filters: int,
) -> None:
    wanted = Search(words=words, **filters)  # type: ignore[arg-type]
    now = NOW + timedelta(days=days)
    await note_miss(session, team_id=TEAM, user_id=user_id, wanted=wanted, vault=vault, now=now)


@pytest.fixture(autouse=True)
async def searchers(session: AsyncSession, help_channel: str) -> None:
    for user_id in SEARCHERS:
        await learn(session, user_id)


async def gaps_for(session: AsyncSession, user_id: str = ADA) -> tuple[Gap, ...]:
    told = await get_not_found(session, team_id=TEAM, user_id=user_id)
    return told.gaps if told else ()


@pytest.mark.parametrize("vault", [None, Vault((new_key(),))])
async def test_it_is_told_from_five_different_people_on(session: AsyncSession, vault: Vault | None):
    for user_id in SEARCHERS[: FEWEST - 1]:
        for words in ("carnet ATA", "ATA carnet?", "Carnet ATA"):
            await look(session, user_id, words, vault=vault)
    assert await gaps_for(session) == ()

    await look(session, SEARCHERS[4], vault=vault)

    assert await gaps_for(session) == (Gap("ata carnet", ("carnet", "ata"), 13),)
    await look(session, SEARCHERS[4], vault=vault)
    assert await gaps_for(session) == (Gap("ata carnet", ("carnet", "ata"), 14),)


async def test_words_that_only_some_wrote_are_not_told(session: AsyncSession):
    for user_id, word in zip(
        SEARCHERS, "Anna Bela Cora Dora Enia Fred Gerd Hugo".split(), strict=True
    ):
        await look(session, user_id, f"carnet ATA {word}")

    (gap,) = await gaps_for(session)

    assert gap == Gap("ata carnet", ("carnet", "ata"), len(SEARCHERS))


async def test_nothing_that_is_kept_says_who_searched(session: AsyncSession):
    for words in ("carnet ATA", "label printer"):
        await look(session, ANA, words)

    marks = (await session.scalars(select(MissMark.mark))).all()
    assert len(marks) == len(set(marks)) == 6  # none joins what she looked for
    for table in (Miss, MissMark, MissSeason, Missing):
        for row in (await session.execute(select(*table.__table__.columns))).all():
            assert ANA not in str(row)


async def test_marks_go_once_they_told_what_they_were_for(session: AsyncSession):
    for user_id in SEARCHERS[:FEWEST]:
        await look(session, user_id)

    assert await count(session, MissMark) == 0


async def test_after_a_season_nobody_can_tell_whose_they_were(session: AsyncSession):
    for user_id in SEARCHERS[: FEWEST - 1]:
        await look(session, user_id)

    await check_finding(session, now=NOW + SEASON)

    assert [await count(session, each) for each in (MissMark, MissSeason)] == [0, 0]
    await look(session, SEARCHERS[5], days=31)  # and counting begins anew
    assert await gaps_for(session) == ()
    await check_finding(session, now=NOW + SEASON + timedelta(days=1))
    assert await count(session, Miss) == 1


async def test_what_guests_and_filters_miss_says_nothing(session: AsyncSession):
    for number in range(6):
        await learn(session, f"U_G{number}", is_guest=True)
        await look(session, f"U_G{number}")
        await look(session, SEARCHERS[number], topic_id=7)
    session.add(StayingOut(team_id=TEAM, user_id=ANA, channel_id="", since=NOW))
    await session.flush()
    await look(session, ANA)

    assert await count(session, Miss) == 0


async def test_a_sponsor_hears_of_their_topics_and_others_of_none(session: AsyncSession):
    await add_topic(session, "Customs", keywords="carnet", sponsor_id=PIA)
    for user_id in SEARCHERS[:FEWEST]:
        await look(session, user_id)
        await look(session, user_id, "label printer")

    assert await gaps_for(session, PIA) == (Gap("ata carnet", ("carnet", "ata"), FEWEST),)
    assert {gap.words for gap in await gaps_for(session)} == {
        ("carnet", "ata"),
        ("label", "printer"),
    }
    assert await get_not_found(session, team_id=TEAM, user_id=ANA) is None


async def test_it_closes_once_it_is_found_and_is_checked_from_then_on(session: AsyncSession):
    for user_id in SEARCHERS[:FEWEST]:
        await look(session, user_id)

    await check_finding(session, now=NOW)
    assert len(await gaps_for(session)) == 1

    question_id = await solve(session, "Where do I get a carnet ATA?", "At the chamber.")
    await check_finding(session, now=NOW + timedelta(days=1))
    told = await get_not_found(session, team_id=TEAM, user_id=ADA)
    assert told is not None and told.gaps == ()
    assert told.check == Check(1, 1.0, None)

    question = await session.get_one(Question, question_id)
    question.withdrawn_at = NOW
    await check_finding(session, now=NOW + timedelta(days=2))
    told = await get_not_found(session, team_id=TEAM, user_id=ADA)
    assert told is not None and len(told.gaps) == 1  # it is missing again


async def test_it_warns_when_what_was_found_is_not_any_more(session: AsyncSession):
    for day, mean in enumerate((0.9, 0.95, 0.6)):
        day_of = (NOW + timedelta(days=day)).date()
        await misses.save_check(session, TEAM, day=day_of, queries=10, rank=mean)

    told = await get_not_found(session, team_id=TEAM, user_id=ADA)

    assert told is not None and told.check == Check(10, 0.6, 0.95)
    assert told.check.fell


async def test_a_workspace_is_checked_once_a_day(session: AsyncSession):
    for user_id in SEARCHERS[:FEWEST]:
        await look(session, user_id)

    await check_finding(session, now=NOW)
    await check_finding(session, now=NOW + timedelta(hours=3))

    assert await count(session, FindingCheck) == 1
