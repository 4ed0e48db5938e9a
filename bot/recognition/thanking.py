"""A manager thanks somebody for the help they were told of, in their own words: from what that
person told them, or from the sponsor's digest, where it is once a digest and person."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import AlreadyThanked, NotASponsor, NoteIsGone, NothingToThankFor
from bot.kinds import SPONSOR_THANKS
from bot.recognition.digests import owe_digest
from bot.recognition.kudos import record_thanks, thank
from bot.recognition.naming import is_unnamed
from bot.recognition.sponsor_digests import (
    GivenHelp,
    SponsorDigest,
    SponsoredQuestion,
    get_run,
    help_of,
    reach_of,
    sums_of,
    told_of,
)
from bot.recognition.sponsors import list_sponsored
from storage import channels, outbox
from storage.questions import questions
from storage.recognition import managers, sponsors
from storage.recognition import thanking as posts
from storage.recognition.sponsors import Given, Reach
from storage.recognition.thanking import Posted
from storage.saving import add_if_first
from storage.tables import SponsorThanks


@dataclass(frozen=True)
class ThanksDraft:
    """What somebody did, and where the sponsor could thank them."""

    slot: str
    help: GivenHelp
    receiver_id: str
    channel_id: str | None  # where most of it was; None: it can be said privately only
    channel_name: str
    question_id: int | None  # what is linked to


@dataclass(frozen=True)
class SaidThanks:
    """Thanks as they are delivered."""

    giver_id: str
    receiver_id: str
    reason: str
    channel_id: str | None  # None: to them alone
    question: SponsoredQuestion | None
    post: Posted | None = None  # where they were said already

    def privately(self) -> "SaidThanks":
        return replace(self, channel_id=None)


async def get_teller(session: AsyncSession, *, team_id: str, manager_id: str, note_id: int) -> str:
    """Whose help this manager was told of."""
    row = await managers.get(session, team_id, note_id)
    if row is None or row.manager_id != manager_id or row.agreed_at is None:
        raise NoteIsGone()
    return row.user_id


async def thank_teller(
    session: AsyncSession,
    *,
    team_id: str,
    manager_id: str,
    note_id: int,
    reason: str,
    now: datetime,
) -> str:
    """The manager thanks whose help they were told of; who that is."""
    user_id = await get_teller(session, team_id=team_id, manager_id=manager_id, note_id=note_id)
    await thank(
        session,
        team_id=team_id,
        giver_id=manager_id,
        receiver_id=user_id,
        reason=reason,
        now=now,
    )
    return user_id


async def draft_thanks(
    session: AsyncSession, *, team_id: str, sponsor_id: str, slot: str, fact_id: int
) -> ThanksDraft:
    """What there is to thank somebody for, who is named by a fact of their help."""
    run = await get_run(session, team_id, sponsor_id, slot)
    topics = await list_sponsored(session, team_id, sponsor_id)
    if run is None or not topics:
        raise NotASponsor()
    digest = SponsorDigest(team_id, sponsor_id, slot, run.since, run.until)
    reach = await reach_of(session, digest, topics)
    given = await sponsors.list_given(session, reach)
    receiver_id = next((each.receiver_id for each in given if each.kudos_id == fact_id), None)
    if receiver_id is None:
        raise NothingToThankFor()
    help = await help_of(session, digest, reach, given, sums_of(given), [receiver_id])
    theirs = [each for each in given if each.receiver_id == receiver_id]
    return await draft_of(session, digest, reach, help[0], receiver_id, theirs)


async def draft_of(
    session: AsyncSession,
    digest: SponsorDigest,
    reach: Reach,
    help: GivenHelp,
    receiver_id: str,
    theirs: Sequence[Given],
) -> ThanksDraft:
    """Said in public where most of their help was, unless they do not want to be named."""
    readable = Counter(each.channel_id for each in theirs if each.channel_id in reach.readable)
    places = [channel_id for channel_id, _ in readable.most_common()]
    place = await channels.get(session, digest.team_id, places[0]) if places else None
    is_public = place is not None and place.left_at is None and help.user_id is not None
    told = [deed.question for deed in help.deeds]
    there = [each for each in told if place is not None and each.channel_id == place.channel_id]
    return ThanksDraft(
        digest.slot,
        help,
        receiver_id,
        channel_id=place.channel_id if place is not None and is_public else None,
        channel_name=place.name if place is not None else "",
        question_id=next((each.question_id for each in there or told), None),
    )


async def thank_from_digest(
    session: AsyncSession,
    *,
    team_id: str,
    sponsor_id: str,
    slot: str,
    fact_id: int,
    reason: str,
    is_public: bool,
    now: datetime,
) -> None:
    """Thank somebody for the help that the digest tells of: once, in the sponsor's words."""
    draft = await draft_thanks(
        session, team_id=team_id, sponsor_id=sponsor_id, slot=slot, fact_id=fact_id
    )
    channel_id = draft.channel_id if is_public else None
    kudos_id = await record_thanks(
        session,
        team_id=team_id,
        giver_id=sponsor_id,
        receiver_id=draft.receiver_id,
        reason=reason,
        channel_id=channel_id,
        now=now,
    )
    await note_thanks(session, team_id, sponsor_id, draft, kudos_id)
    lane = channel_id or draft.receiver_id
    await outbox.owe(session, SPONSOR_THANKS, kudos_id, team_id=team_id, lane=lane, now=now)
    run = await get_run(session, team_id, sponsor_id, slot)
    if run is not None:
        await owe_digest(session, run, now=now)


