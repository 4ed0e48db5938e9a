"""/kudos: what somebody's help did, and thanking them."""

import re
from collections.abc import Sequence
from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.errors import UnknownCommand
from bot.kinds import THANKS
from bot.outbox import Owed
from bot.recognition.kudos import get_page, get_thanks, note_thanks_said, thank_all
from bot.recognition.naming import choose_digests, choose_to_be_named
from bot.typed import nearest
from bot.workspaces import get_url
from handlers.blocks.recognition.kudos import CHOSEN, HOW_TO, kudos_page, thanks_note
from handlers.blocks.recognition.thanking import thanked
from handlers.blocks.text import Block, sentence
from handlers.outbox import Note, delivers
from handlers.pressed import Pressed
from handlers.recognition.exports import begin_export
from handlers.recognition.leaderboard import show_leaderboard
from handlers.slack import Slack
from storage.database import Sessions

PERSON = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^<>]*)?>")
GROUP = re.compile(r"<!subteam\^(S[A-Z0-9]+)(?:\|[^<>]*)?>")
NAME = rf"(?:{PERSON.pattern}|{GROUP.pattern})"
NAMES_SOMEBODY = re.compile(
    r"(?:(?:many |big )?(?:thanks|thank you|thx|kudos|props|danke|merci|gracias|grazie|obrigad[oa])"
    r"(?: to)?[\s,:!]*)?"
    rf"(?P<named>{NAME}(?:(?:[\s,+]|and\b|&amp;)*{NAME})*)[\s,:–—-]*(?P<reason>.*)",
    re.DOTALL | re.IGNORECASE,
)
CHOICES = re.compile(r"(?P<what>private|digests) +(?P<to>on|off)", re.IGNORECASE)

VERBS = ("export", "top", "private", "digests")


def register(app: AsyncApp) -> None:
    app.command("/kudos")(on_kudos)


async def on_kudos(ack: Any, pressed: Pressed, sessions: Sessions) -> None:
    await ack(response_type="ephemeral", **await answer(pressed, sessions))


async def answer(pressed: Pressed, sessions: Sessions) -> Block:
    text = pressed.value
    named = NAMES_SOMEBODY.fullmatch(text)
    receiver_ids = list(dict.fromkeys(PERSON.findall(named["named"]))) if named else []
    group_ids = GROUP.findall(named["named"]) if named else []
    if named and (named["reason"] or group_ids or len(receiver_ids) > 1):
        return await say_thanks(pressed, sessions, receiver_ids, group_ids, named["reason"])
    if named or not text:
        return await show(pressed, sessions, receiver_ids[0] if named else pressed.user_id)
    if choice := CHOICES.fullmatch(pressed.typed):
        return await choose(pressed, sessions, choice)
    verb, _, rest = pressed.typed.partition(" ")
    match verb.casefold():
        case "export":
            return await begin_export(pressed, sessions, rest)
        case "top":
            return await show_leaderboard(pressed, sessions, rest)
    if verb not in VERBS and (meant := nearest(verb, VERBS)):
        raise UnknownCommand(f"/kudos {pressed.typed}", meant=f"/kudos {meant}")
    return sentence(HOW_TO)


async def say_thanks(
    pressed: Pressed,
    sessions: Sessions,
    receiver_ids: Sequence[str],
    group_ids: Sequence[str],
    reason: str,
) -> Block:
    async with sessions.begin() as session:
        told = await thank_all(
            session,
            team_id=pressed.team_id,
            giver_id=pressed.user_id,
            receiver_ids=receiver_ids,
            group_ids=group_ids,
            reason=reason,
            now=pressed.now,
        )
    return sentence(thanked(*told))


async def choose(pressed: Pressed, sessions: Sessions, choice: re.Match[str]) -> Block:
    what, to = choice["what"].casefold(), choice["to"].casefold()
    async with sessions.begin() as session:
        if what == "private":
            await choose_to_be_named(session, **pressed.who, is_named=to == "off", now=pressed.now)
        else:
            await choose_digests(session, **pressed.who, wants_digests=to == "on", now=pressed.now)
    return sentence(CHOSEN[what, to])


async def show(pressed: Pressed, sessions: Sessions, user_id: str) -> Block:
    async with sessions.read() as session:
        page = await get_page(
            session,
            team_id=pressed.team_id,
            user_id=user_id,
            viewer_id=pressed.user_id,
            now=pressed.now,
        )
        url = await get_url(session, pressed.team_id)
    return kudos_page(page, pressed.user_id, url)


async def send_thanks(owed: Owed[int], slack: Slack, sessions: Sessions) -> Note | None:
    """Tell the receiver, in a direct message, in the giver's words."""
    async with sessions.read() as session:
        thanks = await get_thanks(session, owed.team_id, owed.subject)
    if thanks is None:
        return None
    words = thanks_note(thanks.giver_id, thanks.reason)
    if thanks.post is not None:  # somebody in it was erased since
        where, ts = thanks.post
        await slack.touch("chat.update", channel=where, ts=ts, **words)
        return None
    channel_id, message_ts = await slack.post_privately(
        key=owed.key, is_uncertain=owed.is_uncertain, user_id=thanks.receiver_id, **words
    )
    return said(owed, channel_id, message_ts)


def said(owed: Owed[int], channel_id: str, message_ts: str) -> Note:
    return lambda session: note_thanks_said(
        session,
        team_id=owed.team_id,
        kudos_id=owed.subject,
        channel_id=channel_id,
        message_ts=message_ts,
    )


KINDS = (delivers(THANKS, send_thanks),)
