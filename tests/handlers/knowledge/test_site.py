"""The site and the Markdown folder: what is in them, for whom, and that nothing else is."""

import shutil
from pathlib import Path
from uuid import uuid4
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.finding.reviews import call_outdated, confirm
from bot.knowledge.entries import EVERYBODY, NoSuchAudience
from bot.questions.messages import hear
from bot.questions.solutions import accept_solution
from bot.recognition.naming import choose_to_be_named
from bot.settings import BadSetting
from bot.workspaces import join_workspace
from handlers.knowledge.site import write_markdown, write_site
from storage.database import Sessions
from storage.tables import Archived, Import, Question
from tests.bot.conftest import (
    ADA,
    BEN,
    HELP,
    TEAM,
    add_topic,
    at,
    learn,
    learn_help_channel,
    said,
    settle_in,
    solve,
)
from tests.bot.test_leaks import (
    ASKER,
    AUTHOR,
    CHANNELS,
    FLAGS,
    PEOPLE,
    STEPS,
    Community,
    settle,
    take,
)
from tests.conftest import NOW
from tests.examples import some


async def join(session: AsyncSession, team_id: str = TEAM) -> None:
    await join_workspace(
        session,
        team_id=team_id,
        name="Acme",
        url="https://acme.slack.com/",
        bot_user_id="U_BOT",
        now=NOW,
    )


def bytes_of(folder: Path) -> bytes:
    return b"\n".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


# For whom


@settings(
    max_examples=some(6),
    phases=[Phase.generate],
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    flags=st.tuples(*(st.sampled_from(FLAGS) for _ in PEOPLE)),
    private=st.tuples(*(st.booleans() for _ in CHANNELS)),
    members=st.tuples(*(st.sets(st.sampled_from(PEOPLE)) for _ in CHANNELS)),
    steps=st.lists(STEPS, min_size=2, max_size=8),
)
async def test_no_byte_is_for_anybody_else(
    sessions: Sessions, tmp_path: Path, flags, private, members, steps
):
    community = Community(
        team_id=f"T{uuid4().hex[:12]}",
        flags=dict(zip(PEOPLE, flags, strict=True)),
        private=dict(zip(CHANNELS, private, strict=True)),
        members=dict(zip(CHANNELS, map(set, members), strict=True)),
    )
    async with sessions.begin() as session:
        await join(session, community.team_id)
        await settle(session, community)
        for number, channel_id in enumerate(CHANNELS):
            await point_elsewhere(session, community, 500 + number, channel_id)
        for number, step in enumerate(steps):
            await take(session, community, number, step)

    for called in (EVERYBODY, *CHANNELS):
        for written in (write_site, write_markdown):
            folder = tmp_path / uuid4().hex
            about = {"called": called, "workspace": community.team_id, "now": NOW}
            if called in community.lost:
                with pytest.raises(NoSuchAudience):
                    await written(sessions, folder, **about)
                continue
            await written(sessions, folder, **about)
            check(bytes_of(folder).decode(), open_to(community, called), community)
            shutil.rmtree(folder)


def open_to(community: Community, called: str) -> set[str]:
    """The channels that all of the audience can read, in plain Python."""
    if called == EVERYBODY:
        return {each for each in CHANNELS if not community.private[each]}
    readers = [each for each in community.members[called] if community.flags[each] != "is_bot"]
    return {called} | {
        each
        for each in set(CHANNELS) - ({each for each in community.lost if community.private[each]})
        if all(community.can_read(reader, each) for reader in readers)
    }


def check(told: str, channel_ids: set[str], community: Community) -> None:
    for channel_id, word in community.words.values():
        # Words that only begin alike are of other messages.
        is_told = f"{word} " in told or f"{word}." in told
        assert is_told == (channel_id in channel_ids)
    for channel_id in set(CHANNELS) - channel_ids:
        assert channel_id.lower() not in told.lower()


async def point_elsewhere(
    session: AsyncSession, community: Community, number: int, channel_id: str
) -> None:
    """A solved question that names the other channels, as Slack does."""
    place = {"team_id": community.team_id, "channel_id": channel_id}
    named = " ".join(f"<#{each}|{each.lower()}>" for each in CHANNELS)
    seconds = 1000.0 * (number - 510)  # before all else
    asked = said(
        f"How do I open the gate secret{number} in {named}?", by=ASKER, seconds=seconds, **place
    )
    assert await hear(session, asked, now=asked.sent_at)
    told = said(
        f"As in {named} secret{number}.",
        by=AUTHOR,
        seconds=seconds + 60,
        thread_ts=asked.message_ts,
        **place,
    )
    await hear(session, told, now=told.sent_at)
    await accept_solution(session, **told.place, user_id=ASKER, now=at(seconds + 120))
    community.words[asked.message_ts] = (channel_id, f"secret{number}")


# What is in it


async def solved(sessions: Sessions, asked: str, answered: str) -> int:
    async with sessions.begin() as session:
        await join(session)
        await settle_in(session)
        return await solve(session, asked, answered)


async def test_what_an_archive_alone_calls_solved_says_so(sessions: Sessions, tmp_path: Path):
    number = await solved(sessions, "How do I amend a form?", "Press Amend.")
    async with sessions.begin() as session:
        taken = Import(team_id=TEAM, source="csv", name="old.csv", checksum="1", started_at=NOW)
        session.add(taken)
        await session.flush()
        row = {"question_id": number, "import_id": taken.id, "team_id": TEAM}
        link = "https://old.example.com/q/7"
        session.add(Archived(**row, how_sure="sure", why="mark", link=link))

    told = await page_of(sessions, tmp_path / "site", f"answers/{number}.html")

    assert "From the archive of 23 November 2026, not confirmed" in told
    assert f'href="{link}"' in told and "slack.com/archives" not in told


