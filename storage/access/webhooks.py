"""Finding and saving webhooks, and what each is told."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import Webhook, WebhookCall


async def add(session: AsyncSession, **values: Any) -> Webhook:
    webhook = Webhook(**values)
    session.add(webhook)
    await session.flush()
    return webhook


async def get_locked(session: AsyncSession, team_id: str, webhook_id: int) -> Webhook | None:
    return await session.scalar(
        select(Webhook)
        .where(Webhook.team_id == team_id, Webhook.id == webhook_id)
        .with_for_update()
    )


async def remove(session: AsyncSession, webhook: Webhook) -> None:
    await session.delete(webhook)
    await session.flush()


async def has_any(session: AsyncSession) -> bool:
    """Of any workspace."""
    return (await session.scalar(select(Webhook.id).limit(1))) is not None


async def list_of(session: AsyncSession, team_id: str) -> Sequence[Webhook]:
    return (
        await session.scalars(
            select(Webhook).where(Webhook.team_id == team_id).order_by(Webhook.id)
        )
    ).all()


async def get_call(session: AsyncSession, team_id: str, call_id: int) -> WebhookCall | None:
    return await session.scalar(
        select(WebhookCall).where(WebhookCall.team_id == team_id, WebhookCall.id == call_id)
    )


async def get_called(
    session: AsyncSession, team_id: str, call_id: int
) -> tuple[WebhookCall, Webhook] | None:
    """What is to be told, and to whom."""
    row = (
        await session.execute(
            select(WebhookCall, Webhook)
            .join(Webhook, Webhook.id == WebhookCall.webhook_id)
            .where(WebhookCall.team_id == team_id, WebhookCall.id == call_id)
        )
    ).one_or_none()
    return None if row is None else (row[0], row[1])


async def list_told(session: AsyncSession, question_id: int) -> set[tuple[int, str, str]]:
    """What is told, or to be told, of the question: to which webhook, what kind, and what tells
    it from others."""
    rows = await session.execute(
        select(WebhookCall.webhook_id, WebhookCall.kind, WebhookCall.about).where(
            WebhookCall.question_id == question_id
        )
    )
    return {(webhook_id, kind, about) for webhook_id, kind, about in rows}


async def list_calls(
    session: AsyncSession, team_id: str, webhook_id: int, limit: int
) -> Sequence[WebhookCall]:
    """The newest first."""
    return (
        await session.scalars(
            select(WebhookCall)
            .where(WebhookCall.team_id == team_id, WebhookCall.webhook_id == webhook_id)
            .order_by(WebhookCall.id.desc())
            .limit(limit)
        )
    ).all()


async def get_last(session: AsyncSession, webhook_id: int) -> WebhookCall | None:
    statement = select(WebhookCall).where(WebhookCall.webhook_id == webhook_id)
    return await session.scalar(statement.order_by(WebhookCall.id.desc()).limit(1))


async def forget_before(session: AsyncSession, before: datetime) -> None:
    await session.execute(delete(WebhookCall).where(WebhookCall.happened_at < before))
