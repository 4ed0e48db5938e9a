"""Webhooks: who is told what of a question, once, and nothing that not every colleague can read."""

from datetime import timedelta
from ipaddress import ip_network

import pytest

from bot.access.webhooks import (
    ANSWERED,
    CALLS_STAY,
    GAP,
    HANDED_OFF,
    KINDS,
    MOST_WEBHOOKS,
    OPENED,
    SOLVED,
    Call,
    NewWebhook,
    forget_old_calls,
    get_call,
    has_webhooks,
    list_calls,
    list_webhooks,
    make_webhook,
    note_failed,
    note_gaps,
    note_news,
    note_told,
    remove_webhook,
    send_again,
)
from bot.errors import (
    AddressIsInside,
    AddressNotAllowed,
    CallIsGone,
    OnlyAdmins,
    TooManyWebhooks,
    WebhookIsGone,
    WebhookNeedsKind,
)
from bot.finding.misses import FEWEST, note_miss
from bot.questions.answers import erase
from handlers.blocks.access.webhooks import body_of
from storage import outbox
from storage.search import Search
from storage.tables import Channel, Question, WebhookCall
from tests.bot.conftest import (
    ADA,
    ANA,
    BEN,
    HELP,
    OTHER_TEAM,
    TEAM,
    answer,
    ask,
    at,
    count,
    learn,
    owed,
    solve,
    tick,
)
from tests.conftest import NOW

ADDRESS = "https://intranet.example.com/hook"
ADAS = {"team_id": TEAM, "user_id": ADA}


async def make(session, *, kinds=KINDS, address=ADDRESS, by=ADA, networks=()) -> NewWebhook:
    return await make_webhook(
        session,
        team_id=TEAM,
        user_id=by,
        address=address,
        kinds=kinds,
        networks=networks,
        now=at(-60),
    )


async def calls(session, *, seconds: float = 600) -> list[Call]:
    """What is owed to webhooks, as it would be told now."""
    found = []
    for kind, subject in sorted(await owed(session, now=at(seconds)), key=str):
        if kind == "webhook_call":
            call = await get_call(session, TEAM, int(subject))
            assert call is not None
            found.append(call)
    return found


async def news(session, question_id: int, *, seconds: float = 600) -> list[str]:
    """The kinds that are owed, once it is looked for news."""
    await note_news(session, team_id=TEAM, question_id=question_id, now=at(seconds))
    return sorted(call.kind for call in await calls(session, seconds=seconds))


async def test_each_thing_is_told_once(session, help_channel):
    await make(session)
    question_id = await ask(session)

    assert await news(session, question_id) == [OPENED]
    await tick(session, await answer(session))
    for _ in range(2):
        assert await news(session, question_id) == [ANSWERED, OPENED, SOLVED]
    assert len({each.message_id for each in await calls(session)}) == 3


async def test_a_webhook_is_told_what_it_wants_from_its_beginning_on(session, help_channel):
    await make(session, kinds=[SOLVED, HANDED_OFF])
    question_id = await solve(session)
    (await session.get_one(Question, question_id)).handed_off_at = at(-90)  # before it was made

    assert await news(session, question_id) == [SOLVED]
    assert await news(session, question_id, seconds=3 * 86_400) == [SOLVED]  # nothing is added


async def test_what_is_old_is_no_news(session, help_channel):
    await make(session)
    question_id = await solve(session)

    assert await news(session, question_id, seconds=3 * 86_400) == []


async def test_nothing_of_a_private_channel_is_told(session, help_channel):
    await make(session)
    question_id = await solve(session)
    channel = await session.get_one(Channel, (TEAM, HELP))
    channel.is_private = True
    await session.flush()

    assert await news(session, question_id) == []


async def test_what_became_private_or_was_deleted_meanwhile_loses_its_words(session, help_channel):
    await make(session)
    question_id = await solve(session)
    await news(session, question_id)
    channel = await session.get_one(Channel, (TEAM, HELP))
    channel.is_private = True
    await session.flush()

    for call in await calls(session):
        assert call.question is None
        assert body_of(call, "")["data"] == {"question_id": question_id}


async def test_a_solution_that_is_deleted_is_not_told(session, help_channel):
    await make(session, kinds=[OPENED])
    question_id = await ask(session)
    reply = await answer(session, "The password is x.")
    await tick(session, reply)
    await news(session, question_id)
    await erase(session, team_id=TEAM, channel_id=HELP, message_ts=reply, now=at(300))

    (call,) = await calls(session)
    assert "password" not in str(body_of(call, "https://acme.slack.com/"))
    assert body_of(call, "")["data"]["question"]["asker"] == {"user_id": ANA, "name": "U_Ana"}


async def test_who_asked_without_a_name_is_not_told(session, help_channel):
    await make(session)
    question_id = await ask(session)
    (await session.get_one(Question, question_id)).asker_id = "asker-0123456789abcdef"
    await news(session, question_id)

    (call,) = await calls(session)
    assert body_of(call, "")["data"]["question"]["asker"] == {"user_id": None, "name": "the asker"}


