"""What a program of somebody's sees: what they could see in Slack, at that moment."""

from dataclasses import replace

import pytest

from bot.access import seeing
from bot.access.seeing import CLAIMED, OPEN, SOLVED, PersonView
from bot.errors import OnlyOpenAccounts, QuestionIsGone, TopicIsGone
from bot.experts.availability import go_away
from bot.experts.claims import claim
from bot.people import learn_person
from bot.privacy.erasing import erase_me, erase_some
from bot.questions.answers import erase
from bot.questions.messages import hear
from storage import channels
from storage.questions import questions
from storage.tables import Question
from tests.bot.conftest import (
    ADA,
    ANA,
    ASKED,
    BEN,
    EVA,
    HELP,
    OTHER_TEAM,
    PIA,
    TEAM,
    add_topic,
    answer,
    ask,
    at,
    learn,
    learn_help_channel,
    profile,
    said,
    solve,
    tick,
)
from tests.conftest import NOW

GUS = "U_GUS"  # a guest
PIAS = {"team_id": TEAM, "user_id": PIA}


async def read(session, question_id, *, by=PIA):
    return await seeing.read_question(session, team_id=TEAM, user_id=by, question_id=question_id)


async def ask_closed(session) -> int:
    """Ask in the channel that is private; the question's id."""
    asked = said(ASKED, channel_id="C_CLOSED")
    assert await hear(session, asked, now=asked.sent_at)
    question = await questions.get_by_thread(
        session, team_id=TEAM, channel_id="C_CLOSED", thread_ts=asked.message_ts
    )
    assert question is not None
    return question.id


async def pages(session, *, by=PIA, limit=2, **wanted) -> list[list[int]]:
    """The questions, page by page."""
    found, before_id = [], None
    while True:
        page = await seeing.list_questions(
            session, team_id=TEAM, user_id=by, before_id=before_id, limit=limit, **wanted
        )
        found.append([each.question_id for each in page.questions])
        before_id = page.before_id
        if before_id is None:
            return found


async def test_a_question_comes_with_its_answers(session, help_channel):
    question_id = await ask(session, f"How do I amend <@{EVA}>'s form in <#C_HELP|customs-help>?")
    first = await answer(session, "Is it &lt;rejected&gt;?", by=EVA)
    worked = await answer(session, "Press *Amend*.", seconds=70)
    await tick(session, worked)

    shown = await read(session, question_id)

    assert (shown.state, shown.asker) == (SOLVED, PersonView(ANA, "U_Ana"))
    assert shown.text == "How do I amend @U_Eva's form in #c_help?"
    assert [(each.author.name, each.text, each.accepted_at) for each in shown.answers] == [
        ("U_Eva", "Is it <rejected>?", None),
        ("U_Ben", "Press *Amend*.", at(120)),
    ]
    assert [each.message_ts for each in shown.answers] == [first, worked]
    assert shown.answers[1] == await seeing.read_answer(
        session, **PIAS, answer_id=shown.answers[1].answer_id
    )


async def test_who_cannot_read_it_learns_nothing(session, help_channel):
    question_id = await solve(session)
    reply_id = (await read(session, question_id)).answers[0].answer_id
    await learn(session, GUS, is_guest=True)

    for user_id in (GUS, "U_NOBODY"):
        with pytest.raises(QuestionIsGone):
            await read(session, question_id, by=user_id)
        with pytest.raises(QuestionIsGone):
            await seeing.read_answer(session, team_id=TEAM, user_id=user_id, answer_id=reply_id)
        assert await pages(session, by=user_id) == [[]]
    for reader, number in (({**PIAS, "team_id": OTHER_TEAM}, question_id), (PIAS, 10**15)):
        with pytest.raises(QuestionIsGone):
            await seeing.read_question(session, **reader, question_id=number)


async def test_who_left_the_channel_sees_nothing_from_that_moment(session, help_channel):
    await learn_help_channel(session, "C_CLOSED", user_ids=(ANA, PIA), is_private=True)
    question_id = await ask_closed(session)
    place = {"team_id": TEAM, "channel_id": "C_CLOSED"}
    assert (await read(session, question_id)).channel == "c_closed"

    with pytest.raises(QuestionIsGone):
        await read(session, question_id, by=BEN)
    await channels.remove_member(session, **place, user_id=PIA)
    with pytest.raises(QuestionIsGone):
        await read(session, question_id)


async def test_a_closed_account_sees_nothing(session, help_channel):
    question_id = await solve(session)
    topic = await add_topic(session)
    closed = replace(profile(PIA), is_deactivated=True)
    await learn_person(session, team_id=TEAM, profile=closed, now=at(1))

    for look in (
        seeing.read_question(session, **PIAS, question_id=question_id),
        seeing.search(session, **PIAS, words="tariff", now=NOW),
        seeing.list_questions(session, **PIAS),
        seeing.list_topics(session, **PIAS),
        seeing.list_askable(session, **PIAS, topic_id=topic.topic_id, now=NOW),
    ):
        with pytest.raises(OnlyOpenAccounts):
            await look


async def test_a_deleted_answer_is_gone(session, help_channel):
    question_id = await ask(session)
    reply = await answer(session, "Never say that.")
    reply_id = (await read(session, question_id)).answers[0].answer_id

    await erase(session, team_id=TEAM, channel_id=HELP, message_ts=reply, now=at(90))

    assert (await read(session, question_id)).answers == ()
    with pytest.raises(QuestionIsGone):
        await seeing.read_answer(session, **PIAS, answer_id=reply_id)


