"""What assistants' questions may take of people."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import CannotBeAsked, OnlyAdmins
from bot.experts.assistants import (
    APPROVED,
    AT_ONCE,
    COUNTED,
    get_way,
    has_room,
    refuse,
    set_way,
)
from bot.experts.claims import refer
from bot.questions.capture import ask_by_command, note_posted
from bot.workspaces import join_workspace
from storage.assistants.drafts import note_assistant
from storage.experts import offers
from storage.tables import Offer, Question
from tests.bot.conftest import ADA, ANA, BEN, EVA, HELP, PIA, TEAM, add_topic, ask, at, ts
from tests.bot.test_lives import EXPERTS, Life
from tests.bot.test_lives import customs as customs
from tests.examples import some

SHARE = 20  # percent, where nobody said another


async def ask_by_assistant(session: AsyncSession, words: str, *, seconds: float) -> int:
    """As its person said yes to a draft."""
    question_id = await ask_by_command(
        session,
        team_id=TEAM,
        channel_id=HELP,
        asker_id=ANA,
        text=words,
        topic_id=None,
        now=at(seconds),
    )
    await note_assistant(session, TEAM, question_id, "Claude")
    about = {"team_id": TEAM, "question_id": question_id}
    await note_posted(session, **about, message_ts=ts(seconds), now=at(seconds))
    return question_id


async def asked_of(session: AsyncSession, question_id: int) -> set[str]:
    return {each.user_id for each in await offers.list_of(session, question_id)}


@pytest.fixture
async def workspace(session: AsyncSession, help_channel) -> None:
    named = {"name": "Acme", "url": "https://acme.slack.com/", "bot_user_id": "U_BOT"}
    await join_workspace(session, team_id=TEAM, **named, now=at())


def test_a_share_is_of_all_that_somebody_is_asked_this_one_too():
    assert not has_room(0, 0, share_percent=20)
    assert not has_room(3, 0, share_percent=20)
    assert has_room(4, 0, share_percent=20)
    assert not has_room(8, 1, share_percent=20)
    assert has_room(9, 1, share_percent=20)
    assert not has_room(100, 0, share_percent=0)


async def test_an_assistants_question_comes_to_who_is_asked_enough_by_people(
    session: AsyncSession, workspace
):
    await add_topic(session, experts=[BEN], keywords="tariff")
    first = await ask_by_assistant(session, "Which tariff is first?", seconds=0)
    assert await asked_of(session, first) == set(), "nobody asked him anything yet"

    for number in range(4):
        await ask(session, f"Which tariff is form {number}?", seconds=(number + 1) * 3600)
    second = await ask_by_assistant(session, "Which tariff is second?", seconds=5 * 3600)
    third = await ask_by_assistant(session, "Which tariff is third?", seconds=6 * 3600)

    assert await asked_of(session, second) == {BEN}
    assert await asked_of(session, third) == set()


async def test_who_wants_none_is_asked_none_also_where_a_colleague_names_them(
    session: AsyncSession, workspace
):
    await add_topic(session, experts=[BEN, EVA], keywords="tariff")
    for number in range(4):
        await ask(session, f"Which tariff is form {number}?", seconds=(number + 1) * 3600)
    await refuse(session, team_id=TEAM, user_id=BEN, refuses=True)

    question_id = await ask_by_assistant(session, "Which tariff is it?", seconds=5 * 3600)

    assert await asked_of(session, question_id) == {EVA}
    about = {"team_id": TEAM, "question_id": question_id, "now": at(5 * 3600)}
    with pytest.raises(CannotBeAsked):
        await refer(session, **about, user_id=EVA, to_id=BEN)
    human = await ask(session, "Which tariff is mine, of a person?", seconds=6 * 3600)
    assert BEN in await asked_of(session, human), "people's questions come as before"


async def test_only_an_admin_says_how_much_and_only_what_can_be_chosen(
    session: AsyncSession, workspace
):
    about = {"team_id": TEAM, "now": at()}
    with pytest.raises(OnlyAdmins):
        await set_way(session, **about, user_id=PIA, way=AT_ONCE, share=50)
    assert await get_way(session, TEAM) == (APPROVED, 20)

    await set_way(session, **about, user_id=ADA, way="whenever", share=50)
    await set_way(session, **about, user_id=ADA, way=AT_ONCE, share=99)
    assert await get_way(session, TEAM) == (APPROVED, 20)

    await set_way(session, **about, user_id=ADA, way=AT_ONCE, share=50)
    assert await get_way(session, TEAM) == (AT_ONCE, 50)
    assert await get_way(session, "T_ELSEWHERE") == ("never", 0)


class AssistedLife(Life):
    """The same random lives, in which assistants ask too. Who was asked what is counted here once
    more, from the offers as they came."""

    def __init__(self, session: AsyncSession, seed: int) -> None:
        super().__init__(session, seed)
        self.refusing: set[str] = set()
        self.by_assistant: set[int] = set()
        self.told = Counter[bool]()
        self.acts += [self.refuse_assistants, self.refuse_assistants]

    async def ask(self, words: str) -> int:
        if self.dice.random() < 0.6:
            return await super().ask(words)
        question_id = await ask_by_assistant(self.session, words, seconds=self.now)
        self.by_assistant.add(question_id)
        return question_id

    async def refuse_assistants(self, _: object, user_id: str) -> None:
        self.refusing ^= {user_id}
        is_refusing = user_id in self.refusing
        await refuse(self.session, team_id=TEAM, user_id=user_id, refuses=is_refusing)

    async def check(self, made: Offer) -> None:
        await super().check(made)
        question = await self.session.get_one(Question, made.question_id)
        if question.assistant is None or made.passed_at == made.offered_at:
            return
        assert made.user_id not in self.refusing
        lately = [
            each
            for each in await self.offers()
            if each.user_id == made.user_id
            and made.offered_at - COUNTED <= each.offered_at <= made.offered_at
            and (each.passed_at is None or each.passed_at != each.offered_at)
        ]
        written = [each for each in lately if each.question_id in self.by_assistant_or_new(made)]
        assert len(written) * 100 <= SHARE * len(lately), (made.user_id, len(written), len(lately))
        self.told[True] += 1

    def by_assistant_or_new(self, made: Offer) -> set[int]:
        """What is asked at this moment is not noted yet."""
        return self.by_assistant | {made.question_id}


async def test_the_cap_holds_whatever_happens(session: AsyncSession, customs, workspace):
    told = 0
    for seed in range(some(2)):
        savepoint = await session.begin_nested()
        life = AssistedLife(session, seed)
        for number in range(60):
            await life.go_on(number)
        told += life.told[True]
        assert set(EXPERTS) >= life.refusing
        await savepoint.rollback()
        session.expire_all()

    print(f"\n{told} offers of what assistants wrote")
    assert told, "some were asked, or this says nothing"


async def test_what_was_asked_long_ago_counts_no_more(session: AsyncSession, workspace):
    await add_topic(session, experts=[BEN], keywords="tariff")
    for number in range(4):
        await ask(session, f"Which tariff is form {number}?", seconds=number * 3600)

    later = (COUNTED + timedelta(days=1)).total_seconds()
    question_id = await ask_by_assistant(session, "Which tariff is it?", seconds=later)

    assert await asked_of(session, question_id) == set()