async def page_of(sessions: Sessions, folder: Path, name: str) -> str:
    await write_site(sessions, folder, now=NOW)
    return (folder / name).read_text("utf-8")


async def test_an_answer_says_who_solved_it_when_and_where(sessions: Sessions, tmp_path: Path):
    number = await solved(sessions, "How do I amend a &lt;rejected&gt; form?", "Press *Amend*.")

    told = await page_of(sessions, tmp_path / "site", f"answers/{number}.html")

    assert '<h1 dir="auto">How do I amend a &lt;rejected&gt; form?</h1>' in told
    assert "<p>Press <strong>Amend</strong>.</p>" in told
    assert "U_Ben" in told and "It worked on 23 November 2026." in told
    assert 'href="https://acme.slack.com/archives/C_HELP/p' in told
    assert "U_ANA" not in told and "U_Ana" not in told  # who asked is nobody's business


async def test_who_wishes_not_to_be_named_is_a_colleague(sessions: Sessions, tmp_path: Path):
    number = await solved(sessions, "How do I amend a form?", f"Press Amend, says <@{BEN}|ben>.")
    async with sessions.begin() as session:
        await choose_to_be_named(session, team_id=TEAM, user_id=BEN, is_named=False, now=NOW)

    told = await page_of(sessions, tmp_path / "site", f"answers/{number}.html")

    assert "Press Amend, says @a colleague." in told
    assert "ben" not in told.lower()


async def test_it_says_whether_it_is_still_true(sessions: Sessions, tmp_path: Path):
    number = await solved(sessions, "How do I amend a form?", "Press Amend.")
    about = {"team_id": TEAM, "question_id": number, "user_id": BEN}
    async with sessions.begin() as session:
        await confirm(session, **about, now=at(86_400))
    told = await page_of(sessions, tmp_path / "site", f"answers/{number}.html")
    assert "Still true: somebody who knows said so on 24 November 2026." in told

    async with sessions.begin() as session:
        await call_outdated(session, **about, now=at(2 * 86_400))
    told = await page_of(sessions, tmp_path / "site", f"answers/{number}.html")
    assert "Outdated since 25 November 2026" in told
    assert "Outdated" in (tmp_path / "site" / "index.html").read_text()


async def test_what_was_taken_back_is_gone_and_the_rest_keeps_its_address(
    sessions: Sessions, tmp_path: Path
):
    number = await solved(sessions, "How do I amend a form?", "Press Amend.")
    folder = tmp_path / "site"
    await page_of(sessions, folder, f"answers/{number}.html")

    async with sessions.begin() as session:
        await session.execute(update(Question).values(withdrawn_at=NOW))
    assert "Nothing is solved yet" in await page_of(sessions, folder, "index.html")

    assert b"Amend" not in bytes_of(folder)
    assert bytes_of(tmp_path) == bytes_of(folder)  # nothing is left beside it


async def test_a_topic_has_a_page_and_the_feed_tells_of_what_is_new(
    sessions: Sessions, tmp_path: Path
):
    async with sessions.begin() as session:
        await join(session)
        await settle_in(session)
        topic = await add_topic(session, "Customs & more", channel_id=HELP, is_channel_topic=True)
        number = await solve(session, "How do I amend a form?", "Press Amend.")
    folder = tmp_path / "site"

    await write_site(sessions, folder, address="https://answers.acme.example/", now=NOW)

    page = (folder / "topics" / f"{topic.topic_id}.html").read_text()
    assert "Customs &amp; more" in page and f"../answers/{number}.html" in page
    feed = ElementTree.fromstring((folder / "feed.xml").read_text())
    links = [each.get("href") for each in feed.iterfind(".//{*}entry/{*}link")]
    assert links == [f"https://answers.acme.example/answers/{number}.html"]


async def test_markdown_has_a_file_for_each_answer(sessions: Sessions, tmp_path: Path):
    number = await solved(sessions, "How do I amend a form?", "Press *Amend*\n1. twice")

    assert await write_markdown(sessions, tmp_path / "md", now=NOW) == 1

    told = (tmp_path / "md" / "answers" / f"{number}.md").read_text()
    assert told.startswith("---\ntitle: How do I amend a form?\n")
    assert "Press **Amend**  \n1\\. twice" in told
    assert f"(<answers/{number}.md>)" in (tmp_path / "md" / "README.md").read_text()


# Where


async def test_no_folder_of_somebody_elses_is_replaced(sessions: Sessions, tmp_path: Path):
    await solved(sessions, "How do I amend a form?", "Press Amend.")
    (tmp_path / "thesis.txt").write_text("mine")

    with pytest.raises(BadSetting, match="has something else in it"):
        await write_site(sessions, tmp_path, now=NOW)

    assert (tmp_path / "thesis.txt").read_text() == "mine"


async def test_an_unknown_audience_is_a_sentence(sessions: Sessions, tmp_path: Path):
    async with sessions.begin() as session:
        await join(session)
        await learn(session, ADA, is_admin=True)
        await learn_help_channel(session)

    with pytest.raises(NoSuchAudience, match="I am in no channel"):
        await write_site(sessions, tmp_path / "site", called="#nowhere", now=NOW)

    assert await write_site(sessions, tmp_path / "site", called="#c_help", now=NOW) == 0
