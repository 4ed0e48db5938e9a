"""Two questions that are the same: said in the card's menu, taken back with its button."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot.outbox import Owed
from bot.questions.merging import get_merged_note, list_candidates, merge, unmerge
from bot.workspaces import get_url
from handlers.blocks.experts.cards import MORE, NOT_THE_SAME
from handlers.blocks.questions.merging import CALLBACK, merge_modal, merged_note
from handlers.outbox import Deliver, Note
from handlers.payloads import Payload, chosen, question_id_of, team_of, who_and_what
from handlers.replying import reply
from handlers.slack import Slack
from storage.database import Sessions

ASKING_AGAIN = "All right, they are two questions. I am asking around about this one again."
ARE_TWO = "They are two questions already."


def register(app: AsyncApp) -> None:
    app.action(MORE)(on_more)
    app.view(CALLBACK)(on_merged)
    app.action(NOT_THE_SAME)(on_not_the_same)


async def on_more(
    ack: Any,
    action: Payload,
    body: Payload,
    client: AsyncWebClient,
    context: AsyncBoltContext,
    sessions: Sessions,
) -> None:
    pressed = who_and_what({**action, "value": action["selected_option"]["value"]}, body, context)
    async with sessions.read() as session:
        candidates = await list_candidates(session, **pressed)
    modal = merge_modal(pressed["question_id"], candidates)
    await client.views_open(trigger_id=body["trigger_id"], view=modal)
    await ack()


async def on_merged(
    ack: Any,
    view: Payload,
    body: Payload,
    context: AsyncBoltContext,
    sessions: Sessions,
    clock: Callable[[], datetime],
) -> None:
    async with sessions.begin() as session:
        await merge(
            session,
            team_id=team_of(context),
            question_id=question_id_of(view["private_metadata"]),
            into_id=question_id_of(chosen(view, "question") or ""),
            user_id=body["user"]["id"],
            now=clock(),
        )
    await ack()


async def on_not_the_same(
    ack: Any,
    respond: Any,
    action: Payload,
    body: Payload,
    client: AsyncWebClient,
    context: AsyncBoltContext,
    sessions: Sessions,
) -> None:
    async with sessions.begin() as session:
        was_merged = await unmerge(session, **who_and_what(action, body, context))
    await reply(ASKING_AGAIN if was_merged else ARE_TWO, body, client, respond)
    await ack()


async def send_merged_note(owed: Owed, slack: Slack, sessions: Sessions) -> Note | None:
    """Tell the asker of a merged question privately that the answer came."""
    async with sessions.read() as session:
        note = await get_merged_note(session, owed.team_id, int(owed.subject))
        url = await get_url(session, owed.team_id)
    if note is not None:
        await slack.post_privately(
            key=owed.key,
            is_uncertain=owed.is_uncertain,
            user_id=note.asker_id,
            **merged_note(note, url),
        )
    return None


KINDS: dict[str, Deliver] = {"merged_note": send_merged_note}
