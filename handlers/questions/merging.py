"""Two questions that are the same: said in the card's menu, taken back with its button."""

from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.kinds import MERGED_NOTE, SAME_ELSEWHERE
from bot.outbox import Owed
from bot.questions.merging import (
    get_merged_note,
    get_same_elsewhere,
    list_candidates,
    merge,
    unmerge,
)
from bot.workspaces import get_url
from handlers.blocks.experts.cards import MORE, NAMED_ENTRIES, NOT_THE_SAME
from handlers.blocks.questions.merging import (
    ARE_TWO,
    ASKING_AGAIN,
    CALLBACK,
    TAKE_THERE,
    TAKEN_THERE,
    merge_modal,
    merged_note,
    same_elsewhere,
)
from handlers.outbox import Note, delivers
from handlers.payloads import Payload, chosen, number_of
from handlers.pressed import Pressed
from handlers.quoting import post_quoting
from handlers.replying import IN_PLACE, reply
from handlers.slack import Slack
from storage.database import Sessions


def register(app: AsyncApp) -> None:
    app.action(MORE, matchers=[names_none])(on_more)
    app.view(CALLBACK)(on_merged)
    app.action(TAKE_THERE)(on_taken_there)
    app.action(NOT_THE_SAME)(on_not_the_same)


async def names_none(pressed: Pressed) -> bool:
    """The entry of the card's menu that has no name: the same as another question."""
    return pressed.parts[0] not in NAMED_ENTRIES


async def on_more(ack: Any, pressed: Pressed, client: AsyncWebClient, sessions: Sessions) -> None:
    async with sessions.read() as session:
        candidates = await list_candidates(session, **pressed.question)
    modal = merge_modal(pressed.number, candidates)
    await client.views_open(trigger_id=pressed.trigger_id, view=modal)
    await ack()


async def on_merged(ack: Any, pressed: Pressed, view: Payload, sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await merge(
            session,
            team_id=pressed.team_id,
            question_id=pressed.number,
            into_id=number_of(chosen(view, "question") or ""),
            user_id=pressed.user_id,
            now=pressed.now,
        )
    await ack()


async def on_taken_there(ack: Any, respond: Any, pressed: Pressed, sessions: Sessions) -> None:
    question_id, other_id = map(number_of, pressed.parts)
    about = {**pressed.question, "question_id": question_id}
    async with sessions.begin() as session:
        await merge(session, **about, into_id=other_id)
    await respond(**IN_PLACE, text=TAKEN_THERE)
    await ack()


async def send_same_elsewhere(owed: Owed[int], slack: Slack, sessions: Sessions) -> Note | None:
    """What one person alone sees cannot be looked up, so it is said at most once."""
    if owed.is_uncertain:
        return None
    async with sessions.read() as session:
        same = await get_same_elsewhere(session, owed.team_id, owed.subject)
        url = await get_url(session, owed.team_id)
    if same is not None:
        await slack.call(
            "chat.postEphemeral",
            channel=same.channel_id,
            user=same.asker_id,
            **same_elsewhere(same, url),
        )
    return None


async def on_not_the_same(
    ack: Any,
    respond: Any,
    pressed: Pressed,
    body: Payload,
    client: AsyncWebClient,
    sessions: Sessions,
) -> None:
    async with sessions.begin() as session:
        was_merged = await unmerge(session, **pressed.question)
    await reply(ASKING_AGAIN if was_merged else ARE_TWO, body, client, respond)
    await ack()


async def send_merged_note(owed: Owed[int], slack: Slack, sessions: Sessions) -> Note | None:
    """Tell the asker of a merged question privately that the answer came."""
    async with sessions.read() as session:
        note = await get_merged_note(session, owed.team_id, owed.subject)
        url = await get_url(session, owed.team_id)
    if note is None:
        return None
    result = note.result
    quoted = {
        note.question_id: (note.text,),
        result.question_id: (result.question, result.solution),
    }
    return await post_quoting(owed, slack, note.asker_id, quoted, merged_note(note, url))


KINDS = (
    delivers(MERGED_NOTE, send_merged_note),
    delivers(SAME_ELSEWHERE, send_same_elsewhere),
)
