"""The commands that rename, merge and delete topics, and telling their experts."""

from typing import Any

from bot.experts.topic_changes import delete_topics, merge_topics, rename_topic
from bot.kinds import TOPIC_NOTE, TopicAndPerson
from bot.outbox import Owed
from handlers.blocks.experts.topics import deleted, merged, renamed, topic_note
from handlers.blocks.text import Block, sentence
from handlers.outbox import Note, delivers
from handlers.pressed import Pressed
from handlers.slack import Slack
from storage.database import Sessions

BETWEEN = {"rename": "to", "merge": "into"}  # the word between two names


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
