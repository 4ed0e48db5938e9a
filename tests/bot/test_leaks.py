"""Whoever looks in whatever way: nobody gets what they cannot read in Slack.

Random communities, on both databases: people of all kinds, channels, moves in and out, edits and
deletes. What each may see is worked out here once more, in plain Python."""

from dataclasses import dataclass, field
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.access import seeing
from bot.access.seeing import SOLVED
from bot.community.channels import lose_channel
from bot.errors import OnlyOpenAccounts, QuestionIsGone
from bot.finding.find import find_solved
from bot.finding.reuse import get_share
from bot.questions.messages import erase, hear, reword
from bot.questions.solutions import accept_solution
from bot.questions.suggestions import get_suggestions
from storage import channels
from storage.database import Sessions
from storage.questions import questions
from storage.tables import Question
from tests.bot.conftest import ADA, at, learn, learn_help_channel, replied, said, ts
from tests.examples import some as some_examples

PEOPLE = ["U_0", "U_1", "U_2", "U_3"]
CHANNELS = ["C_0", "C_1", "C_2"]
FLAGS = ["", "is_guest", "is_external", "is_deactivated", "is_bot", "unknown"]
ASKER, AUTHOR = "U_ASKER", "U_AUTHOR"  # of everything that is solved; in every channel


@dataclass
class Community:
    """What Slack would say."""

    team_id: str
    flags: dict[str, str]
    private: dict[str, bool]
    members: dict[str, set[str]]
    lost: set[str] = field(default_factory=set)
    words: dict[str, tuple[str, str]] = field(default_factory=dict)  # ts: channel, secret word
    replied: dict[str, str] = field(default_factory=dict)  # ts: the word its reply keeps

    def can_read(self, user_id: str, channel_id: str) -> bool:
        flag = self.flags[user_id]
        if flag in ("unknown", "is_deactivated", "is_bot"):
            return False
        if not self.private[channel_id] and flag == "":
            return True
        return channel_id not in self.lost and user_id in self.members[channel_id]


STEPS = st.one_of(
    st.tuples(st.just("solve"), st.sampled_from(CHANNELS)),
    st.tuples(st.just("edit"), st.integers(0, 5)),
    st.tuples(st.just("delete"), st.integers(0, 5)),
    st.tuples(st.just("join"), st.sampled_from(CHANNELS), st.sampled_from(PEOPLE)),
    st.tuples(st.just("leave"), st.sampled_from(CHANNELS), st.sampled_from(PEOPLE)),
    st.tuples(st.just("lose"), st.sampled_from(CHANNELS)),
)


@settings(
    max_examples=some_examples(8),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    flags=st.tuples(*(st.sampled_from(FLAGS) for _ in PEOPLE)),
    private=st.tuples(*(st.booleans() for _ in CHANNELS)),
    members=st.tuples(*(st.sets(st.sampled_from(PEOPLE)) for _ in CHANNELS)),
    steps=st.lists(STEPS, min_size=3, max_size=12),
)
async def test_nobody_gets_what_they_cannot_read(
    sessions: Sessions, flags, private, members, steps
):
    community = Community(
        team_id=f"T{uuid4().hex[:12]}",
        flags=dict(zip(PEOPLE, flags, strict=True)),
        private=dict(zip(CHANNELS, private, strict=True)),
        members=dict(zip(CHANNELS, map(set, members), strict=True)),
    )
    async with sessions.begin() as session:
        await settle(session, community)
        for number, step in enumerate(steps):
            await take(session, community, number, step)
    async with sessions.begin() as session:
        await check(session, community)


async def settle(session: AsyncSession, community: Community) -> None:
    for user_id, flag in community.flags.items():
        if flag != "unknown":
            await learn(
                session, user_id, team_id=community.team_id, **({flag: True} if flag else {})
            )
    for user_id in (ASKER, AUTHOR):
        await learn(session, user_id, team_id=community.team_id)
    await learn(session, ADA, team_id=community.team_id, is_admin=True)
    for channel_id in CHANNELS:
        await learn_help_channel(
            session,
            channel_id,
            team_id=community.team_id,
            is_private=community.private[channel_id],
            user_ids=community.members[channel_id] | {ASKER, AUTHOR},
        )


async def take(session: AsyncSession, community: Community, number: int, step: tuple) -> None:
    team_id, solved = community.team_id, list(community.words)
    match step:
        case ("solve", channel_id) if channel_id not in community.lost:
            await solve(session, community, number, channel_id)
        case ("edit", which) if solved:
            message_ts = solved[which % len(solved)]
            channel_id, _ = community.words[message_ts]
            word = f"secret{number}edited"
            edited = said(
                f"How do I open the gate {word} today?",
                by=ASKER,
                channel_id=channel_id,
                team_id=team_id,
                message_ts=message_ts,
            )
            await reword(session, edited, now=at(90_000 + number))
            community.words[message_ts] = (channel_id, word)
        case ("delete", which) if solved:
            message_ts = solved[which % len(solved)]
            channel_id, _ = community.words.pop(message_ts)
            place = {"channel_id": channel_id, "message_ts": message_ts}
            await erase(session, team_id=team_id, **place, now=at(95_000 + number))
        case ("join", channel_id, user_id) if channel_id not in community.lost:
            community.members[channel_id].add(user_id)
            place = {"team_id": team_id, "channel_id": channel_id}
            await channels.add_member(session, **place, user_id=user_id)
        case ("leave", channel_id, user_id):
            community.members[channel_id].discard(user_id)
            place = {"team_id": team_id, "channel_id": channel_id}
            await channels.remove_member(session, **place, user_id=user_id)
        case ("lose", channel_id):
            community.lost.add(channel_id)
            await lose_channel(session, team_id=team_id, channel_id=channel_id, now=at(96_000))


