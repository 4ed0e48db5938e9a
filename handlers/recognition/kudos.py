"""/kudos: what somebody's help did, and thanking them."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncBoltContext

from bot.outbox import Owed
from bot.recognition.kudos import get_page, get_thanks, thank_all
from bot.recognition.naming import choose_digests, choose_to_be_named
from bot.text import plain
from bot.workspaces import get_url
from handlers.blocks.recognition.kudos import kudos_page, thanks_note
from handlers.blocks.text import Block, listed, mention, sentence
from handlers.outbox import Deliver, Note
from handlers.payloads import Payload, team_of
from handlers.recognition.exports import begin_export
from handlers.recognition.leaderboard import show_leaderboard
from handlers.slack import Slack
from storage.database import Sessions

PERSON = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")
NAMES_SOMEBODY = re.compile(
    rf"(?P<named>{PERSON.pattern}(?:(?:[\s,+]|and\b|&amp;)*{PERSON.pattern})*)[\s,:]*(?P<reason>.*)",
    re.DOTALL | re.IGNORECASE,
)
HOW_TO = (
    "`/kudos` shows what your help did, `/kudos @person` what theirs did, and "
    "`/kudos @person and what for` thanks them. With `/kudos private on` no digest names you; "
    "with `/kudos digests off` you get none."
)
CHOICES = re.compile(r"(?P<what>private|digests) +(?P<to>on|off)", re.IGNORECASE)
CHOSEN = {
    ("private", "on"): (
        "Done. No digest names you from now on, and those of the last four weeks are edited. "
        "Your help still counts, as that of a colleague; `/kudos` shows it to you alone. "
        "`/kudos private off` takes this back."
    ),
    ("private", "off"): "Done. Digests name you again, from the next one on.",
    ("digests", "on"): "Done. You get digests again.",
    ("digests", "off"): "Done. You get no digests from me. `/kudos digests on` takes this back.",
}


def register(app: AsyncApp) -> None:
    app.command("/kudos")(on_kudos)


async def on_kudos(
    ack: Any,
    command: Payload,
    context: AsyncBoltContext,
    sessions: Sessions,
    clock: Callable[[], datetime],
) -> None:
    text, user_id, team_id = command.get("text", "").strip(), command["user_id"], team_of(context)
    reply = await answer(sessions, team_id, user_id, text, clock())
    await ack(response_type="ephemeral", **reply)


async def answer(sessions: Sessions, team_id: str, user_id: str, text: str, now: datetime) -> Block:
    named = NAMES_SOMEBODY.fullmatch(text)
    receiver_ids = list(dict.fromkeys(PERSON.findall(named["named"]))) if named else []
    if named and (named["reason"] or len(receiver_ids) > 1):
        return await say_thanks(sessions, team_id, user_id, receiver_ids, named["reason"], now)
    if named or not text:
        shown = receiver_ids[0] if named else user_id
        return await show(sessions, team_id, shown, user_id, now)
    if choice := CHOICES.fullmatch(text):
        return await choose(sessions, team_id, user_id, choice, now)
    verb, _, rest = text.partition(" ")
    match verb.casefold():
        case "export":
            return await begin_export(sessions, team_id, user_id, rest.strip(), now)
        case "top":
            return await show_leaderboard(sessions, team_id, user_id, plain(rest), now)
    return sentence(HOW_TO)


async def say_thanks(
    sessions: Sessions,
    team_id: str,
    giver_id: str,
    receiver_ids: Sequence[str],
    reason: str,
    now: datetime,
) -> Block:
    async with sessions.begin() as session:
        await thank_all(
            session,
            team_id=team_id,
            giver_id=giver_id,
            receiver_ids=receiver_ids,
            reason=reason,
            now=now,
        )
    told = listed([mention(each) for each in receiver_ids])
    return sentence(f"I told {told}, and it counts among their kudos.")


async def choose(
    sessions: Sessions, team_id: str, user_id: str, choice: re.Match[str], now: datetime
) -> Block:
    what, to = choice["what"].casefold(), choice["to"].casefold()
    who = {"team_id": team_id, "user_id": user_id}
    async with sessions.begin() as session:
        if what == "private":
            await choose_to_be_named(session, **who, is_named=to == "off", now=now)
        else:
            await choose_digests(session, **who, wants_digests=to == "on", now=now)
    return sentence(CHOSEN[what, to])


async def show(
    sessions: Sessions, team_id: str, user_id: str, viewer_id: str, now: datetime
) -> Block:
    async with sessions.read() as session:
        page = await get_page(
            session, team_id=team_id, user_id=user_id, viewer_id=viewer_id, now=now
        )
        url = await get_url(session, team_id)
    return kudos_page(page, viewer_id, url)


async def send_thanks(owed: Owed, slack: Slack, sessions: Sessions) -> Note | None:
    """Tell the receiver, in a direct message, in the giver's words."""
    async with sessions.read() as session:
        thanks = await get_thanks(session, owed.team_id, int(owed.subject))
    if thanks is None:
        return None
    await slack.post_privately(
        key=owed.key,
        is_uncertain=owed.is_uncertain,
        user_id=thanks.receiver_id,
        **thanks_note(thanks.giver_id, thanks.reason),
    )
    return None


KINDS: dict[str, Deliver] = {"thanks": send_thanks}