async def test_nobody_is_named_who_is_nobodys_to_know(session, help_channel):
    question_id = await solve(session)
    question = await session.get_one(Question, question_id)
    question.asker_id = "asker-0123456789abcdef"
    await erase_me(
        session, team_id=TEAM, user_id=BEN, keeps_words=True, stays_out=False, now=at(500)
    )
    while await erase_some(session, now=at(500)):
        pass

    shown = await read(session, question_id)

    assert shown.asker == PersonView(None, "the asker")
    assert shown.answers[0].author == PersonView(None, "a colleague")
    (found,) = (await seeing.search(session, **PIAS, words="tariff", now=at(500))).results
    assert found.author == PersonView(None, "a colleague")


async def test_a_private_channels_name_is_told_to_no_reader_of_another(session, help_channel):
    await learn_help_channel(session, "C_CLOSED", user_ids=(ANA,), is_private=True)
    question_id = await ask(session, "How do I move a form from <#C_CLOSED|the-merger>?")

    assert (await read(session, question_id)).text == "How do I move a form from #channel?"


async def test_what_it_was_merged_into_is_told_to_who_can_read_that(session, help_channel):
    await learn_help_channel(session, "C_CLOSED", user_ids=(ANA, EVA), is_private=True)
    hidden = await ask_closed(session)
    shown = await ask(session, "How do I correct a tariff code of last week?", seconds=20)
    (await session.get_one(Question, shown)).merged_into_id = hidden
    await session.flush()

    assert (await read(session, shown, by=EVA)).same_as == hidden
    assert (await read(session, shown, by=PIA)).same_as is None


async def test_questions_are_listed_by_how_they_stand(session, help_channel):
    is_open = await ask(session, "Where do I find the customs form of last week?", seconds=10)
    taken = await ask(session, "Which carrier takes dangerous goods to Malta?", seconds=20, by=EVA)
    await claim(session, team_id=TEAM, question_id=taken, user_id=BEN, now=at(30))
    solved = await solve(session)

    assert await pages(session, state=OPEN) == [[is_open]]
    assert await pages(session, state=CLAIMED) == [[taken]]
    assert await pages(session, state=SOLVED) == [[solved]]
    assert await pages(session, limit=9) == [[solved, taken, is_open]]
    assert (await read(session, taken)).claimed_by == PersonView(BEN, "U_Ben")


async def test_pages_stay_where_they_are_while_more_is_asked(session, help_channel):
    asked = [
        await ask(session, f"Where is the form {n}?", by=f"U_{n}", seconds=n) for n in range(5)
    ]
    first = await seeing.list_questions(session, **PIAS, limit=2)

    await ask(session, "Where is the newest form?", by="U_NEW", seconds=9)
    second = await seeing.list_questions(session, **PIAS, before_id=first.before_id, limit=2)

    shown = [each.question_id for page in (first, second) for each in page.questions]
    assert shown == asked[:0:-1]


async def test_a_search_goes_on_where_it_stopped_whatever_is_solved_meanwhile(
    session, help_channel
):
    for number in range(4):
        await solved_at(session, f"Why is the tariff code {number} rejected?", number)
    first = await seeing.search(session, **PIAS, words="tariff code", limit=2, now=NOW)
    assert first.seen is not None and first.total == 4

    await solved_at(session, "Why is a tariff code, tariff code of mine, rejected?", 9)
    second = await seeing.search(
        session, **PIAS, words="tariff code", seen=first.seen, limit=5, now=NOW
    )

    shown = [each.question_id for page in (first, second) for each in page.results]
    assert len(shown) == len(set(shown)) == 5
    assert second.seen is None


async def solved_at(session, text: str, number: int) -> None:
    seconds = 1000.0 * (number + 1)
    asked = said(text, by=ANA, seconds=seconds)
    await ask(session, text, seconds=seconds)
    reply = said("Amend it.", by=BEN, seconds=seconds + 9, thread_ts=asked.message_ts)
    assert await hear(session, reply, now=reply.sent_at)
    await tick(session, reply.message_ts, seconds=seconds + 20)


async def test_topics_are_those_that_one_may_know_of(session, help_channel):
    await learn_help_channel(session, "C_CLOSED", user_ids=(ADA, EVA), is_private=True)
    public = await add_topic(session, experts=(BEN, EVA))
    hidden = await add_topic(session, "Merger", channel_id="C_CLOSED", is_channel_topic=True)

    known = await seeing.list_topics(session, **PIAS)

    assert hidden.topic_id not in {each.topic_id for each in known}
    assert [each.experts for each in known if each.topic_id == public.topic_id] == [2]
    with pytest.raises(TopicIsGone):
        await seeing.read_topic(session, **PIAS, topic_id=hidden.topic_id)
    with pytest.raises(TopicIsGone):
        await seeing.list_askable(session, **PIAS, topic_id=hidden.topic_id, now=NOW)
    seen = await seeing.read_topic(session, team_id=TEAM, user_id=EVA, topic_id=hidden.topic_id)
    assert seen.name == "Merger"


async def test_experts_are_those_who_may_be_asked_now(session, help_channel):
    topic = await add_topic(session, experts=(ANA, BEN, EVA, PIA))
    question_id = await ask(session, "Where do I find the customs form of last week?")
    await go_away(session, team_id=TEAM, user_id=BEN, written="until 2026-12-24", now=NOW)
    closed = replace(profile(EVA), is_deactivated=True)
    await learn_person(session, team_id=TEAM, profile=closed, now=at(1))

    there = await seeing.list_askable(session, **PIAS, topic_id=topic.topic_id, now=at(2))

    assert there == (PersonView(ANA, "U_Ana"), PersonView(PIA, "U_Pia"))
    assert question_id
