"""Tell my manager: whom and of what time, in which words, exactly what is sent; then it is."""

from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.kinds import MANAGER_NOTE
from bot.outbox import Owed
from bot.recognition.managers import Note as ManagerNote
from bot.recognition.managers import (
    draft,
    get_last_manager,
    get_manager_note,
    note_told,
    send_note,
    write_note,
)
from bot.workspaces import get_url
from handlers.blocks.recognition.managers import (
    CHOOSE_CALLBACK,
    SEND_CALLBACK,
    WRITE_CALLBACK,
    choose_modal,
    manager_message,
    preview_modal,
    sent_note,
    write_modal,
)
from handlers.blocks.recognition.personal import TELL
from handlers.outbox import Note, delivers
from handlers.payloads import Payload, chosen, number_of, read_back
from handlers.pressed import Pressed
from handlers.slack import Slack
from storage.database import Sessions


def register(app: AsyncApp) -> None:
    app.action(TELL)(on_tell)
    app.view(CHOOSE_CALLBACK)(on_chosen)
    app.view(WRITE_CALLBACK)(on_written)
    app.view(SEND_CALLBACK)(on_agreed)


async def on_tell(ack: Any, pressed: Pressed, client: AsyncWebClient, sessions: Sessions) -> None:
    async with sessions.read() as session:
        manager_id = await get_last_manager(session, **pressed.who)
    modal = choose_modal(manager_id, pressed.value)
    await client.views_open(trigger_id=pressed.trigger_id, view=modal)
    await ack()


async def on_chosen(ack: Any, pressed: Pressed, view: Payload, sessions: Sessions) -> None:
    team_id, manager_id = pressed.team_id, chosen(view, "manager") or ""
    async with sessions.read() as session:
        begun = await draft(
            session,
            team_id=team_id,
            user_id=pressed.user_id,
            manager_id=manager_id,
            period=chosen(view, "period") or "",
            now=pressed.now,
        )
    await ack(response_action="push", view=write_modal(begun))


async def on_written(ack: Any, pressed: Pressed, view: Payload, sessions: Sessions) -> None:
    about = read_back(pressed.value, manager_id=str, period=str)
    async with sessions.begin() as session:
        note = await write_note(
            session,
            **pressed.who,
            manager_id=about["manager_id"],
            period=about["period"],
            text=chosen(view, "text"),
            question_ids=[number_of(each) for each in chosen(view, "questions") or []],
            thanks_ids=[number_of(each) for each in chosen(view, "thanks") or []],
            now=pressed.now,
        )
        url = await get_url(session, pressed.team_id)
    await ack(response_action="push", view=preview_modal(note, url))


async def on_agreed(ack: Any, pressed: Pressed, view: Payload, sessions: Sessions) -> None:
    async with sessions.begin() as session:
        manager_id = await send_note(
            session,
            **pressed.who,
            note_id=pressed.number,
            now=pressed.now,
        )
    await ack(response_action="update", view=sent_note(manager_id))


async def send_manager_note(owed: Owed[int], slack: Slack, sessions: Sessions) -> Note | None:
    """Tell the manager what its writer saw, or take out what is no longer there."""
    async with sessions.read() as session:
        note = await get_manager_note(session, owed.team_id, owed.subject)
        url = await get_url(session, owed.team_id)
    if note is None:
        return None
    words = manager_message(note, url)
    if note.channel_id is not None and note.message_ts is not None:
        await slack.touch("chat.update", channel=note.channel_id, ts=note.message_ts, **words)
        return None
    channel_id, message_ts = await slack.post_privately(
        key=owed.key, is_uncertain=owed.is_uncertain, user_id=note.manager_id, **words
    )
    return told(owed.team_id, note, channel_id, message_ts)


def told(team_id: str, note: ManagerNote, channel_id: str, message_ts: str) -> Note:
    return lambda session: note_told(
        session,
        team_id=team_id,
        note_id=note.note_id,
        channel_id=channel_id,
        message_ts=message_ts,
    )


KINDS = (delivers(MANAGER_NOTE, send_manager_note),)
