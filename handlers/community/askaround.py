"""/askaround: help channels, topics and the weekly digest."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncBoltContext
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.community.channels import get_channel_topic, set_help_channel
from bot.experts.topics import find_topic
from bot.people import check_is_admin
from bot.text import plain
from handlers.blocks.experts.topics import topic_modal
from handlers.blocks.text import Block, escape, sentence
from handlers.community.health import show_health
from handlers.payloads import Payload, team_of
from handlers.recognition import leaderboard
from handlers.recognition.channel_digest import change_digest
from handlers.recognition.ledger import show_ledger
from storage.database import Sessions

HELP = """*Askaround* brings questions to the people who know, and keeps what solved them.
• Ask in a help channel, or with `/ask` from anywhere.
• Put :white_check_mark: on the reply that worked. `/find` searches what was solved.
• `/experts` shows who helps with what; `/experts join` and a topic to help yourself.
• `/experts away until friday`, `back`, `hours mon-fri 9-17` and `limit 3` say when you are asked.
• `/kudos` shows what your help did; `/kudos @person and what for` thanks them.
• `/kudos export 2026` sends you what your help did, for a review or a CV.
• `/kudos private on`: no digest names you; `/kudos digests off`: you get none.
For admins:
• `/askaround channel on` (or `off`): listen for questions in this channel
• `/askaround topic customs`: create or change a topic and its experts
• `/askaround digest monday 9:00` (or `preview`, `pause`, `resume`, `skip`): the week's help
• `/askaround digest sponsor`: when the sponsors of topics get theirs
• `/askaround kudos @person`: why their help counts
• `/askaround leaderboard on` (or `off`): `/kudos top customs` shows who helped most
• `/askaround health`: how your community does (sponsors see their topics)"""


def register(app: AsyncApp) -> None:
    app.command("/askaround")(on_askaround)


async def on_askaround(
    ack: Any,
    respond: Any,
    command: Payload,
    client: AsyncWebClient,
    context: AsyncBoltContext,
    sessions: Sessions,
    clock: Callable[[], datetime],
) -> None:
    more: list[Block] = []  # what one message does not hold
    verb, _, rest = " ".join(command.get("text", "").split()).partition(" ")
    match verb.casefold(), rest.casefold():
        case "channel", "on" | "off":
            reply = await switch_channel(command, context, sessions, rest.casefold(), clock())
        case "topic", _:
            await open_topic(command, plain(rest), client, context, sessions)
            await ack()
            return
        case "digest", _:
            reply, *more = await change_digest(rest, command, context, sessions, clock)
        case "leaderboard", "on" | "off" as to:
            reply = await leaderboard.switch(to, command, context, sessions, clock)
        case "health", _:
            reply = await show_health(command, context, sessions)
        case "kudos", _:
            reply = await show_ledger(rest, command, context, sessions)
        case _:
            reply = sentence(HELP)
    await ack(response_type="ephemeral", **reply)
    for message in more:
        await respond(response_type="ephemeral", **message)


async def switch_channel(
    command: Payload, context: AsyncBoltContext, sessions: Sessions, to: str, now: datetime
) -> Block:
    async with sessions.begin() as session:
        name = await set_help_channel(
            session,
            team_id=team_of(context),
            channel_id=command["channel_id"],
            user_id=command["user_id"],
            is_help=to == "on",
            now=now,
        )
    if to == "off":
        return sentence(f"Done. I no longer listen for questions in #{escape(name)}.")
    return sentence(
        f"#{escape(name)} is a help channel now: whoever asks here is heard. "
        "Next, say who helps: `/askaround topic` and its name."
    )


async def open_topic(
    command: Payload,
    name: str,
    client: AsyncWebClient,
    context: AsyncBoltContext,
    sessions: Sessions,
) -> None:
    team_id, channel_id = team_of(context), command["channel_id"]
    async with sessions.read() as session:
        await check_is_admin(session, team_id, command["user_id"])
        topic = await find_topic(session, team_id=team_id, name=name) if name else None
        is_known, own = await get_channel_topic(session, team_id=team_id, channel_id=channel_id)
    modal = topic_modal(
        topic=topic,
        name=name,
        groups=await list_groups(client),
        channel_id=channel_id if is_known else None,
        is_channel_topic=topic is not None and own == topic.topic_id,
    )
    await client.views_open(trigger_id=command["trigger_id"], view=modal)


async def list_groups(client: AsyncWebClient) -> list[tuple[str, str]]:
    """The workspace's user groups; none where Slack will not say (free plans have none)."""
    try:
        response = await client.usergroups_list()
    except SlackApiError:
        return []
    return [(group["id"], group["handle"]) for group in response["usergroups"]]