async def note_thanks(
    session: AsyncSession, team_id: str, sponsor_id: str, draft: ThanksDraft, kudos_id: int
) -> None:
    said = SponsorThanks(
        team_id=team_id,
        sponsor_id=sponsor_id,
        slot=draft.slot,
        receiver_id=draft.receiver_id,
        kudos_id=kudos_id,
        question_id=draft.question_id,
    )
    if await add_if_first(session, said) is None:
        raise AlreadyThanked()  # which takes back what was recorded


async def get_said_thanks(session: AsyncSession, team_id: str, kudos_id: int) -> SaidThanks | None:
    """How to deliver them now: in public only while the one may be named and the other can
    read the channel."""
    found = await sponsors.get_thanks(session, team_id, kudos_id)
    if found is None:
        return None
    said, fact = found
    channel_id = fact.channel_id
    post = await posts.get(session, kudos_id)
    if post is not None:
        channel_id = channel_id if post.channel_id == channel_id else None
        question = await get_example(session, team_id, said, channel_id)
        return SaidThanks(
            fact.giver_id, fact.receiver_id, fact.reason or "", channel_id, question, post
        )
    if channel_id and not await may_be_said_in(session, team_id, channel_id, fact.giver_id):
        channel_id = None
    if await is_unnamed(session, team_id, fact.receiver_id):
        channel_id = None
    question = await get_example(session, team_id, said, channel_id)
    return SaidThanks(fact.giver_id, fact.receiver_id, fact.reason or "", channel_id, question)


async def may_be_said_in(
    session: AsyncSession, team_id: str, channel_id: str, giver_id: str
) -> bool:
    return await channels.can_read(
        session, team_id=team_id, channel_id=channel_id, user_id=giver_id
    )


async def get_example(
    session: AsyncSession, team_id: str, said: SponsorThanks, channel_id: str | None
) -> SponsoredQuestion | None:
    """The question to link to, if who reads the thanks can read it."""
    question = await questions.get(session, team_id, said.question_id or 0)
    if question is None or question.withdrawn_at is not None:
        return None
    if channel_id is not None:
        return told_of(question) if question.channel_id == channel_id else None
    can_read = await channels.can_read(
        session, team_id=team_id, channel_id=question.channel_id, user_id=said.receiver_id
    )
    return told_of(question) if can_read else None
