from dataclasses import dataclass, field

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import (
    GroupMemberCannotLeave,
    OnlyAdmins,
    TooManyKeywords,
    TopicExists,
    TopicIsGone,
    TopicNeedsName,
    UnknownTopic,
)
from bot.experts.topics import (
    MAX_KEYWORDS,
    choose_topic,
    find_topic,
    join_topic,
    leave_topic,
    list_topics,
    split_keywords,
)
from bot.people import learn_group
from storage.experts import topics
from tests.bot.conftest import (
    ADA,
    ANA,
    BEN,
    EVA,
    HELP,
    NOW,
    OTHER_TEAM,
    PIA,
    TEAM,
    add_topic,
    ask,
    at,
    card_of,
    learn,
    owed,
)


@dataclass
class Named:
    id: int
    name: str
    keywords: list[str] = field(default_factory=list)
    made_for: str | None = None


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        ("the customs form", 1),
        ("CUSTOMS!", 1),
        ("customers are waiting", None),  # not a word by itself
        ("which c++ flag", 2),
        ("a tariff and a seal in payroll", 1),  # two words against one
        ("purchase order for payroll", 3),
        ("große Maßnahme", 4),
        ("nothing of it", None),
        ("x" * 40_000, None),
    ],
)
def test_a_text_is_about_the_topic_whose_words_it_has_most_of(text: str, chosen: int | None):
    known = [
        Named(1, "Customs", ["tariff", "seal"]),
        Named(2, "Compilers", ["C++", "(x"]),
        Named(3, "Payroll", ["purchase order", "payroll"]),
        Named(4, "Bau", ["MASSNAHME", "Maßnahme"]),
    ]

    assert choose_topic(text, known, channel_topic_id=None) == chosen


def test_the_channels_own_topic_wins_a_draw_and_where_there_are_no_words():
    known = [Named(1, "Customs"), Named(2, "Payroll")]

    assert choose_topic("customs and payroll", known, channel_topic_id=2) == 2
    assert choose_topic("customs", known, channel_topic_id=2) == 1
    assert choose_topic("hello", known, channel_topic_id=2) == 2


def test_keywords_are_separated_by_commas_or_lines_each_once():
    assert split_keywords(" seal ,Tariff\ncode;; seal , tariff  code") == [
        "seal",
        "Tariff",
        "code",
        "tariff code",
    ]


async def test_an_admin_makes_and_changes_a_topic(session: AsyncSession, help_channel):
    made = await add_topic(session, " Customs  forms ", keywords="seal", experts=[BEN])

    changed = await add_topic(session, "Customs", topic_id=made.topic_id, experts=[EVA, EVA])

    assert changed.topic_id == made.topic_id
    _, listed = await list_topics(session, team_id=TEAM, user_id=PIA)
    assert (listed.name, listed.keywords, listed.member_ids) == ("Customs", (), (EVA,))


async def test_only_admins_make_topics(session: AsyncSession, help_channel):
    for changes in ({"user_id": BEN}, {"team_id": OTHER_TEAM}):
        with pytest.raises(OnlyAdmins):
            await add_topic(session, **changes)


async def test_another_companys_admin_is_none_here(session: AsyncSession, help_channel):
    await learn(session, "U_EXTERNAL", is_admin=True, is_external=True)

    with pytest.raises(OnlyAdmins):
        await add_topic(session, user_id="U_EXTERNAL")


async def test_two_topics_cannot_have_one_name(session: AsyncSession, help_channel):
    await add_topic(session, "Customs")
    other = await add_topic(session, "Payroll")

    for topic_id in (None, other.topic_id):
        with pytest.raises(TopicExists, match="Customs"):
            await add_topic(session, "CUSTOMS ", topic_id=topic_id)


async def test_a_topic_needs_a_name_of_some_length(session: AsyncSession, help_channel):
    for name in ("", "   ", "x" * 61):
        with pytest.raises(TopicNeedsName):
            await add_topic(session, name)


