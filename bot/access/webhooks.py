"""Webhooks: systems outside Slack that are told what happens to questions.

What they are told leaves Slack, to where we know nobody: so it is what every colleague can read,
and nothing of private channels. Each thing is told once, signed as Standard Webhooks says; what
fails is tried again from the outbox, and an admin can have it sent again."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from bot import audit
from bot.access.seeing import QuestionView, question_views
from bot.errors import (
    CallIsGone,
    TooManyWebhooks,
    WebhookIsGone,
    WebhookNeedsKind,
)
from bot.experts.lateness import is_unopened
from bot.experts.webhooks import Networks, check_address, new_secret
from bot.finding.misses import apart
from bot.kinds import WEBHOOK_CALL
from bot.people import check_is_admin
from bot.rights import may_be_told_outside
from storage import outbox
from storage.access import webhooks
from storage.finding import misses
from storage.questions import answers, questions
from storage.saving import add_if_first
from storage.tables import Question, Webhook, WebhookCall

# What a webhook may be told.
OPENED, ANSWERED, SOLVED = "question.opened", "question.answered", "question.solved"
HANDED_OFF, GAP = "question.handed_off", "gap.opened"
KINDS = (OPENED, ANSWERED, SOLVED, HANDED_OFF, GAP)
MOST_WEBHOOKS = 10  # of a workspace
CALLS_SHOWN = 15
CALLS_STAY = timedelta(days=30)
STALE = timedelta(days=1)  # what happened longer ago is no news any more


@dataclass(frozen=True)
class CallView:
    call_id: int
    kind: str
    question_id: int | None
    happened_at: datetime
    tried: int
    told_at: datetime | None
    failed_at: datetime | None
    failed_why: str | None


@dataclass(frozen=True)
class WebhookView:
    webhook_id: int
    host: str  # the rest of an address may be a secret
    kinds: tuple[str, ...]
    made_by: str
    last: CallView | None = None


@dataclass(frozen=True)
class NewWebhook:
    webhook: WebhookView
    secret: str = field(repr=False)  # told once


@dataclass(frozen=True)
class Call:
    """What is to be told, as things stand. `question`: None where its words are no longer every
    colleague's to read, or where it is about none."""

    call_id: int
    address: str
    secret: str = field(repr=False)
    message_id: str
    kind: str
    about: str
    happened_at: datetime
    question_id: int | None
    question: QuestionView | None


async def make_webhook(
    session: AsyncSession,
    *,
    team_id: str,
    user_id: str,
    address: str,
    kinds: Sequence[str],
    networks: Networks,
    now: datetime,
) -> NewWebhook:
    """`networks`: those inside which one may be called."""
    await check_is_admin(session, team_id, user_id)
    chosen = [each for each in KINDS if each in kinds]
    if not chosen:
        raise WebhookNeedsKind()
    checked = check_address(address, networks)
    if len(await webhooks.list_of(session, team_id)) >= MOST_WEBHOOKS:
        raise TooManyWebhooks(MOST_WEBHOOKS)
    secret = new_secret()
    webhook = await webhooks.add(
        session,
        team_id=team_id,
        webhook_url=checked,
        webhook_secret=secret,
        kinds=chosen,
        made_by=user_id,
        made_at=now,
    )
    about = {"team_id": team_id, "by": user_id, "named": host_of(webhook)}
    await audit.note(session, audit.WEBHOOK, **about, after=", ".join(chosen), now=now)
    return NewWebhook(view_of(webhook, None), secret)


async def remove_webhook(
    session: AsyncSession, *, team_id: str, user_id: str, webhook_id: int, now: datetime
) -> None:
    await check_is_admin(session, team_id, user_id)
    webhook = await webhooks.get_locked(session, team_id, webhook_id)
    if webhook is None:
        raise WebhookIsGone()
    about = {"team_id": team_id, "by": user_id, "named": host_of(webhook)}
    await webhooks.remove(session, webhook)
    await audit.note(session, audit.WEBHOOK, **about, after=audit.OFF, now=now)


async def list_webhooks(
    session: AsyncSession, *, team_id: str, user_id: str
) -> tuple[WebhookView, ...]:
    """For an admin, each with what it was told last."""
    await check_is_admin(session, team_id, user_id)
    found = await webhooks.list_of(session, team_id)
    return tuple([view_of(each, await webhooks.get_last(session, each.id)) for each in found])


async def list_calls(
    session: AsyncSession, *, team_id: str, user_id: str, webhook_id: int
) -> tuple[WebhookView, tuple[CallView, ...]]:
    """For an admin, what it was told lately."""
    await check_is_admin(session, team_id, user_id)
    webhook = await webhooks.get_locked(session, team_id, webhook_id)
    if webhook is None:
        raise WebhookIsGone()
    found = await webhooks.list_calls(session, team_id, webhook_id, CALLS_SHOWN)
    return view_of(webhook, None), tuple(map(call_view, found))


async def send_again(
    session: AsyncSession, *, team_id: str, user_id: str, call_id: int, now: datetime
) -> int:
    """Tell it once more, with the same id, by which the receiver knows it; which webhook it is."""
    await check_is_admin(session, team_id, user_id)
    call = await webhooks.get_call(session, team_id, call_id)
    if call is None:
        raise CallIsGone()
    call.told_at = call.failed_at = call.failed_why = None
    await owe_call(session, call, now=now)
    return call.webhook_id


