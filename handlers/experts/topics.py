"""The modal in which an admin creates, changes or ends a topic, and the commands that do."""

from types import NoneType
from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.experts.topic_changes import (
    delete_topic,
    delete_topics,
    merge_topic,
    merge_topics,
    rename_topic,
)
from bot.experts.topics import save_topic
from bot.experts.webhooks import Networks
from bot.kinds import TOPIC_NOTE, TopicAndPerson
from bot.outbox import Owed
from handlers.blocks.experts.topics import (
    CALLBACK,
    DELETE,
    deleted,
    merged,
    renamed,
    secret_modal,
    topic_note,
)
from handlers.blocks.text import Block, sentence
from handlers.outbox import Note, delivers
from handlers.payloads import Payload, chosen, number_of, read_back
from handlers.pressed import Pressed
from handlers.slack import Slack
from storage.database import Sessions

BETWEEN = {"rename": "to", "merge": "into"}  # the word between two names


def register(app: AsyncApp) -> None:
    app.view(CALLBACK)(on_topic_saved)


async def on_topic_saved(
    ack: Any,
    pressed: Pressed,
    view: Payload,
    sessions: Sessions,
    helpdesk_networks: Networks,
) -> None:
    about = read_back(pressed.value, topic_id=(int, NoneType), channel_id=(str, NoneType))
    if (end := chosen(view, "end")) and about["topic_id"] is not None:
        await end_topic(pressed, about["topic_id"], end, sessions)
        await ack()
        return
    async with sessions.begin() as session:
        topic = await save_topic(
            session,
            **pressed.who,
            topic_id=about["topic_id"],
            name=chosen(view, "name"),
            keywords=chosen(view, "keywords"),
            member_ids=[*(chosen(view, "people") or []), *(chosen(view, "groups") or [])],
            sponsor_id=chosen(view, "sponsor") or None,
            channel_id=about["channel_id"],
            is_channel_topic="own" in (chosen(view, "own") or []),
            waits=chosen(view, "waits"),
            hand_off_channel_id=chosen(view, "hand_off") or None,
            hint=chosen(view, "hint"),
            hand_off_url=chosen(view, "hand_off_url"),
            wants_new_secret="new_secret" in (chosen(view, "new_secret") or []),
            helpdesk_networks=helpdesk_networks,
            now=pressed.now,
        )
    if topic.new_secret is not None:
        await ack(response_action="update", view=secret_modal(topic.new_secret))
    else:
        await ack()


async def end_topic(pressed: Pressed, topic_id: int, end: str, sessions: Sessions) -> None:
    """`end`: that it is deleted, or the topic that it becomes a part of."""
    about: dict[str, Any] = {**pressed.who, "topic_id": topic_id, "now": pressed.now}
    async with sessions.begin() as session:
        if end == DELETE:
            await delete_topic(session, **about)
        else:
            await merge_topic(session, **about, into_id=number_of(end))


async def change_topic(pressed: Pressed, written: str, sessions: Sessions) -> Block | None:
    """`rename Customs to Duty`, `merge Customs into Duty`, `delete Customs`, as typed; None for
    anything else, such as a topic's name."""
    verb, _, rest = written.partition(" ")
    between = BETWEEN.get(verb.casefold())
    name, _, other = rest.partition(f" {between} ") if between else (rest, "", "")
    name, other = name.strip(), other.strip()
    if not name or (between and not other) or (not between and verb.casefold() != "delete"):
        return None
    async with sessions.begin() as session:
        match verb.casefold():
            case "rename":
                names = await rename_topic(
                    session, **pressed.who, name=name, to=other, now=pressed.now
                )
                return sentence(renamed(*names))
            case "merge":
                both: dict[str, Any] = {
                    **pressed.who,
                    "name": name,
                    "into": other,
                    "now": pressed.now,
                }
                return sentence(merged(*await merge_topics(session, **both)))
        return sentence(
            deleted(await delete_topics(session, **pressed.who, name=name, now=pressed.now))
        )


async def send_topic_note(
    owed: Owed[TopicAndPerson], slack: Slack, sessions: Sessions
) -> Note | None:
    told = owed.payload
    await slack.post_privately(
        key=owed.key,
        is_uncertain=owed.is_uncertain,
        user_id=owed.subject.user_id,
        **topic_note(told["topic"], told["into"], told["by"]),
    )
    return None


KINDS = (delivers(TOPIC_NOTE, send_topic_note),)
