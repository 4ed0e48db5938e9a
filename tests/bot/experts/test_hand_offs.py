"""What a helpdesk outside Slack is told, and when the helpdesk's channel gets the words."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.community.channels import ChannelFacts, learn_members
from bot.errors import AddressNeedsHttps, OnlyAdmins
from bot.experts import steps
from bot.experts.cards import Helpdesk
from bot.experts.claims import claim, keep, pass_on
from bot.experts.hand_offs import (
    HandOffCall,
    Receipt,
    get_call,
    get_hand_off,
    get_lost,
    note_lost,
    note_told,
    read_receipt,
)
from bot.experts.steps import get_topic, hand_off
from bot.experts.topics import TopicView
from bot.outbox import WITH_THE_PLACE, claim_owed, retry_later
from bot.questions.capture import call_not_a_question, reopen
from bot.questions.merging import merge
from bot.questions.messages import erase
from storage.database import Sessions
from storage.experts import topics
from storage.questions import questions
from storage.tables import Outbox
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
    answer,
    ask,
    at,
    card_of,
    learn,
    learn_help_channel,
    settle_in,
    tick,
    ts,
)

ADDRESS, OTHER_ADDRESS = "https://desk.example/hook", "https://desk.example/other"
DESK = "C_DESK"


@pytest.fixture
async def topic(session: AsyncSession, help_channel) -> TopicView:
    return await add_topic(session, experts=[BEN], keywords="tariff", hand_off_url=ADDRESS)


@pytest.fixture
async def question_id(session: AsyncSession, topic: TopicView) -> int:
    """A question that nobody took, handed off."""
    return await hand_off_new(session)


async def hand_off_new(session: AsyncSession, **changes: Any) -> int:
    question_id = await ask(session, **changes)
    question = await questions.get(session, TEAM, question_id)
    assert question is not None
    await hand_off(session, question, await get_topic(session, question), now=at(30))
    return question_id


async def call_of(
    session: AsyncSession, question_id: int, *, may_be_known: bool = False
) -> HandOffCall | None:
    return await get_call(session, TEAM, question_id, may_be_known=may_be_known)


async def tell(session: AsyncSession, question_id: int, **receipt: str) -> str:
    """The outside helpdesk hears how it stands; what it hears."""
    call = await call_of(session, question_id)
    assert call is not None
    await note_told(session, call, Receipt(**receipt), now=at(40))
    return call.happened


async def lose(session: AsyncSession, question_id: int) -> None:
    call = await call_of(session, question_id)
    assert call is not None
    await note_lost(session, call, reason="it answered 410 (Gone)", now=at(40))


async def press(session: AsyncSession, act, question_id: int, user_id: str, seconds: float):
    return await act(
        session, team_id=TEAM, question_id=question_id, user_id=user_id, now=at(seconds)
    )


async def is_owed(session: AsyncSession, kind: str, subject: object) -> bool:
    """Whether this is owed; then it is owed no more."""
    row = await session.scalar(
        select(Outbox).where(Outbox.kind == kind, Outbox.subject == str(subject))
    )
    if row is not None:
        await session.delete(row)
    return row is not None


async def test_what_is_handed_off_is_told_with_all_that_a_helpdesk_needs(
    session: AsyncSession, question_id: int
):
    assert await is_owed(session, "hand_off_call", question_id)
    assert not await is_owed(session, "hand_off", question_id)  # there is no channel
    call = await call_of(session, question_id)

    assert call is not None
    assert (call.address, call.happened, call.happened_at) == (ADDRESS, "handed_off", at(30))
    assert (call.topic, call.channel_name, call.thread_ts) == ("Customs", "c_help", ts())
    assert call.text == "How do I correct the tariff code of a rejected form?"
    assert call.asker is not None and (call.asker.user_id, call.asker.name) == (ANA, "U_Ana")
    assert (call.experts_asked, call.is_private, call.asked_at) == (1, False, NOW)
    assert call.secret not in repr(call)


async def test_another_workspace_is_told_nothing(session: AsyncSession, question_id: int):
    assert await get_call(session, OTHER_TEAM, question_id, may_be_known=True) is None


async def test_it_ends_at_the_helpdesk_where_only_an_address_is_known(
    session: AsyncSession, topic: TopicView
):
    question_id = await ask(session)

    assert steps.end_of(await topics.get(session, TEAM, topic.topic_id)) == steps.HAND_OFF
    assert (await card_of(session, question_id)).helpdesk == Helpdesk()


async def test_the_same_thing_told_twice_is_one_message(session: AsyncSession, question_id: int):
    first = await call_of(session, question_id)
    again = await call_of(session, question_id, may_be_known=True)
    assert first is not None and again is not None
    assert first.message_id == again.message_id
    assert "." not in first.message_id

    await note_told(session, first, Receipt(), now=at(40))
    await note_told(session, first, Receipt(), now=at(41))  # delivered twice

    assert await call_of(session, question_id) is None


async def test_an_outside_helpdesk_hears_that_it_is_the_same_as_another(
    session: AsyncSession, question_id: int
):
    await tell(session, question_id)
    other = await ask(session, "Which tariff code is form seven?", seconds=4000)
    pair = {"question_id": question_id, "into_id": other}

    await merge(session, team_id=TEAM, user_id=ANA, **pair, now=at(4100))

    assert await is_owed(session, "hand_off_call", question_id)
    assert await tell(session, question_id) == "merged"


async def test_what_happens_later_is_told_each_time_as_another_message(
    session: AsyncSession, question_id: int
):
    told, message_ids = [], set()

    async def hear_of_it() -> None:
        call = await call_of(session, question_id)
        assert call is not None
        assert await is_owed(session, "hand_off_call", question_id)
        message_ids.add(call.message_id)
        told.append(await tell(session, question_id))

    await hear_of_it()
    await press(session, claim, question_id, BEN, 100)
    await hear_of_it()
    await press(session, pass_on, question_id, BEN, 110)
    await hear_of_it()
    await press(session, claim, question_id, BEN, 120)
    await hear_of_it()
    await press(session, pass_on, question_id, BEN, 130)
    await hear_of_it()
    reply = await answer(session, seconds=140)
    assert await call_of(session, question_id) is None  # a reply is nobody's decision
    await is_owed(session, "hand_off_call", question_id)
    await tick(session, reply, seconds=150)
    await hear_of_it()
    await tick(session, reply, seconds=160, on=False)
    await hear_of_it()

    assert told == [
        "handed_off",
        "claimed",
        "reopened",
        "claimed",
        "reopened",
        "solved",
        "reopened",
    ]
    assert len(message_ids) == len(told)


async def test_ten_changes_are_one_call_of_how_it_stands(session: AsyncSession, question_id: int):
    await tell(session, question_id)
    for seconds in range(100, 200, 20):
        await press(session, claim, question_id, BEN, seconds)
        await press(session, keep, question_id, BEN, seconds + 5)
        await press(session, pass_on, question_id, BEN, seconds + 10)

    assert await call_of(session, question_id) is None  # it stands as it was told
    rows = await session.scalars(select(Outbox).where(Outbox.kind == "hand_off_call"))
    assert len(rows.all()) == 1


async def test_what_was_settled_before_it_was_told_is_not_told(
    session: AsyncSession, question_id: int
):
    await press(session, claim, question_id, BEN, 100)
    assert await call_of(session, question_id) is None

    await press(session, pass_on, question_id, BEN, 110)
    assert await call_of(session, question_id) is not None

    await tick(session, await answer(session))
    assert await call_of(session, question_id) is None


async def test_what_may_have_arrived_is_followed_up(session: AsyncSession, question_id: int):
    await tick(session, await answer(session))

    call = await call_of(session, question_id, may_be_known=True)

    assert call is not None and call.happened == "solved"
    assert [each.user_id for each in call.solved_by] == [BEN]


async def test_a_deleted_question_leaves_no_words_and_nobodys_name(
    session: AsyncSession, question_id: int
):
    await tell(session, question_id)
    await erase(session, team_id=TEAM, channel_id=HELP, message_ts=ts(), now=at(100))

    call = await call_of(session, question_id)

    assert call is not None and call.happened == "withdrawn"
    assert (call.text, call.asker, call.claimed_by, call.solved_by) == (None, None, None, ())


async def test_what_is_asked_again_after_all_is_handed_off_anew(
    session: AsyncSession, question_id: int
):
    await tell(session, question_id)
    await press(session, call_not_a_question, question_id, ANA, 100)
    await tell(session, question_id)

    await reopen(session, team_id=TEAM, question_id=question_id, now=at(200))
    assert await call_of(session, question_id) is None  # people are asked first
    question = await questions.get(session, TEAM, question_id)
    assert question is not None
    await hand_off(session, question, await get_topic(session, question), now=at(300))

    call = await call_of(session, question_id)
    assert call is not None and (call.happened, call.happened_at) == ("reopened", at(300))


@pytest.mark.parametrize("known", [True, False])
async def test_a_private_channels_question_goes_out_without_words_people_and_its_name(
    session: AsyncSession, topic: TopicView, known: bool
):
    question_id = await hand_off_new(session)
    await tick(session, await answer(session))
    if known:
        await learn_help_channel(session, is_private=True, user_ids=(ANA, BEN, ADA))
    else:
        await session.execute(delete(Outbox))
        question = await questions.get(session, TEAM, question_id)
        assert question is not None
        question.channel_id = "C_UNKNOWN"

    call = await call_of(session, question_id, may_be_known=True)

    assert call is not None and call.is_private
    assert (call.text, call.asker, call.solved_by) == (None, None, ())
    assert call.channel_name is None


async def test_the_card_says_how_far_it_is(session: AsyncSession, question_id: int):
    assert (await card_of(session, question_id)).helpdesk == Helpdesk(is_called=True)

    await tell(session, question_id, reference="INC-1", link="https://desk.example/1")

    assert (await card_of(session, question_id)).helpdesk == Helpdesk(
        True, True, False, "INC-1", "https://desk.example/1"
    )
    assert await is_owed(session, "question_card", question_id)


async def test_a_later_answer_without_a_reference_takes_none_away(
    session: AsyncSession, question_id: int
):
    await tell(session, question_id, reference="INC-1")
    await press(session, claim, question_id, BEN, 100)
    await tell(session, question_id, link="https://desk.example/1")

    helpdesk = (await card_of(session, question_id)).helpdesk
    assert helpdesk is not None
    assert (helpdesk.reference, helpdesk.link) == ("INC-1", "https://desk.example/1")


async def test_those_who_run_the_topic_are_told_once_that_it_is_lost(
    session: AsyncSession, question_id: int
):
    await lose(session, question_id)

    helpdesk = (await card_of(session, question_id)).helpdesk
    assert helpdesk is not None and helpdesk.is_lost
    assert await is_owed(session, "hand_off_lost", question_id)
    lost = await get_lost(session, TEAM, question_id)
    assert lost is not None and (lost.user_id, lost.is_known_there) == (ADA, False)
    assert await get_lost(session, OTHER_TEAM, question_id) is None
    assert await call_of(session, question_id) is None  # given up is given up


async def test_nobody_is_told_that_it_is_lost_where_it_was_solved_meanwhile(
    session: AsyncSession, question_id: int
):
    await lose(session, question_id)
    await tick(session, await answer(session))

    assert await get_lost(session, TEAM, question_id) is None


async def test_what_an_earlier_address_refuses_is_not_lost(
    session: AsyncSession, topic: TopicView, question_id: int
):
    on_its_way = await call_of(session, question_id)
    assert on_its_way is not None
    await add_topic(session, topic_id=topic.topic_id, hand_off_url=OTHER_ADDRESS)

    await note_lost(session, on_its_way, reason="it answered 410 (Gone)", now=at(40))

    call = await call_of(session, question_id)
    assert call is not None and call.address == OTHER_ADDRESS
    assert not await is_owed(session, "hand_off_lost", question_id)


async def test_the_sponsor_is_told_where_there_is_one(session: AsyncSession, help_channel):
    await add_topic(session, keywords="tariff", hand_off_url=ADDRESS, sponsor_id=PIA)
    question_id = await hand_off_new(session)
    await lose(session, question_id)

    lost = await get_lost(session, TEAM, question_id)
    assert lost is not None and lost.user_id == PIA


async def test_a_follow_up_that_is_lost_is_told_and_the_next_one_is_tried(
    session: AsyncSession, question_id: int
):
    await tell(session, question_id, reference="INC-1")
    await press(session, claim, question_id, BEN, 100)
    await lose(session, question_id)
    lost = await get_lost(session, TEAM, question_id)
    assert lost is not None and lost.is_known_there
    helpdesk = (await card_of(session, question_id)).helpdesk
    assert helpdesk is not None and not helpdesk.is_lost  # it is there

    await press(session, pass_on, question_id, BEN, 110)
    await press(session, claim, question_id, EVA, 120)
    await tell(session, question_id)

    assert await get_lost(session, TEAM, question_id) is None


@pytest.mark.parametrize("address", [ADDRESS, OTHER_ADDRESS])
async def test_saving_the_topic_sends_what_was_lost_again(
    session: AsyncSession, topic: TopicView, question_id: int, address: str
):
    await lose(session, question_id)
    await is_owed(session, "hand_off_call", question_id)

    await add_topic(session, topic_id=topic.topic_id, hand_off_url=address)

    assert await is_owed(session, "hand_off_call", question_id)
    call = await call_of(session, question_id)
    assert call is not None and call.address == address
    assert await get_lost(session, TEAM, question_id) is None


async def test_what_waits_for_its_next_try_goes_to_the_new_address_at_once(
    session: AsyncSession, topic: TopicView, question_id: int
):
    for owed in await claim_owed(session, now=at(), limit=100):
        await retry_later(session, owed, WITH_THE_PLACE, error="503", is_uncertain=True, now=at())
    session.expunge_all()
    assert await claim_owed(session, now=at(), limit=100) == []

    await add_topic(session, topic_id=topic.topic_id, hand_off_url=OTHER_ADDRESS)

    again = await claim_owed(session, now=at(), limit=100)
    assert "hand_off_call" in {owed.kind for owed in again}


async def test_an_address_taken_away_is_called_no_more(
    session: AsyncSession, topic: TopicView, question_id: int
):
    await add_topic(session, topic_id=topic.topic_id)

    assert await call_of(session, question_id) is None
    assert (await card_of(session, question_id)).helpdesk is None


async def test_the_secret_is_told_when_it_is_made_and_stays_until_a_new_one_is_wanted(
    session: AsyncSession, help_channel
):
    made = await add_topic(session, hand_off_url=ADDRESS)
    changes = {"topic_id": made.topic_id, "hand_off_url": OTHER_ADDRESS}

    kept = await add_topic(session, **changes)
    renewed = await add_topic(session, **changes, wants_new_secret=True)
    gone = await add_topic(session, topic_id=made.topic_id, wants_new_secret=True)
    back = await add_topic(session, **changes)

    assert (kept.new_secret, gone.new_secret) == (None, None)
    secrets = [made.new_secret, renewed.new_secret, back.new_secret]
    assert None not in secrets and len(set(secrets)) == 3
    assert str(made.new_secret) not in repr(made)


async def test_only_admins_set_an_address_and_not_any(session: AsyncSession, topic: TopicView):
    with pytest.raises(OnlyAdmins):
        await add_topic(session, topic_id=topic.topic_id, hand_off_url=OTHER_ADDRESS, user_id=BEN)
    with pytest.raises(AddressNeedsHttps):
        await add_topic(session, topic_id=topic.topic_id, hand_off_url="http://desk.example/hook")

    row = await topics.get(session, TEAM, topic.topic_id)
    assert row is not None and row.hand_off_url == ADDRESS


@pytest.mark.parametrize(
    ("answered", "receipt"),
    [
        (b'{"reference": "INC-1", "url": "https://d.example/1"}', ("INC-1", "https://d.example/1")),
        (b'{"reference": 4711}', ("4711", None)),
        (b'{"url": "http://desk.internal/1"}', (None, "http://desk.internal/1")),
        (b'{"reference": "  INC\\n 1 "}', ("INC 1", None)),
        (b'{"reference": "<!channel> <@U1>"}', ("@channel @somebody", None)),
        (b'{"reference": true, "url": 7}', (None, None)),
        (b'{"reference": null, "url": null}', (None, None)),
        (b'{"reference": "\\ud800"}', ("\ud800", None)),
        (b'{"url": "https://a:b@d.example/"}', (None, None)),
        (b'{"url": "javascript:alert(1)"}', (None, None)),
        (b'{"url": "https://d.example/|x>"}', (None, None)),
        (b'["INC-1"]', (None, None)),
        (b"<html>", (None, None)),
        (b"\xff", (None, None)),
        (b"", (None, None)),
        (b"[" * 16_000, (None, None)),
        (b'{"reference": ' + b"9" * 10_000 + b"}", (None, None)),
    ],
)
def test_of_an_answer_is_kept_what_can_be_understood(answered: bytes, receipt: tuple):
    read = read_receipt(answered)

    assert (read.reference, read.link) == receipt


def test_a_long_reference_is_cut():
    reference = read_receipt(b'{"reference": "' + b"x" * 5000 + b'"}').reference

    assert reference is not None and len(reference) <= 60


async def test_any_reference_can_be_kept(session: AsyncSession, question_id: int):
    await tell(session, question_id, reference="\ud800\x00")
    await session.flush()


async def learn_desk(session: AsyncSession, *user_ids: str, topic_id: int) -> None:
    facts = ChannelFacts(DESK, "desk", False, False)
    await learn_members(session, team_id=TEAM, channel=facts, user_ids=user_ids, now=NOW)
    topic = await topics.get(session, TEAM, topic_id)
    assert topic is not None
    topic.hand_off_channel_id = DESK


async def words_there(session: AsyncSession, question_id: int) -> str | None:
    hand_off = await get_hand_off(session, TEAM, question_id)
    assert hand_off is not None
    return hand_off.text


async def test_the_helpdesks_channel_is_told_again_when_its_last_stranger_is_known(
    session: AsyncSession, topic: TopicView
):
    await learn_desk(session, ADA, "U_NEW", "U_LATE", topic_id=topic.topic_id)
    question_id = await hand_off_new(session)
    assert await is_owed(session, "read_person", "U_NEW")
    assert await is_owed(session, "hand_off", question_id)
    assert await words_there(session, question_id) is None

    await learn(session, "U_NEW")
    assert not await is_owed(session, "hand_off", question_id)
    await learn(session, "U_LATE")

    assert await is_owed(session, "hand_off", question_id)
    assert await words_there(session, question_id) is not None
    await learn(session, "U_LATE", name="Late")  # a change of somebody known is no news there
    assert not await is_owed(session, "hand_off", question_id)


async def test_it_is_told_again_when_its_members_are_read(session: AsyncSession, topic: TopicView):
    row = await topics.get(session, TEAM, topic.topic_id)
    assert row is not None
    row.hand_off_channel_id = DESK
    question_id = await hand_off_new(session)
    assert await is_owed(session, "hand_off", question_id)
    assert await words_there(session, question_id) is None

    await learn_desk(session, ADA, topic_id=topic.topic_id)

    assert await is_owed(session, "hand_off", question_id)
    assert await words_there(session, question_id) is not None
    await learn_desk(session, ADA, topic_id=topic.topic_id)  # read again, each few hours
    assert not await is_owed(session, "hand_off", question_id)


async def test_what_is_settled_or_elsewhere_is_not_told_again(
    session: AsyncSession, topic: TopicView
):
    await learn_desk(session, ADA, "U_NEW", topic_id=topic.topic_id)
    question_id = await hand_off_new(session)
    await tick(session, await answer(session))
    await is_owed(session, "hand_off", question_id)

    await learn(session, "U_NEW", team_id=OTHER_TEAM)
    await learn(session, "U_NEW")

    assert not await is_owed(session, "hand_off", question_id)


async def test_the_last_two_strangers_met_at_once_are_enough(sessions: Sessions):
    async with sessions.begin() as session:
        await settle_in(session)
        topic = await add_topic(session, keywords="tariff")
        await learn_desk(session, ADA, "U_NEW", "U_LATE", topic_id=topic.topic_id)
        question_id = await hand_off_new(session)
        await is_owed(session, "hand_off", question_id)

    async def meet(user_id: str) -> None:
        async with sessions.begin() as session:
            await learn(session, user_id)

    async with sessions.begin() as session:
        await learn(session, "U_NEW")
        other = asyncio.create_task(meet("U_LATE"))
        await asyncio.sleep(0.3)  # each has met one, and the first is not committed
    await other

    async with sessions.begin() as session:
        assert await is_owed(session, "hand_off", question_id)