async def note_news(
    session: AsyncSession, *, team_id: str, question_id: int, now: datetime
) -> None:
    """Owe each webhook what happened to the question and it was not told yet."""
    question = await questions.get_locked(session, team_id, question_id)
    found = await webhooks.list_of(session, team_id)
    if question is None or not found or not await is_told_of(session, question):
        return
    told = await webhooks.list_told(session, question_id)
    for kind, at in (await facts_of(session, question)).items():
        about = f"{question_id} {at.timestamp():.6f}"
        for webhook in found:
            is_news = kind in webhook.kinds and at >= max(webhook.made_at, now - STALE)
            if is_news and (webhook.id, kind, about) not in told:
                await tell(session, webhook, kind, about, question_id, happened_at=at, now=now)


async def is_told_of(session: AsyncSession, question: Question) -> bool:
    """Whether its words may leave Slack at all."""
    is_there = question.withdrawn_at is None and question.message_ts is not None
    if not is_there or is_unopened(question):
        return False
    return await may_be_told_outside(session, question)


async def facts_of(session: AsyncSession, question: Question) -> dict[str, datetime]:
    """What happened to it so far, and when."""
    facts = {
        OPENED: question.asked_at,
        ANSWERED: await answers.first_answered_at(session, question, since=None),
        SOLVED: question.solved_at,
        HANDED_OFF: question.handed_off_at,
    }
    return {kind: at for kind, at in facts.items() if at is not None}


async def note_gaps(session: AsyncSession, *, team_id: str, now: datetime) -> None:
    """Owe each webhook what five people or more searched for in vain and it was not told yet."""
    told = [each for each in await webhooks.list_of(session, team_id) if GAP in each.kinds]
    found = apart(await misses.list_missing(session, team_id)) if told else []
    for missing, *_ in found:
        for webhook in told:
            if missing.opened_at >= max(webhook.made_at, now - STALE):
                theme, at = " ".join(missing.words)[:120], missing.opened_at
                await tell(session, webhook, GAP, theme, None, happened_at=at, now=now)


async def tell(
    session: AsyncSession,
    webhook: Webhook,
    kind: str,
    about: str,
    question_id: int | None,
    *,
    happened_at: datetime,
    now: datetime,
) -> None:
    call = await add_if_first(
        session,
        WebhookCall(
            team_id=webhook.team_id,
            webhook_id=webhook.id,
            kind=kind,
            about=about,
            question_id=question_id,
            happened_at=happened_at,
            message_id=f"msg_{uuid4().hex}",
        ),
    )
    if call is not None:
        await owe_call(session, call, now=now)


async def owe_call(session: AsyncSession, call: WebhookCall, *, now: datetime) -> None:
    """One after the other to each: a slow one keeps nobody else waiting."""
    lane = f"webhook:{call.webhook_id}"
    await outbox.owe(session, WEBHOOK_CALL, call.id, team_id=call.team_id, lane=lane, now=now)


async def get_call(session: AsyncSession, team_id: str, call_id: int) -> Call | None:
    """None where there is nothing to tell any more."""
    found = await webhooks.get_called(session, team_id, call_id)
    if found is None or found[0].told_at is not None or found[0].failed_at is not None:
        return None
    call, webhook = found
    return Call(
        call.id,
        webhook.webhook_url,
        webhook.webhook_secret,
        call.message_id,
        call.kind,
        call.about,
        call.happened_at,
        call.question_id,
        await told_question(session, team_id, call.question_id),
    )


async def told_question(
    session: AsyncSession, team_id: str, question_id: int | None
) -> QuestionView | None:
    """As it stands; its links to others are for nobody."""
    question = await questions.get(session, team_id, question_id) if question_id else None
    if question is None or not await is_told_of(session, question):
        return None
    return (await question_views(session, [question], user_id="", with_answers=True))[0]


async def note_told(session: AsyncSession, team_id: str, call_id: int, *, now: datetime) -> None:
    call = await webhooks.get_call(session, team_id, call_id)
    if call is not None:
        call.tried += 1
        call.told_at, call.failed_at, call.failed_why = now, None, None


async def note_failed(
    session: AsyncSession, team_id: str, call_id: int, *, why: str, gave_up_at: datetime | None
) -> None:
    """`gave_up_at`: None where it is tried again."""
    call = await webhooks.get_call(session, team_id, call_id)
    if call is not None:
        call.tried += 1
        call.failed_at, call.failed_why = gave_up_at, why


async def forget_old_calls(session: AsyncSession, *, now: datetime) -> None:
    await webhooks.forget_before(session, now - CALLS_STAY)


async def has_webhooks(session: AsyncSession) -> bool:
    """Of any workspace: where there are none, nothing is owed to them."""
    return await webhooks.has_any(session)


def host_of(webhook: Webhook) -> str:
    return urlsplit(webhook.webhook_url).hostname or ""


def view_of(webhook: Webhook, last: WebhookCall | None) -> WebhookView:
    return WebhookView(
        webhook.id,
        host_of(webhook),
        tuple(webhook.kinds),
        webhook.made_by,
        call_view(last) if last else None,
    )


def call_view(call: WebhookCall) -> CallView:
    return CallView(
        call.id,
        call.kind,
        call.question_id,
        call.happened_at,
        call.tried,
        call.told_at,
        call.failed_at,
        call.failed_why,
    )