async def test_what_failed_is_seen_and_sent_again(session, help_channel):
    made = await make(session, kinds=[OPENED])
    question_id = await ask(session)
    await news(session, question_id)
    (call,) = await calls(session)

    await note_failed(session, TEAM, call.call_id, why="it answered 503", gave_up_at=None)
    assert await get_call(session, TEAM, call.call_id) is not None
    await note_failed(session, TEAM, call.call_id, why="it answered 410", gave_up_at=at(700))
    assert await get_call(session, TEAM, call.call_id) is None
    about = {**ADAS, "webhook_id": made.webhook.webhook_id}
    _, (shown,) = await list_calls(session, **about)
    assert (shown.tried, shown.failed_why, shown.told_at) == (2, "it answered 410", None)

    await send_again(session, **ADAS, call_id=call.call_id, now=at(800))
    again = await get_call(session, TEAM, call.call_id)
    assert again is not None and again.message_id == call.message_id
    await note_told(session, TEAM, call.call_id, now=at(801))
    (told,) = await list_webhooks(session, **ADAS)
    assert told.last is not None and told.last.told_at == at(801)


async def test_a_gap_is_told_once(session, help_channel):
    await make(session, kinds=[GAP])
    await make(session, kinds=[SOLVED])
    session.info["tells_of_questions"] = True
    for number in range(FEWEST):
        await learn(session, f"U_{number}")
        who = {"team_id": TEAM, "user_id": f"U_{number}"}
        await note_miss(session, **who, wanted=Search(words="carnet ATA"), vault=None, now=NOW)
    assert ("gap_news", TEAM) in await owed(session)

    for _ in range(2):
        await note_gaps(session, team_id=TEAM, now=NOW)

    (call,) = await calls(session)
    assert body_of(call, "")["data"] == {"theme": "carnet ata"}


@pytest.mark.parametrize(
    ("address", "error"),
    [
        ("https://10.0.0.7/hook", AddressIsInside),
        ("https://intranet/hook", AddressIsInside),
        ("https://169.254.169.254/latest", AddressNotAllowed),
    ],
)
async def test_no_address_leads_inside_unless_the_operator_allows_it(
    session, help_channel, address, error
):
    with pytest.raises(error):
        await make(session, address=address)
    with pytest.raises(WebhookNeedsKind):
        await make(session, kinds=["everything"])
    allowed = await make(session, address="http://10.0.0.7/x", networks=[ip_network("10.0.0.0/8")])
    assert allowed.webhook.host == "10.0.0.7"


async def test_they_are_for_admins_of_this_workspace(session, help_channel):
    made = await make(session)
    webhook_id = made.webhook.webhook_id
    await news(session, await ask(session))
    (call,) = await calls(session)

    with pytest.raises(OnlyAdmins):
        await make(session, by=BEN)
    bens, theirs = {**ADAS, "user_id": BEN}, {"team_id": OTHER_TEAM, "user_id": ADA}
    for who, gone, again in ((bens, OnlyAdmins, OnlyAdmins), (theirs, OnlyAdmins, OnlyAdmins)):
        with pytest.raises(gone):
            await remove_webhook(session, **who, webhook_id=webhook_id, now=NOW)
        with pytest.raises(again):
            await send_again(session, **who, call_id=call.call_id, now=NOW)
    with pytest.raises(CallIsGone):
        await send_again(session, **ADAS, call_id=call.call_id + 1, now=NOW)
    await remove_webhook(session, **ADAS, webhook_id=webhook_id, now=NOW)
    with pytest.raises(WebhookIsGone):
        await list_calls(session, **ADAS, webhook_id=webhook_id)
    assert await get_call(session, TEAM, call.call_id) is None
    assert not await has_webhooks(session)


async def test_there_are_only_so_many(session, help_channel):
    for _ in range(MOST_WEBHOOKS):
        await make(session)

    with pytest.raises(TooManyWebhooks):
        await make(session)


async def test_what_was_told_is_forgotten_in_time(session, help_channel):
    await make(session)
    await news(session, await ask(session))

    await forget_old_calls(session, now=NOW + CALLS_STAY)
    assert await count(session, WebhookCall) == 1
    await forget_old_calls(session, now=NOW + CALLS_STAY + timedelta(seconds=1))
    assert await count(session, WebhookCall) == 0


async def test_news_is_owed_with_the_card_where_somebody_is_told(session, help_channel):
    await ask(session, "Where do I find the customs form of last week?")
    assert "question_news" not in {kind for kind, _ in await owed(session)}

    session.sync_session.info[outbox.TELLS] = True
    question_id = await ask(session, "Which carrier takes dangerous goods to Malta?", seconds=900)
    assert ("question_news", str(question_id)) in await owed(session, now=at(900))
