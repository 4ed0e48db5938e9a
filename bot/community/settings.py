"""Every setting in one place: reading it, changing it in a window, and taking a change back.

A setting is a plain dict (see `bot/changes.py`). Its subject is a topic, a channel or a person; ""
for the workspace. Who may change it, and what is allowed, is checked by the use case that does."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.changes import Value, check_stands, check_unchanged, get_undoable, mark_of, note_change
from bot.community.channels import (
    FORMS_AT_MOST,
    get_hearing,
    set_form,
    set_help_channel,
    set_mode,
)
from bot.errors import CannotBeUndone, OpenItAgain, TooManyForms
from bot.experts.invitations import set_silence_is_yes
from bot.experts.nudges import NUDGES
from bot.experts.topic_window import TOPIC, get_topic_value, restore_topic
from bot.experts.webhooks import Networks
from bot.people import check_is_admin, get_timezone
from bot.questions.emoji import save_emoji
from bot.questions.verdicts import ASKING, CALLED, EVERYTHING
from bot.recognition.digests import (
    DEFAULT_HOUR,
    DEFAULT_WEEKDAY,
    PERSONAL,
    SPONSOR,
    WEEKLY_DIGEST,
    get_digest_time,
    pause_digest,
    resume_digest,
    set_digest_time,
    skip_digest,
)
from bot.recognition.leaderboard import switch_leaderboard
from bot.recognition.naming import choose_digests, choose_to_be_named, is_unnamed, wants_digests
from bot.recognition.own_digests import get_own_plan, set_own_plan
from bot.schedules import WEEKDAYS
from bot.text import key_of
from storage import workspaces
from storage.experts import nudges
from storage.recognition import digests, leaderboard

DIGEST, MARKS, LEADERBOARD = "digest", "marks", "leaderboard"
CONSENT, CHANNEL, NOTES = "consent", "channel", "notes"
MY_DIGEST, SPONSOR_DIGEST = "my_digest", "sponsor_digest"
OWN = (NOTES, MY_DIGEST, SPONSOR_DIGEST)  # a person's: nobody sets them for others
MODES = (ASKING, EVERYTHING, CALLED)


@dataclass(frozen=True)
class About:
    """Whose setting, of what, and who changes it when."""

    team_id: str
    user_id: str
    subject: str
    now: datetime
    helpdesk_networks: Networks = ()

    @property
    def who(self) -> dict[str, str]:
        return {"team_id": self.team_id, "user_id": self.user_id}


@dataclass(frozen=True)
class Setting:
    read: Callable[[AsyncSession, About], Awaitable[dict[str, Any]]]
    write: Callable[[AsyncSession, About, Value], Awaitable[object]]


@dataclass(frozen=True)
class Shown:
    """What a window shows of a setting."""

    setting: str
    subject: str
    value: Mapping[str, Any]
    seen: str


async def get_setting(session: AsyncSession, setting: str, about: About) -> Shown:
    value = await setting_of(setting).read(session, about)
    return Shown(setting, about.subject, value, mark_of(value))


def setting_of(name: str) -> Setting:
    if name not in SETTINGS:
        raise OpenItAgain()
    return SETTINGS[name]


async def change_setting(
    session: AsyncSession, setting: str, about: About, *, value: Value, seen: str
) -> int | None:
    """Make it so, unless somebody changed it since it was shown; the change's number, or None
    where it was so already."""
    kind = setting_of(setting)
    before = await kind.read(session, about)
    where = {"team_id": about.team_id, "setting": setting, "subject": about.subject}
    await check_unchanged(session, **where, value=before, seen=seen)
    await kind.write(session, about, value)
    await session.flush()
    return await note_change(
        session,
        **where,
        before=before,
        after=await kind.read(session, about),
        by=about.user_id,
        now=about.now,
    )


async def undo(
    session: AsyncSession,
    *,
    team_id: str,
    user_id: str,
    change_id: int,
    helpdesk_networks: Networks = (),
    now: datetime,
) -> str:
    """Make it what it was before that change, unless it was changed again; which setting."""
    change = await get_undoable(session, team_id, change_id)
    about = About(team_id, user_id, change.subject, now, helpdesk_networks)
    kind = setting_of(change.setting)
    check_stands(change, await kind.read(session, about))
    await kind.write(session, about, change.before)
    change.undone_at = now
    return change.setting


async def read_digest(session: AsyncSession, about: About) -> dict[str, Any]:
    await check_is_admin(session, about.team_id, about.user_id)
    if await digests.get_schedule(session, about.team_id, WEEKLY_DIGEST, "") is None:
        zone = await get_timezone(session, about.team_id, about.user_id)
        day, at = WEEKDAYS[DEFAULT_WEEKDAY], f"{DEFAULT_HOUR:02}:00"
        return {"day": day, "at": at, "timezone": zone, "comes": False, "skips": False}
    planned = await get_digest_time(session, team_id=about.team_id)
    schedule = planned.schedule
    return {
        "day": WEEKDAYS[schedule.weekday],
        "at": f"{schedule.hour:02}:{schedule.minute:02}",
        "timezone": schedule.timezone,
        "comes": planned.paused_at is None,
        "skips": planned.skipped_at is not None,
    }


async def write_digest(session: AsyncSession, about: About, value: Value) -> None:
    written = f"{value['day']} {value['at']} {value['timezone']}"
    await set_digest_time(session, **about.who, written=written, now=about.now)
    change = resume_digest if value["comes"] else pause_digest
    await change(session, **about.who, now=about.now)
    if value["comes"] and value["skips"]:
        await skip_digest(session, **about.who, now=about.now)


def own_digest(kind: str) -> Setting:
    """When the reader's own digest comes."""

    async def read(session: AsyncSession, about: About) -> dict[str, Any]:
        check_is_own(about)
        schedule, comes, skips = await get_own_plan(session, **about.who, kind=kind)
        return {
            "day": WEEKDAYS[schedule.weekday],
            "at": f"{schedule.hour:02}:{schedule.minute:02}",
            "comes": comes,
            "skips": skips,
        }

    async def write(session: AsyncSession, about: About, value: Value) -> None:
        check_is_own(about)
        await set_own_plan(
            session,
            **about.who,
            kind=kind,
            written=f"{value['day']} {value['at']}",
            comes=value["comes"],
            skips=value["skips"],
            now=about.now,
        )

    return Setting(read, write)


