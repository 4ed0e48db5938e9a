"""Closing a question that its asker needs no answer to any more, and opening it again."""

from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.ext.asyncio import AsyncSession

from bot.kinds import CLOSE_OFFER, OPEN_OFFER, UNANSWERED_NOTE
from bot.outbox import Owed, owe_home
from bot.questions.closing import (
    Offer,
    check_may_say,
    close_it,
    get_close_offer,
    get_open_offer,
    get_unanswered,
    keep_asking,
    open_again,
    say_what_it_was,
    solve_elsewhere,
)
from bot.workspaces import get_url
from handlers.blocks.experts.cards import OPEN_AGAIN, SAY_WHAT
from handlers.blocks.questions.closing import (
    CLOSE_IT,
    GOES_ON,
    KEEP_ASKING,
    OPEN_ALREADY,
    OPENED,
    SOLVED,
    SOLVED_ELSEWHERE,
    WHAT_IT_WAS,
    close_offer,
    closed,
    open_offer,
    unanswered_note,
    what_it_was_modal,
)
from handlers.blocks.text import Block
from handlers.outbox import Note, delivers
from handlers.payloads import Payload, number_of, thread_of, written
from handlers.pressed import Pressed
from handlers.quoting import post_quoting
from handlers.replying import BESIDE, IN_PLACE, in_thread
from handlers.slack import Slack
from storage.database import Sessions


def register(app: AsyncApp) -> None:
    app.action(CLOSE_IT)(on_close)
    app.action(SOLVED_ELSEWHERE)(on_solved_elsewhere)
    app.action(KEEP_ASKING)(on_keep_asking)
    app.action(OPEN_AGAIN)(on_open_again)
    app.action(SAY_WHAT)(on_say_what)
    app.view(WHAT_IT_WAS)(on_what_it_was)


async def on_close(
    ack: Any, respond: Any, pressed: Pressed, body: Payload, sessions: Sessions
) -> None:
    async with sessions.begin() as session:
        await close_it(session, **pressed.question)
        if pressed.in_home:
            await owe_home(session, **pressed.who, now=pressed.now)
    if not pressed.in_home:
        await respond(**where(body), **closed(pressed.number))
    await ack()


async def on_solved_elsewhere(
    ack: Any, respond: Any, pressed: Pressed, body: Payload, sessions: Sessions
) -> None:
    async with sessions.begin() as session:
        await solve_elsewhere(session, **pressed.question)
    await respond(**where(body), **closed(pressed.number, SOLVED))
    await ack()


def where(body: Payload) -> dict[str, Any]:
    """In place of the offer; a reminder may be of several questions."""
    is_offer = body.get("container", {}).get("is_ephemeral")
    return IN_PLACE if is_offer else {**BESIDE, **in_thread(thread_of(body))}


async def on_keep_asking(ack: Any, respond: Any, pressed: Pressed, sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await keep_asking(session, **pressed.question)
    await respond(**IN_PLACE, text=GOES_ON)
    await ack()


async def on_open_again(ack: Any, respond: Any, pressed: Pressed, sessions: Sessions) -> None:
    async with sessions.begin() as session:
        is_opened = await open_again(session, **pressed.question)
    await respond(
        **BESIDE, **in_thread(pressed.thread_ts), text=OPENED if is_opened else OPEN_ALREADY
    )
    await ack()


async def on_say_what(
    ack: Any, pressed: Pressed, client: AsyncWebClient, sessions: Sessions
) -> None:
    async with sessions.begin() as session:
        await check_may_say(session, **pressed.who, question_id=pressed.number)
    await client.views_open(trigger_id=pressed.trigger_id, view=what_it_was_modal(pressed.number))
    await ack()


async def on_what_it_was(ack: Any, pressed: Pressed, view: Payload, sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await say_what_it_was(
            session,
            **pressed.who,
            question_id=number_of(pressed.value),
            words=written(view, "words"),
            now=pressed.now,
        )
    await ack()


async def send_close_offer(owed: Owed[int], slack: Slack, sessions: Sessions) -> Note | None:
    return await send_offer(owed, slack, sessions, get_close_offer, close_offer)


async def send_open_offer(owed: Owed[int], slack: Slack, sessions: Sessions) -> Note | None:
    return await send_offer(owed, slack, sessions, get_open_offer, open_offer)


async def send_offer(
    owed: Owed[int],
    slack: Slack,
    sessions: Sessions,
    get: Callable[[AsyncSession, str, int], Awaitable[Offer | None]],
    words: Callable[[Offer], Block],
) -> Note | None:
    """What one person alone sees cannot be looked up, so it is said at most once."""
    if owed.is_uncertain:
        return None
    async with sessions.read() as session:
        offer = await get(session, owed.team_id, owed.subject)
    if offer is not None:
        await slack.call(
            "chat.postEphemeral",
            channel=offer.channel_id,
            thread_ts=offer.thread_ts,
            user=offer.asker_id,
            **words(offer),
        )
    return None


async def send_unanswered_note(owed: Owed[int], slack: Slack, sessions: Sessions) -> Note | None:
    async with sessions.read() as session:
        question = await get_unanswered(session, owed.team_id, owed.subject)
        url = await get_url(session, owed.team_id)
    if question is None:
        return None
    quoted, shown = {owed.subject: (question.text,)}, unanswered_note(question, url)
    return await post_quoting(owed, slack, question.asker_id, quoted, shown)


KINDS = (
    delivers(CLOSE_OFFER, send_close_offer),
    delivers(OPEN_OFFER, send_open_offer),
    delivers(UNANSWERED_NOTE, send_unanswered_note),
)
