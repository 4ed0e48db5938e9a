"""Using a gist as a reply: one press opens it for editing, and what was edited is posted."""

from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import OpenItAgain
from bot.finding.gists import MOST_SOURCES
from bot.kinds import GIST_REPLY
from bot.outbox import Owed
from bot.questions.gist_replies import get_to_post, list_to_answer, note_replied, reply
from bot.workspaces import get_url
from handlers.blocks.finding.gists import REPLY_WITH
from handlers.blocks.questions.gist_replies import CALLBACK, reply_message, reply_modal
from handlers.outbox import Note, delivers
from handlers.payloads import Payload, chosen, is_kept, number_of, read_back, time_of, written
from handlers.pressed import Pressed
from handlers.replying import show_instead
from handlers.slack import Slack
from storage.database import Sessions


def register(app: AsyncApp) -> None:
    app.action(REPLY_WITH)(on_reply_with)
    app.view(CALLBACK)(on_replied)


async def on_reply_with(
    ack: Any, pressed: Pressed, body: Payload, client: AsyncWebClient, sessions: Sessions
) -> None:
    about = read_back(pressed.value, words=str, sources=list)
    async with sessions.read() as session:
        waiting = await list_to_answer(session, **pressed.who)
    view = reply_modal(about["words"], numbers_in(about["sources"]), waiting)
    await show_instead(client, body, view)
    await ack()


async def on_replied(ack: Any, pressed: Pressed, view: Payload, sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await reply(
            session,
            **pressed.who,
            question_id=number_of(chosen(view, "question")),
            text=written(view, "reply"),
            source_ids=numbers_in(read_back(pressed.value, sources=list)["sources"]),
            now=pressed.now,
        )
    await ack(response_action="clear")


def numbers_in(values: list[Any]) -> list[int]:
    """OpenItAgain where we did not write them."""
    if len(values) > MOST_SOURCES or not all(
        type(each) is int and is_kept(each) for each in values
    ):
        raise OpenItAgain()
    return values


async def post_reply(owed: Owed[str], slack: Slack, sessions: Sessions) -> Note | None:
    """Post it for them, and hear it as theirs."""
    asked = owed.payload
    who = {"team_id": owed.team_id, "user_id": asked["user_id"]}
    about = {**who, "question_id": asked["question_id"]}
    async with sessions.read() as session:
        post = await get_to_post(session, **about, source_ids=asked["sources"])
        url = await get_url(session, owed.team_id)
    if post is None:
        return None
    message_ts = await slack.post(
        key=owed.key,
        is_uncertain=owed.is_uncertain,
        channel=post.channel_id,
        thread_ts=post.thread_ts,
        **reply_message(asked["user_id"], asked["text"], post, url),
    )

    async def note(session: AsyncSession) -> None:
        said = {**about, "text": asked["text"], "message_ts": message_ts}
        await note_replied(session, **said, now=time_of(message_ts))

    return note


KINDS = (delivers(GIST_REPLY, post_reply),)
