"""Draft an FAQ entry: the modal, and posting it in the channel where it was asked."""

from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.finding.faqs import draft_faq, forget_faq, get_faq_entry, get_gone, note_posted, write_faq
from bot.kinds import FAQ, FAQ_GONE
from bot.outbox import Owed
from bot.workspaces import get_url
from handlers.blocks.buttons import DRAFT_FAQ
from handlers.blocks.finding.faqs import CALLBACK, faq_message, faq_modal
from handlers.outbox import Note, delivers
from handlers.payloads import Payload, chosen, read_back, time_of
from handlers.pressed import Pressed
from handlers.slack import Slack
from storage.database import Sessions


def register(app: AsyncApp) -> None:
    app.action(DRAFT_FAQ)(on_draft_faq)
    app.view(CALLBACK)(on_faq_written)


async def on_draft_faq(
    ack: Any, pressed: Pressed, client: AsyncWebClient, sessions: Sessions
) -> None:
    async with sessions.begin() as session:
        draft = await draft_faq(
            session,
            **pressed.who,
            question_id=pressed.number,
        )
    await client.views_open(trigger_id=pressed.trigger_id, view=faq_modal(draft))
    await ack()


async def on_faq_written(ack: Any, pressed: Pressed, view: Payload, sessions: Sessions) -> None:
    about = read_back(pressed.value, question_id=int)
    async with sessions.begin() as session:
        await write_faq(
            session,
            **pressed.who,
            question_id=about["question_id"],
            written_question=chosen(view, "question"),
            written_answer=chosen(view, "answer"),
            now=pressed.now,
        )
    await ack()


async def send_faq(owed: Owed[int], slack: Slack, sessions: Sessions) -> Note | None:
    async with sessions.read() as session:
        entry = await get_faq_entry(session, owed.team_id, owed.subject)
        url = await get_url(session, owed.team_id)
    if entry is None:
        return None
    shown = faq_message(entry, owed.payload["question"], owed.payload["answer"], url)
    message_ts = await slack.post(
        key=owed.key, is_uncertain=owed.is_uncertain, channel=entry.channel_id, **shown
    )
    return lambda session: note_posted(
        session,
        team_id=owed.team_id,
        question_id=owed.subject,
        message_ts=message_ts,
        now=time_of(message_ts),
    )


async def take_faq_away(owed: Owed[int], slack: Slack, sessions: Sessions) -> Note | None:
    """What the entry was made from was deleted."""
    async with sessions.read() as session:
        gone = await get_gone(session, owed.team_id, owed.subject)
    if gone is None:
        return None
    channel_id, message_ts = gone
    await slack.touch("chat.delete", channel=channel_id, ts=message_ts)
    return lambda session: forget_faq(session, owed.team_id, owed.subject)


KINDS = (delivers(FAQ, send_faq), delivers(FAQ_GONE, take_faq_away))