def check_is_own(about: About) -> None:
    if about.subject != about.user_id:
        raise CannotBeUndone()


async def read_marks(session: AsyncSession, about: About) -> dict[str, Any]:
    await check_is_admin(session, about.team_id, about.user_id)
    return {"names": list(await workspaces.list_marks(session, about.team_id))}


async def write_marks(session: AsyncSession, about: About, value: Value) -> None:
    """`names`: emoji, or what somebody typed, with or without colons."""
    written = " ".join(f":{name.strip(':')}:" for name in value["names"])
    await save_emoji(session, **about.who, written=written.casefold() or "default", now=about.now)


async def read_leaderboard(session: AsyncSession, about: About) -> dict[str, Any]:
    await check_is_admin(session, about.team_id, about.user_id)
    return {"is_on": await leaderboard.is_on(session, about.team_id)}


async def write_leaderboard(session: AsyncSession, about: About, value: Value) -> None:
    await switch_leaderboard(session, **about.who, is_on=value["is_on"], now=about.now)


async def read_consent(session: AsyncSession, about: About) -> dict[str, Any]:
    await check_is_admin(session, about.team_id, about.user_id)
    workspace = await workspaces.get(session, about.team_id)
    return {"silence_is_yes": workspace is not None and workspace.silence_is_yes_at is not None}


async def write_consent(session: AsyncSession, about: About, value: Value) -> None:
    is_yes = value["silence_is_yes"]
    await set_silence_is_yes(session, **about.who, is_yes=is_yes, now=about.now)


async def read_channel(session: AsyncSession, about: About) -> dict[str, Any]:
    await check_is_admin(session, about.team_id, about.user_id)
    hearing = await get_hearing(session, **about.who, channel_id=about.subject)
    return {
        "name": hearing.name,
        "is_help": hearing.is_help,
        "mode": hearing.mode,
        "forms": list(hearing.forms),
    }


async def write_channel(session: AsyncSession, about: About, value: Value) -> None:
    place = {**about.who, "channel_id": about.subject}
    before = await get_hearing(session, **place)
    if value["mode"] != before.mode and value["is_help"] and value["mode"] in MODES:
        await set_mode(session, **place, mode=value["mode"], now=about.now)
    await set_help_channel(session, **place, is_help=value["is_help"], now=about.now)
    await session.flush()
    if len(value["forms"]) > FORMS_AT_MOST:
        raise TooManyForms(FORMS_AT_MOST)
    wanted = {key_of(name) for name in value["forms"]}
    known = {key_of(name) for name in before.forms}
    for name in value["forms"]:
        if key_of(name) not in known:
            await set_form(session, **place, name=name, is_asking=True, now=about.now)
    for name in before.forms:
        if key_of(name) not in wanted:
            await set_form(session, **place, name=name, is_asking=False, now=about.now)


async def read_notes(session: AsyncSession, about: About) -> dict[str, Any]:
    """What a person gets, for themselves alone."""
    check_is_own(about)
    muted = await nudges.list_muted(session, about.team_id, about.user_id)
    return {
        "digests": await wants_digests(session, about.team_id, about.user_id),
        "named": not await is_unnamed(session, about.team_id, about.user_id),
        "reminders": [kind for kind in NUDGES if kind not in muted],
    }


async def write_notes(session: AsyncSession, about: About, value: Value) -> None:
    who, now = about.who, about.now
    before = await read_notes(session, about)
    if value["digests"] != before["digests"]:
        await choose_digests(session, **who, wants_digests=value["digests"], now=now)
    if value["named"] != before["named"]:
        await choose_to_be_named(session, **who, is_named=value["named"], now=now)
    muted = [kind for kind in NUDGES if kind not in value["reminders"]]
    await nudges.set_muted(session, **who, kinds=muted, among=NUDGES)


async def read_topic(session: AsyncSession, about: About) -> dict[str, Any]:
    await check_is_admin(session, about.team_id, about.user_id)
    return await get_topic_value(session, about.team_id, about.subject)


async def write_topic(session: AsyncSession, about: About, value: Value) -> None:
    await restore_topic(
        session,
        **about.who,
        subject=about.subject,
        value=value,
        helpdesk_networks=about.helpdesk_networks,
        now=about.now,
    )


SETTINGS: Mapping[str, Setting] = {
    DIGEST: Setting(read_digest, write_digest),
    MARKS: Setting(read_marks, write_marks),
    LEADERBOARD: Setting(read_leaderboard, write_leaderboard),
    CONSENT: Setting(read_consent, write_consent),
    CHANNEL: Setting(read_channel, write_channel),
    NOTES: Setting(read_notes, write_notes),
    MY_DIGEST: own_digest(PERSONAL),
    SPONSOR_DIGEST: own_digest(SPONSOR),
    TOPIC: Setting(read_topic, write_topic),
}