async def test_any_name_can_be_kept_and_found(session: AsyncSession, help_channel):
    for name in ("ß" * 60, "ΐ" * 60, "a\x00b", "c\ud800d", "🙂", "%_'\""):
        made = await add_topic(session, name)

        found = await find_topic(session, team_id=TEAM, user_id=PIA, name=name.upper())
        assert found is not None and found.topic_id == made.topic_id


async def test_keywords_are_not_endless(session: AsyncSession, help_channel):
    with pytest.raises(TooManyKeywords):
        await add_topic(session, keywords=",".join(map(str, range(MAX_KEYWORDS + 1))))


async def test_a_topic_of_another_workspace_is_not_changed(session: AsyncSession, help_channel):
    theirs = await add_topic(session, "Customs")
    await learn(session, ADA, team_id=OTHER_TEAM, is_admin=True)

    with pytest.raises(TopicIsGone):
        await add_topic(session, "Payroll", team_id=OTHER_TEAM, topic_id=theirs.topic_id)

    known = await list_topics(session, team_id=TEAM, user_id=PIA)
    assert [each.name for each in known] == [HELP.lower(), "Customs"]


async def test_a_channels_own_topic_can_be_taken_back(session: AsyncSession, help_channel):
    topic = await add_topic(session, "Customs", channel_id=HELP, is_channel_topic=True)
    await add_topic(session, "Payroll", channel_id=HELP)
    assert (await card_of(session, await ask(session))).topic == "Customs"

    await add_topic(session, "Customs", topic_id=topic.topic_id, channel_id=HELP)

    assert (await card_of(session, await ask(session, seconds=900))).topic is None


async def join(session: AsyncSession, name: str, user_id: str) -> tuple[str, bool]:
    return await join_topic(session, team_id=TEAM, name=name, user_id=user_id, now=at())


async def leave(session: AsyncSession, name: str, user_id: str) -> tuple[str, bool]:
    return await leave_topic(session, team_id=TEAM, name=name, user_id=user_id, now=NOW)


async def test_anyone_joins_and_leaves_a_topic_once(session: AsyncSession, help_channel):
    await add_topic(session, "Customs")

    assert [await join(session, "customs", PIA) for _ in range(2)] == [
        ("Customs", True),
        ("Customs", False),
    ]
    assert [await leave(session, "CUSTOMS", PIA) for _ in range(2)] == [
        ("Customs", True),
        ("Customs", False),
    ]


async def test_joining_an_unknown_topic_says_so(session: AsyncSession, help_channel):
    for name in ("Payroll", "", "\x00", "\ud800", "x" * 100_000):
        with pytest.raises(UnknownTopic):
            await join(session, name, PIA)


async def test_the_members_of_a_user_group_are_experts_in_its_place(
    session: AsyncSession, help_channel
):
    topic = await add_topic(session, "Customs", experts=["S_NIGHT", BEN])
    assert ("read_group", "S_NIGHT") in await owed(session)
    for members in ([PIA, "U_NEW"], [EVA, BEN, ANA]):
        await learn_group(session, team_id=TEAM, usergroup_id="S_NIGHT", user_ids=members, now=at())

    assert ("read_person", "U_NEW") in await owed(session)
    assert sorted(await topics.list_expert_ids(session, TEAM, topic.topic_id)) == [ANA, BEN, EVA]
    with pytest.raises(GroupMemberCannotLeave):
        await leave(session, "Customs", EVA)


async def test_a_group_of_another_workspace_makes_nobody_an_expert(
    session: AsyncSession, help_channel
):
    topic = await add_topic(session, "Customs", experts=["S_NIGHT"])
    await learn_group(session, team_id=OTHER_TEAM, usergroup_id="S_NIGHT", user_ids=[EVA], now=at())

    assert await topics.list_expert_ids(session, TEAM, topic.topic_id) == []


async def test_an_expert_we_do_not_know_is_looked_up(session: AsyncSession, help_channel):
    await add_topic(session, "Customs", experts=["U_NEW", BEN])

    debts = {subject for kind, subject in await owed(session) if kind == "read_person"}
    assert debts == {"U_NEW"}