async def solve(session: AsyncSession, community: Community, number: int, channel_id: str) -> None:
    word, seconds = f"secret{number}", 1000.0 * (number + 1)
    place = {"team_id": community.team_id, "channel_id": channel_id}
    asked = said(f"How do I open the gate {word} today?", by=ASKER, seconds=seconds, **place)
    assert await hear(session, asked, now=asked.sent_at)
    thread = {"thread_ts": asked.message_ts}
    reply = replied(f"With the key {word}.", by=AUTHOR, seconds=seconds + 60)
    told = said(reply.text, by=AUTHOR, seconds=seconds + 60, **place, **thread)
    await hear(session, told, now=told.sent_at)
    await accept_solution(session, **told.place, user_id=ASKER, now=at(seconds + 120))
    community.words[asked.message_ts] = (channel_id, word)
    community.replied[asked.message_ts] = word


async def check(session: AsyncSession, community: Community) -> None:
    for number, user_id in enumerate(PEOPLE):
        allowed = {
            (channel_id, message_ts)
            for message_ts, (channel_id, _) in community.words.items()
            if community.can_read(user_id, channel_id)
        }
        found = await find_solved(
            session, team_id=community.team_id, user_id=user_id, words="open the gate", now=at()
        )
        assert found.total == len(allowed)
        assert {(each.channel_id, each.thread_ts) for each in found.results} <= allowed
        await check_seeing(session, community, user_id, allowed)
        await check_words(session, community, user_id, allowed)
        await check_suggestions(session, community, user_id, allowed, 200_000.0 + 10 * number)


async def check_seeing(
    session: AsyncSession, community: Community, user_id: str, allowed: set[tuple[str, str]]
) -> None:
    """By a program of theirs, page by page, and one by one."""
    who = {"team_id": community.team_id, "user_id": user_id}
    if community.flags[user_id] in ("is_bot", "is_deactivated"):
        with pytest.raises(OnlyOpenAccounts):
            await seeing.list_questions(session, **who)
        return
    assert await list_seen(session, who) == allowed
    assert await search_seen(session, who) == allowed
    for question in await list_asked(session, community):
        place = (question.channel_id, question.message_ts)
        try:
            shown = await seeing.read_question(session, **who, question_id=question.id)
        except QuestionIsGone:
            assert place not in allowed
        else:
            assert place in allowed
            word = community.words[place[1]][1]
            assert word in shown.text


async def list_seen(session: AsyncSession, who: dict[str, str]) -> set[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    before_id = None
    while True:
        page = await seeing.list_questions(
            session, **who, state=SOLVED, before_id=before_id, limit=2
        )
        places = {(each.channel_id, each.message_ts) for each in page.questions}
        assert not places & found
        found |= places
        before_id = page.before_id
        if before_id is None:
            return found


async def search_seen(session: AsyncSession, who: dict[str, str]) -> set[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    seen: tuple[int, ...] | None = ()
    while seen is not None:
        page = await seeing.search(
            session, **who, words="open the gate", seen=seen, limit=2, now=at()
        )
        found += [(each.channel_id, each.message_ts) for each in page.results]
        seen = page.seen
    assert len(found) == len(set(found))
    return set(found)


async def list_asked(session: AsyncSession, community: Community) -> list[Question]:
    """All that was ever solved, deleted ones too."""
    asked = select(Question).where(Question.team_id == community.team_id)
    return [*(await session.scalars(asked.where(Question.solved_at.is_not(None)))).all()]


async def check_words(
    session: AsyncSession, community: Community, user_id: str, allowed: set[tuple[str, str]]
) -> None:
    """By the word itself, as a phrase, with a filter, and shared to a channel of theirs."""
    for message_ts, (channel_id, word) in community.words.items():
        for words in (word, f'"{word}"', f"{word} in:<#{channel_id}>"):
            found = await find_solved(
                session, team_id=community.team_id, user_id=user_id, words=words, now=at()
            )
            may = (channel_id, message_ts) in allowed
            shown = {(each.channel_id, each.thread_ts) for each in found.results}
            assert ((channel_id, message_ts) in shown) == may
            assert shown <= allowed
        question = await questions.get_by_thread(
            session, team_id=community.team_id, channel_id=channel_id, thread_ts=message_ts
        )
        assert question is not None
        for elsewhere in CHANNELS:
            readers = community.members[elsewhere]
            shared = await get_share(session, community.team_id, elsewhere, question.id, user_id)
            if shared is not None and elsewhere != channel_id:
                people = {each for each in readers if community.flags[each] != "is_bot"}
                assert all(community.can_read(each, channel_id) for each in people)


async def check_suggestions(
    session: AsyncSession,
    community: Community,
    user_id: str,
    allowed: set[tuple[str, str]],
    seconds: float,
) -> None:
    for message_ts, (channel_id, word) in list(community.words.items())[:1]:
        place = {"team_id": community.team_id, "channel_id": CHANNELS[0]}
        if CHANNELS[0] in community.lost:
            return
        asked = said(f"How do I open the gate {word} today?", by=user_id, seconds=seconds, **place)
        assert await hear(session, asked, now=asked.sent_at)
        question = await questions.get_by_thread(session, **place, thread_ts=ts(seconds))
        assert question is not None
        shown = await get_suggestions(session, community.team_id, question.id)
        suggested = (
            {(each.channel_id, each.thread_ts) for each in shown.results} if shown else set()
        )
        assert suggested <= allowed
        assert ((channel_id, message_ts) in suggested) == ((channel_id, message_ts) in allowed)
