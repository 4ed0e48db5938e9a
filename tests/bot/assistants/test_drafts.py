"""What an assistant drafts: whose it is, and what may become of it."""

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from bot.assistants.drafts import (
    ASKED,
    MOST_WAITING,
    REFUSED,
    WAITING,
    DraftView,
    ask,
    draft,
    forget_old_drafts,
    get_card,
    get_draft,
    refuse,
)
from bot.errors import (
    AssistantsMayNotAsk,
    ChannelCannotBeUsed,
    DraftIsGone,
    NothingAsked,
    OnlyOpenAccounts,
    TooManyDrafts,
)
from bot.experts.assistants import AT_ONCE, NEVER, set_way
from bot.people import learn_person
from storage.tables import Draft, Question
from tests.bot.conftest import (
    ADA,
    ANA,
    BEN,
    HELP,
    OTHER_TEAM,
    PIA,
    TEAM,
    add_topic,
    at,
    count,
    learn_help_channel,
    owed,
    profile,
)
from tests.bot.experts.test_assistants import workspace as workspace

pytestmark = pytest.mark.usefixtures("workspace")
WORDS = "Which tariff is right for a carnet?"


async def make(session: AsyncSession, text: str = WORDS, **changes) -> DraftView:
    about = {"team_id": TEAM, "user_id": ANA, "assistant": "Claude", "now": at()}
    return await draft(session, **{**about, **changes}, text=text)


def theirs(made: DraftView, **changes) -> dict:
    return {"team_id": TEAM, "user_id": ANA, "draft_id": made.draft_id, **changes}


async def test_a_draft_waits_for_its_person_and_posts_nothing(session: AsyncSession):
    await add_topic(session, experts=[BEN], keywords="tariff", is_channel_topic=False)

    made = await make(session)

    assert (made.state, made.channel_id, made.question_id) == (WAITING, HELP, None)
    assert ("draft", str(made.draft_id)) in await owed(session)
    assert await count(session, Question) == 0


async def test_its_person_asks_it_and_it_is_theirs_and_says_who_wrote_it(session: AsyncSession):
    made = await make(session)

    await ask(session, **theirs(made), now=at(60))

    found = await get_draft(session, **theirs(made))
    assert found.state == ASKED and found.text == "" and found.question_id is not None
    question = await session.get_one(Question, found.question_id)
    assert (question.asker_id, question.text, question.assistant) == (ANA, WORDS, "Claude")
    assert ("question_post", str(question.id)) in await owed(session)


async def test_what_was_decided_is_decided(session: AsyncSession):
    asked, refused = await make(session), await make(session, "Where is the other form kept?")
    await ask(session, **theirs(asked), now=at(60))
    await refuse(session, **theirs(refused), now=at(60))

    for made in (asked, refused):
        for act in (ask, refuse):
            with pytest.raises(DraftIsGone):
                await act(session, **theirs(made), now=at(70))
    assert (await get_draft(session, **theirs(refused))).state == REFUSED
    assert await count(session, Question) == 1


async def test_nobody_else_may_look_at_it_or_decide(session: AsyncSession):
    made = await make(session)

    for other in ({"user_id": PIA}, {"user_id": ADA}, {"team_id": OTHER_TEAM}):
        for act in (ask, refuse):
            with pytest.raises(DraftIsGone):
                await act(session, **theirs(made, **other), now=at(60))
        with pytest.raises(DraftIsGone):
            await get_draft(session, **theirs(made, **other))


async def test_the_same_again_is_the_same_and_there_are_not_too_many(session: AsyncSession):
    first = await make(session)
    assert (await make(session)).draft_id == first.draft_id
    for number in range(MOST_WAITING - 1):
        await make(session, f"Which tariff is form {number}?")

    with pytest.raises(TooManyDrafts):
        await make(session, "Which tariff is one too many?")
    assert (await make(session)).draft_id == first.draft_id


async def test_it_goes_where_its_person_can_ask_and_nowhere_else(session: AsyncSession):
    await learn_help_channel(session, "C_BOARD", is_private=True, user_ids=[BEN, ADA])
    await learn_help_channel(session, "C_YARD", user_ids=[ANA, BEN])

    assert (await make(session, channel="#c_yard")).channel_id == "C_YARD"
    assert (await make(session, "And in this one, what?", channel="C_YARD")).channel_id == "C_YARD"
    for hidden in ("C_BOARD", "#c_board", "nowhere"):
        with pytest.raises(ChannelCannotBeUsed):
            await make(session, channel=hidden)


async def test_the_card_says_whom_it_would_reach_and_asks_nobody(session: AsyncSession):
    await add_topic(session, experts=[BEN, ANA], keywords="tariff")
    await set_way(session, team_id=TEAM, user_id=ADA, way="approved", share=50, now=at())
    made = await make(session)

    card = await get_card(session, team_id=TEAM, draft_id=made.draft_id, now=at())
    assert card is not None and card.able == (), "Ben was asked nothing by people yet"

    await set_way(session, team_id=TEAM, user_id=ADA, way=AT_ONCE, share=50, now=at())
    assert await count(session, Question) == 0


async def test_a_policy_asks_at_once_or_never_and_who_is_gone_asks_nothing(session: AsyncSession):
    await set_way(session, team_id=TEAM, user_id=ADA, way=AT_ONCE, share=20, now=at())
    assert (await make(session)).state == ASKED
    with pytest.raises(NothingAsked):
        await make(session, "  ")

    await set_way(session, team_id=TEAM, user_id=ADA, way=NEVER, share=20, now=at())
    with pytest.raises(AssistantsMayNotAsk):
        await make(session, "Which tariff is the next?")

    closed = profile(ANA, is_deactivated=True)
    await learn_person(session, team_id=TEAM, profile=closed, now=at())
    with pytest.raises(OnlyOpenAccounts):
        await make(session, "Which tariff is the last?")


async def test_what_nobody_looked_at_goes_after_a_month(session: AsyncSession):
    await make(session)
    await forget_old_drafts(session, now=at(20 * 86_400))
    assert await count(session, Draft) == 1

    await forget_old_drafts(session, now=at(31 * 86_400))

    assert await count(session, Draft) == 0
