"""How Slack, the clock and the operator reach the bot, and how it speaks."""

import re
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult

from handlers import errors, people
from handlers.community import askaround, channels, health, home
from handlers.experts import (
    availability,
    claims,
    hand_offs,
    hints,
    newcomers,
    nudges,
    presence,
    proposals,
    topics,
)
from handlers.finding import faqs, find, reuse, reviews
from handlers.outbox import Deliver
from handlers.payloads import date
from handlers.questions import (
    ask,
    capture,
    merging,
    messages,
    reading,
    solutions,
    splitting,
    suggestions,
)
from handlers.recognition import (
    channel_digest,
    exports,
    kudos,
    managers,
    personal,
    sponsors,
    thanking,
)
from storage.database import Sessions

KINDS: dict[str, Deliver] = {
    **capture.KINDS,
    **reading.KINDS,
    **solutions.KINDS,
    **nudges.KINDS,
    **newcomers.KINDS,
    **claims.KINDS,
    **hand_offs.KINDS,
    **hints.KINDS,
    **merging.KINDS,
    **kudos.KINDS,
    **channel_digest.KINDS,
    **sponsors.KINDS,
    **faqs.KINDS,
    **personal.KINDS,
    **managers.KINDS,
    **exports.KINDS,
    **health.KINDS,
    **channels.KINDS,
    **people.KINDS,
    **presence.KINDS,
    **proposals.KINDS,
    **reuse.KINDS,
    **reviews.KINDS,
    **suggestions.KINDS,
}


def build_app(
    *,
    client: Any,
    signing_secret: str,
    identity: AuthorizeResult,
    sessions: Sessions,
    clock: Callable[[], datetime],
) -> AsyncApp:
    """The Bolt app with every listener. `identity`: who the bot is, from one auth.test."""

    async def authorize() -> AuthorizeResult:
        # Bolt's own calls auth.test, and while Slack is slow it answers 200 and drops the event.
        return identity

    app = AsyncApp(
        client=client,
        signing_secret=signing_secret,
        authorize=authorize,
        # Acknowledge after the listener: what is acknowledged is committed.
        process_before_response=True,
    )

    started_at = clock()

    async def inject(body: Any, context: Any, next: Callable[[], Awaitable[None]]) -> None:
        context["sessions"] = sessions
        context["clock"] = clock
        context["started_at"] = started_at
        date(body, clock())
        await next()

    app.middleware(inject)
    register_all(app)
    return app


def register_all(app: AsyncApp) -> None:
    people.register(app)
    presence.register(app)
    messages.register(app)
    solutions.register(app)
    capture.register(app)
    claims.register(app)
    merging.register(app)
    splitting.register(app)
    nudges.register(app)
    ask.register(app)
    find.register(app)
    reuse.register(app)
    reviews.register(app)
    suggestions.register(app)
    topics.register(app)
    availability.register(app)
    proposals.register(app)
    kudos.register(app)
    sponsors.register(app)
    faqs.register(app)
    personal.register(app)
    managers.register(app)
    thanking.register(app)
    askaround.register(app)
    home.register(app)
    health.register(app)
    channels.register(app)
    errors.register(app)
    # An event that nobody listens to would be answered 404, and Slack would retry it.
    app.event(re.compile(".*"))(on_anything_else)


async def on_anything_else() -> None:
    """Nothing for us."""
