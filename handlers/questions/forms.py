"""Forms that workflows post, which say in their words who filled them in."""

import re
from collections.abc import Callable
from datetime import datetime

from slack_bolt.async_app import AsyncApp, AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot.questions.forms import choose_asker, hear_form, is_asking_form
from handlers.payloads import Identity, Payload, identity_of, message_of, text_of, time_of
from handlers.people import EVER, meet
from handlers.slack import Unclear
from storage.database import Sessions

NAMED = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^<>]*)?>")
MOST_NAMED = 5


def register(app: AsyncApp) -> None:
    app.event("message", matchers=[is_posted_form])(on_form)


def is_form(message: Payload) -> bool:
    """A workflow posts in its own name: nobody stands as the author."""
    return message.get("subtype") == "bot_message" and not message.get("user")


async def is_posted_form(event: Payload, context: AsyncBoltContext, sessions: Sessions) -> bool:
    if not is_form(event) or event.get("thread_ts"):
        return False
    async with sessions.read() as session:
        return await is_asking_form(
            session,
            team_id=identity_of(context).team_id,
            channel_id=event["channel"],
            name=name_of(event),
        )


def name_of(message: Payload) -> str:
    profile = message.get("bot_profile") or {}
    return text_of(message.get("username") or profile.get("name"))


async def on_form(
    event: Payload,
    client: AsyncWebClient,
    context: AsyncBoltContext,
    sessions: Sessions,
    clock: Callable[[], datetime],
) -> None:
    signed = await with_asker(
        event, client, sessions, identity=identity_of(context), pointed_by=None, now=clock()
    )
    if signed is None:
        return
    message = message_of(
        signed, team_id=identity_of(context).team_id, bot_user_id=context.bot_user_id
    )
    async with sessions.begin() as session:
        await hear_form(session, message, now=time_of(event["event_ts"]))


async def with_asker(
    form: Payload,
    client: AsyncWebClient,
    sessions: Sessions,
    *,
    identity: Identity,
    pointed_by: str | None,
    now: datetime,
) -> Payload | None:
    """The form as if its asker had written it; None where it names nobody, and nobody pointed at
    it."""
    named = [*dict.fromkeys(NAMED.findall(text_of(form.get("text"))))]
    named = [each for each in named if each != identity.bot_user_id][:MOST_NAMED]
    unread = await meet(
        client, sessions, identity=identity, user_ids=named, fresh_since=EVER, now=now
    )
    if unread and pointed_by is None:
        raise Unclear(f"who {', '.join(sorted(unread))} is")  # it is heard later
    async with sessions.read() as session:
        asker_id = await choose_asker(
            session,
            team_id=identity.team_id,
            channel_id=form["channel"],
            named=named,
            pointed_by=pointed_by,
        )
    return {**form, "user": asker_id} if asker_id else None
