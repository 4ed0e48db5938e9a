"""From invited to answered: the card for who invited the bot, one window, an announcement; and an
admin's checklist."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot.community.set_up import (
    announce,
    check_is_in,
    get_set_up_card,
    get_set_up_form,
    is_read,
    set_up_channel,
    try_out,
    welcome,
)
from bot.experts.topic_window import TopicForm, get_form
from bot.experts.webhooks import Networks
from bot.kinds import ANNOUNCEMENT, SET_UP_CARD, WELCOME, ChannelAndPerson
from bot.outbox import Owed, owe_home
from bot.people import check_is_admin
from handlers.blocks.community.lists import NEW_TOPIC
from handlers.blocks.community.set_up import (
    ADD_EXPERTS,
    ANNOUNCE,
    ANNOUNCED,
    CHOOSE_CHANNEL,
    CHOSEN,
    MAKE_HELP_CHANNEL,
    TRY_OUT,
    announce_modal,
    announcement,
    channel_modal,
    check_modal,
    set_up_card,
    try_out_modal,
    welcome_note,
)
from handlers.blocks.community.settings import CHECK
from handlers.blocks.experts.topic_window import (
    SET_UP,
    UNFOLD_SET_UP,
    how_it_stands,
    topic_modal,
)
from handlers.blocks.text import note_modal
from handlers.experts.topic_window import given_in, list_groups
from handlers.finding.pane import suggest
from handlers.outbox import Note, delivers
from handlers.payloads import Payload, chosen, team_of, time_of
from handlers.people import meet
from handlers.pressed import Pressed
from handlers.replying import open_view, show_instead
from handlers.slack import NotNow, Slack
from storage.database import Sessions

READ_AGAIN_AFTER = 0.3  # seconds, while it is being read who is in the channel
LONGEST_WAIT = timedelta(minutes=1)
# Of a workspace: whether each thing is good, and what it says.
Doctor = Callable[[str], Awaitable[list[tuple[bool, str]]]]
LONG_AGO = datetime.fromtimestamp(0, UTC)


def register(app: AsyncApp) -> None:
    app.event("app_home_opened", matchers=[is_messages_tab])(on_messages_opened)
    app.action(MAKE_HELP_CHANNEL)(on_make_help_channel)
    app.action(CHOOSE_CHANNEL)(on_choose_channel)
    app.view(CHOSEN)(on_channel_chosen)
    app.action(UNFOLD_SET_UP)(on_unfold)
    app.view(SET_UP)(on_set_up)
    app.view(ANNOUNCE)(on_announce)
    app.action(NEW_TOPIC)(on_new_topic)
    app.action(ADD_EXPERTS)(on_add_experts)
    app.action(TRY_OUT)(on_try_out)
    app.action(CHECK)(on_check)


async def is_messages_tab(event: Payload) -> bool:
    return event.get("tab") == "messages"


async def on_messages_opened(
    event: Payload, client: AsyncWebClient, context: AsyncBoltContext, sessions: Sessions
) -> None:
    """Bolt runs one listener for an event: what is suggested there is suggested from here."""
    async with sessions.begin() as session:
        await welcome(
            session,
            team_id=team_of(context),
            user_id=event["user"],
            now=time_of(event["event_ts"]),
        )
    await suggest(event, client, context, sessions)


async def on_make_help_channel(
    ack: Any, pressed: Pressed, body: Payload, client: AsyncWebClient, sessions: Sessions
) -> None:
    form = await read_form(pressed, sessions, pressed.value)
    await open_view(client, body, set_up_window(form))
    await ack()


async def read_form(pressed: Pressed, sessions: Sessions, channel_id: str) -> TopicForm:
    async with sessions.read() as session:
        return await get_set_up_form(session, **pressed.who, channel_id=channel_id)


def set_up_window(form: TopicForm) -> Payload:
    """Two fields of a new topic; all of one that is there."""
    return topic_modal(form.for_set_up(), is_whole=False)


async def on_choose_channel(
    ack: Any, pressed: Pressed, body: Payload, client: AsyncWebClient, sessions: Sessions
) -> None:
    async with sessions.read() as session:
        await check_is_admin(session, **pressed.who)
    await open_view(client, body, channel_modal())
    await ack()


async def on_channel_chosen(ack: Any, pressed: Pressed, view: Payload, sessions: Sessions) -> None:
    channel_id = chosen(view, "channel") or ""
    async with sessions.read() as session:
        await check_is_in(session, **pressed.who, channel_id=channel_id)
    form = await read_form(pressed, sessions, channel_id)
    await ack(response_action="update", view=set_up_window(form))


async def on_unfold(
    ack: Any, pressed: Pressed, body: Payload, client: AsyncWebClient, sessions: Sessions
) -> None:
    """All fields of the window; what was filled in stays."""
    form = await read_form(pressed, sessions, pressed.value)
    modal = topic_modal(form.for_set_up(), await list_groups(client))
    await show_instead(client, body, modal)
    await ack()


async def on_set_up(
    ack: Any, pressed: Pressed, view: Payload, sessions: Sessions, helpdesk_networks: Networks
) -> None:
    channel_id = pressed.value
    async with sessions.begin() as session:
        saved = await set_up_channel(
            session,
            **pressed.who,
            channel_id=channel_id,
            given=given_in(view),
            helpdesk_networks=helpdesk_networks,
            now=pressed.now,
        )
        await owe_home(session, **pressed.who, now=pressed.now)
    form = await read_form(pressed, sessions, channel_id)
    modal = announce_modal(channel_id, form.channel, how_it_stands(saved.topic))
    await ack(response_action="update", view=modal)


async def on_announce(ack: Any, pressed: Pressed, sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await announce(session, **pressed.who, channel_id=pressed.value, now=pressed.now)
    await ack(response_action="update", view=note_modal(ANNOUNCED))


async def on_new_topic(
    ack: Any, pressed: Pressed, body: Payload, client: AsyncWebClient, sessions: Sessions
) -> None:
    async with sessions.read() as session:
        form = await get_form(session, team_id=pressed.team_id, user_id=pressed.user_id)
    await open_view(client, body, topic_modal(form, is_whole=False))
    await ack()


async def on_add_experts(
    ack: Any, pressed: Pressed, body: Payload, client: AsyncWebClient, sessions: Sessions
) -> None:
    async with sessions.read() as session:
        form = await get_form(session, **pressed.who, topic_id=pressed.number or None)
    modal = topic_modal(form, await list_groups(client), is_whole=False)
    await open_view(client, body, modal)
    await ack()


async def on_try_out(
    ack: Any, pressed: Pressed, body: Payload, client: AsyncWebClient, sessions: Sessions
) -> None:
    async with sessions.read() as session:
        run = await try_out(session, **pressed.who, now=pressed.now)
    await open_view(client, body, try_out_modal(run))
    await ack()


async def on_check(
    ack: Any,
    pressed: Pressed,
    body: Payload,
    client: AsyncWebClient,
    sessions: Sessions,
    doctor: Doctor,
) -> None:
    """It takes longer than Slack waits, so the window opens first."""
    async with sessions.read() as session:
        await check_is_admin(session, **pressed.who)
    view_id = await open_view(client, body, check_modal(None))
    await ack()
    await client.views_update(view_id=view_id, view=check_modal(await doctor(pressed.team_id)))


async def send_set_up_card(
    owed: Owed[ChannelAndPerson], slack: Slack, sessions: Sessions
) -> Note | None:
    """Private, so it cannot be looked up: at most once."""
    if owed.is_uncertain:
        return None
    channel_id, user_id = owed.subject
    await meet(
        slack.client,
        sessions,
        identity=slack.identity,
        user_ids=[user_id],
        fresh_since=LONG_AGO,
        now=slack.clock(),
    )
    async with sessions.read() as session:
        card = await get_set_up_card(session, owed.team_id, channel_id, user_id)
        is_known = await is_read(session, owed.team_id, channel_id)
    if not is_known and slack.clock() - owed.owed_at < LONGEST_WAIT:
        raise NotNow(READ_AGAIN_AFTER)
    if card is not None:
        await slack.call(
            "chat.postEphemeral", channel=channel_id, user=user_id, **set_up_card(card)
        )
    return None


async def send_announcement(owed: Owed[str], slack: Slack, sessions: Sessions) -> Note | None:
    await slack.post(
        key=owed.key,
        is_uncertain=owed.is_uncertain,
        channel=owed.subject,
        **announcement(owed.subject),
    )
    return None


async def send_welcome(owed: Owed[str], slack: Slack, sessions: Sessions) -> Note | None:
    await slack.post_privately(
        key=owed.key, is_uncertain=owed.is_uncertain, user_id=owed.subject, **welcome_note()
    )
    return None


KINDS = (
    delivers(SET_UP_CARD, send_set_up_card),
    delivers(ANNOUNCEMENT, send_announcement),
    delivers(WELCOME, send_welcome),
)
