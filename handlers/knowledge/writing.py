"""*Write an answer*, in App Home: a question and what solves it, posted in somebody's name."""

from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.kinds import WRITTEN_QUESTION, WRITTEN_REPLY
from bot.knowledge.writing import draft_answer, get_reply, note_question, note_reply, write_answer
from bot.outbox import Owed
from handlers.blocks.finding.misses import WRITE
from handlers.blocks.knowledge.writing import (
    CALLBACK,
    write_modal,
    written_question,
    written_reply,
)
from handlers.outbox import Note, delivers
from handlers.payloads import Payload, chosen, read_back, time_of, written
from handlers.pressed import Pressed
from handlers.slack import Slack
from storage.database import Sessions


def register(app: AsyncApp) -> None:
    app.action(WRITE)(on_write)
    app.view(CALLBACK)(on_written)


async def on_write(ack: Any, pressed: Pressed, client: AsyncWebClient, sessions: Sessions) -> None:
    async with sessions.read() as session:
        draft = await draft_answer(
            session, **pressed.who, theme=pressed.value, channel_id=pressed.channel_id
        )
    await client.views_open(trigger_id=pressed.trigger_id, view=write_modal(draft))
    await ack()


async def on_written(ack: Any, pressed: Pressed, view: Payload, sessions: Sessions) -> None:
    about = read_back(pressed.value, theme=str)
    async with sessions.begin() as session:
        await write_answer(
            session,
            **pressed.who,
            theme=about["theme"],
            channel_id=chosen(view, "channel") or "",
            asked=written(view, "question"),
            answered=written(view, "answer"),
            now=pressed.now,
        )
    await ack()


async def post_question(owed: Owed[str], slack: Slack, sessions: Sessions) -> Note | None:
    told = owed.payload
    message_ts = await slack.post(
        key=owed.key,
        is_uncertain=owed.is_uncertain,
        channel=told["channel"],
        **written_question(told["by"], told["question"]),
    )
    return lambda session: note_question(
        session,
        team_id=owed.team_id,
        channel_id=told["channel"],
        message_ts=message_ts,
        user_id=told["by"],
        asked=told["question"],
        answered=told["answer"],
        theme=told["theme"],
        now=time_of(message_ts),
    )


async def post_reply(owed: Owed[int], slack: Slack, sessions: Sessions) -> Note | None:
    async with sessions.read() as session:
        reply = await get_reply(session, owed.team_id, owed.subject)
    if reply is None:
        return None
    answered = owed.payload["answer"]
    message_ts = await slack.post(
        key=owed.key,
        is_uncertain=owed.is_uncertain,
        channel=reply.channel_id,
        thread_ts=reply.thread_ts,
        **written_reply(reply.author_id, answered),
    )
    return lambda session: note_reply(
        session,
        team_id=owed.team_id,
        question_id=owed.subject,
        message_ts=message_ts,
        answered=answered,
        now=time_of(message_ts),
    )


KINDS = (delivers(WRITTEN_QUESTION, post_question), delivers(WRITTEN_REPLY, post_reply))
