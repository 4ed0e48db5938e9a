"""Whoever changes a setting, a topic, an expert, a sponsor or a right is written down."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from bot.community.channels import set_form, set_help_channel, set_mode
from bot.errors import OnlyAdmins
from bot.experts.topic_changes import delete_topics, merge_topics, rename_topic
from bot.experts.topics import join_topic, leave_topic
from bot.privacy.audit import get_page, take_all
from bot.questions.emoji import save_emoji
from bot.recognition.digests import pause_digest, set_digest_time, skip_digest
from bot.recognition.leaderboard import switch_leaderboard
from bot.workspaces import join_workspace
from storage import audit
from tests.bot.conftest import ADA, BEN, EVA, HELP, NOW, TEAM, add_topic, at, learn

ADMIN: dict[str, Any] = {"team_id": TEAM, "user_id": ADA, "now": NOW}
IN_HELP = {**ADMIN, "channel_id": HELP}
Told = tuple[str, str | None, str | None, str | None, str | None]


async def told(session: AsyncSession, change: Awaitable[Any]) -> list[Told]:
    """What is written down of the change: what, by whom, about whom, from what, to what."""
    known = await audit.list_newest(session, TEAM, limit=1)
    await change
    newest = await audit.list_newest(session, TEAM, limit=20)
    since = [each for each in newest if not known or each.number > known[0].number]
    return [
        (each.said.what, each.said.by, each.said.person, each.said.before, each.said.after)
        for each in reversed(since)
    ]


async def topic(session: AsyncSession, **changes: Any) -> None:
    known = await add_topic(session, experts=[BEN], keywords="tariff")
    settings = {"experts": [BEN], "keywords": "tariff", **changes}
    await told(session, add_topic(session, topic_id=known.topic_id, **settings))


Change = Callable[[AsyncSession], Awaitable[Any]]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            lambda s: set_help_channel(s, **IN_HELP, is_help=False),
            [("help_channel", ADA, None, "on", "off")],
        ),
        (lambda s: set_help_channel(s, **IN_HELP, is_help=True), []),
        (
            lambda s: set_mode(s, **IN_HELP, mode="called"),
            [("hearing", ADA, None, "asking", "called")],
        ),
        (
            lambda s: set_form(s, **IN_HELP, name="Pallet", is_asking=True),
            [("form", ADA, None, "", "Pallet")],
        ),
        (
            lambda s: switch_leaderboard(s, **ADMIN, is_on=True),
            [("leaderboard", ADA, None, "off", "on")],
        ),
        (lambda s: save_emoji(s, **ADMIN, written=":done:"), [("marks", ADA, None, "", "done")]),
        (
            lambda s: set_digest_time(s, **ADMIN, written="friday 17:30"),
            [("digest", ADA, None, "0 09:00 Europe/Rome", "4 17:30 Europe/Rome")],
        ),
        (
            lambda s: pause_digest(s, **ADMIN),
            [("digest", ADA, None, "0 09:00 Europe/Rome", "0 09:00 Europe/Rome paused")],
        ),
        (
            lambda s: skip_digest(s, **ADMIN),
            [("digest", ADA, None, "0 09:00 Europe/Rome", "0 09:00 Europe/Rome skips")],
        ),
        (lambda s: learn(s, BEN, is_admin=True), [("admin", None, BEN, "off", "on")]),
        (lambda s: learn(s, BEN), []),
    ],
)
async def test_a_setting_or_right_that_changes_is_written_down(
    session: AsyncSession, help_channel: str, change: Change, expected: list[Told]
):
    await join_workspace(
        session, team_id=TEAM, name="Acme", url="", bot_user_id="U_BOT", catch_up_days=14, now=NOW
    )

    assert await told(session, change(session)) == expected


async def test_a_new_topic_and_each_change_of_it_is_written_down(
    session: AsyncSession, help_channel: str
):
    new = await told(session, add_topic(session, experts=[BEN], sponsor_id=EVA))
    (customs,) = {
        each.said.subject
        for each in await audit.list_newest(session, TEAM, limit=3)
        if each.said.subject
    }
    changed = add_topic(
        session, experts=[EVA], keywords="tariff", waits="5, 10, 20", topic_id=int(customs)
    )

    assert new == [
        ("topic", ADA, None, "", "Customs"),
        ("sponsor", ADA, None, "", f"<@{EVA}>"),
        ("expert", ADA, BEN, "", "on"),
    ]
    assert set(await told(session, changed)) == {
        ("expert", ADA, BEN, "on", ""),
        ("expert", ADA, EVA, "", "on"),
        ("keywords", ADA, None, "", "tariff"),
        ("sponsor", ADA, None, f"<@{EVA}>", ""),
        ("waits", ADA, None, "", "5, 10, 20"),
    }


async def test_what_becomes_of_topics_and_experts_is_written_down(
    session: AsyncSession, help_channel: str
):
    await add_topic(session, "Customs")
    await add_topic(session, "Duty")
    who = {"team_id": TEAM, "name": "tolls", "user_id": BEN, "now": NOW}

    renamed = await told(session, rename_topic(session, **ADMIN, name="customs", to="Tolls"))
    joined = await told(session, join_topic(session, **who))
    left = await told(session, leave_topic(session, **who))
    merged = await told(session, merge_topics(session, **ADMIN, name="tolls", into="duty"))
    deleted = await told(session, delete_topics(session, **ADMIN, name="duty"))

    assert renamed == [("name", ADA, None, "Customs", "Tolls")]
    assert joined == [("expert", BEN, BEN, "", "on")]
    assert left == [("expert", BEN, BEN, "on", "")]
    assert merged == [("topic", ADA, None, "Tolls", "Duty")]
    assert deleted == [("topic", ADA, None, "Duty", "")]


async def test_admins_alone_read_it(session: AsyncSession, help_channel: str):
    for look in (get_page(session, team_id=TEAM, user_id=BEN), take_all(session, **as_ben())):
        with pytest.raises(OnlyAdmins):
            await look


def as_ben() -> dict[str, Any]:
    return {"team_id": TEAM, "user_id": BEN, "now": at()}


async def test_a_page_ends_where_older_ones_begin(session: AsyncSession, help_channel: str):
    for number in range(60):
        await switch_leaderboard(session, **ADMIN, is_on=False)
        await take_all(session, **{**ADMIN, "now": at(number)})

    first = await get_page(session, team_id=TEAM, user_id=ADA)
    second = await get_page(session, team_id=TEAM, user_id=ADA, before=first.number)

    assert [each.said.at for each in first.entries] == [at(each) for each in range(59, 19, -1)]
    assert second.entries[0].said.at == at(19)
    assert second.number is None
