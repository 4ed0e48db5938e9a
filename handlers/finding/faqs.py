"""Draft an FAQ entry: the modal, and posting it in the channel where it was asked."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot.finding.faqs import draft_faq, get_faq_entry, write_faq
from bot.outbox import Owed
from bot.workspaces import get_url
from handlers.blocks.finding.faqs import CALLBACK, DRAFT, faq_message, faq_modal
from handlers.outbox import Deliver, Note
from handlers.payloads import Payload, question_id_of, team_of, written
from handlers.slack import Slack
from storage.database import Sessions


def register(app: AsyncApp) -> None:
    app.action(DRAFT)(on_draft_faq)
    app.view(CALLBACK)(on_faq_written)


async def on_draft_faq(
    ack: Any,
    action: Payload,
    body: Payload,
    client: AsyncWebClient,
    context: AsyncBoltContext,
    sessions: Sessions,
) -> None:
    async with sessions.begin() as session:
        draft = await draft_faq(
            session,
            team_id=team_of(context),
            user_id=body["user"]["id"],
            question_id=question_id_of(action["value"]),
        )
    await client.views_open(trigger_id=body["trigger_id"], view=faq_modal(draft))
    await ack()


async def on_faq_written(
    ack: Any,
    view: Payload,
    body: Payload,
    context: AsyncBoltContext,
    sessions: Sessions,
    clock: Callable[[], datetime],
) -> None:
    about = json.loads(view["private_metadata"])
    async with sessions.begin() as session:
        await write_faq(
            session,
            team_id=team_of(context),
            user_id=body["user"]["id"],
            question_id=about["question_id"],
            written_question=written(view, "question"),
            written_answer=written(view, "answer"),
            now=clock(),
        )
    await ack()


async def send_faq(owed: Owed, slack: Slack, sessions: Sessions) -> Note | None:
    async with sessions.read() as session:
        entry = await get_faq_entry(session, owed.team_id, int(owed.subject))
        url = await get_url(session, owed.team_id)
    if entry is None:
        return None
    shown = faq_message(entry, owed.payload["question"], owed.payload["answer"], url)
    await slack.post(
        key=owed.key, is_uncertain=owed.is_uncertain, channel=entry.channel_id, **shown
    )
    return None


KINDS: dict[str, Deliver] = {"faq": send_faq}
