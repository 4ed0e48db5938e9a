"""Requests over HTTP that have one effect, however often the same one comes.

Who recorded a signed request could send it again while its signature holds. Slack itself signs
anew whenever it sends something a second time."""

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from storage import requests

# A signature holds for five minutes around its time, and our clock may differ from Slack's.
KEPT_FOR = timedelta(hours=1)


async def take(session: AsyncSession, signature: str, *, now: datetime) -> bool:
    """Whether it comes for the first time."""
    return await requests.add_if_first(session, signature, now=now)


async def give_back(session: AsyncSession, signature: str) -> None:
    """It had no effect, so it may come again."""
    await requests.remove(session, signature)


async def forget_old_requests(session: AsyncSession, *, now: datetime) -> None:
    await requests.forget_before(session, now - KEPT_FOR)
