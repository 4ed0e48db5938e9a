"""How Slack, the clock and the operator reach the bot, and how it speaks."""

import re
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, cast

from slack_bolt.async_app import AsyncApp, AsyncBoltContext
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.experts.webhooks import Networks
from bot.vault import Vault
from handlers import errors, leaving, people, quoting, response_urls
from handlers.access import acts, seeing, tokens, webhooks
from handlers.archive import checking, history, imports
from handlers.assistants import drafts
from handlers.community import (
    askaround,
    channels,
    gaps,
    health,
    home,
    lists,
    measures,
    set_up,
    settings,
    talk,
    trainings,
    undelivered,
)
from handlers.experts import (
    assistants,
    availability,
    calendars,
    cards,
    claims,
    experts,
    hand_offs,
    hints,
    invitations,
    newcomers,
    nudges,
    offer_notes,
    presence,
    proposals,
    stuck,
    topic_window,
    topics,
)
from handlers.finding import faq_posts, faqs, find, gists, pane, reuse, reviews
from handlers.knowledge import writing
from handlers.masks import put_on
from handlers.model import Model
from handlers.outbox import Deliver
from handlers.payloads import date, team_of
from handlers.pressed import pressed_of
from handlers.privacy import audit, erasing, my_data, retention, staying_out
from handlers.questions import (
    ask,
    capture,
    catch_up,
    closing,
    elsewhere,
    forms,
    gist_replies,
    judging,
    marking,
    me_too,
    merging,
    messages,
    moving,
    nameless,
    parting,
    posted,
    reading,
    solutions,
    splitting,
    suggestions,
    unsure,
    untaken,
    wishes,
)
from handlers.recognition import (
    channel_digest,
    exports,
    kudos,
    managers,
    personal,
    saved,
    sponsors,
    tellers,
    thanking,
    worked,
)
from handlers.routes import Route
from handlers.workspaces import OneWorkspace, Workspaces
from storage.database import Sessions

# What the bot does. A feature listens to Slack (`register`), delivers what is owed (`KINDS`),
# answers programs (`ROUTES`), or several of these. The order of their listeners does not matter:
# matchers let one through. That of what looks at every request does: a channel that turns out to
# be private is closed before anything else, and most of what comes is talk, which nobody but
# `messages` has to look at.
FEATURES: tuple[Any, ...] = (
    *(
        channels,
        messages,
        people,
        capture,
        ask,
        reading,
        catch_up,
        solutions,
        judging,
        marking,
        suggestions,
        merging,
        moving,
        parting,
        posted,
        unsure,
        forms,
    ),
    *(quoting, splitting, closing, elsewhere, me_too, untaken, wishes, nameless, gist_replies),
    *(experts, topics, topic_window, availability, calendars, presence),
    *(cards, claims, offer_notes, nudges, proposals, invitations, assistants),
    *(hints, newcomers, hand_offs, stuck),
    *(find, gists, pane, reuse, reviews, faqs, faq_posts),
    *(
        kudos,
        channel_digest,
        personal,
        managers,
        tellers,
        exports,
        thanking,
        sponsors,
        worked,
        saved,
    ),
    *(tokens, webhooks, seeing, acts, measures),
    drafts,
    *(my_data, staying_out, erasing, retention, audit),
    *(history, imports, checking, writing),
    *(home, set_up, settings, lists),
    *(health, talk, gaps, trainings, undelivered, askaround),
    leaving,
)
Doctor = set_up.Doctor
KINDS: dict[str, Deliver[str]] = dict(
    delivery for feature in FEATURES for delivery in getattr(feature, "KINDS", ())
)
ROUTES: tuple[Route, ...] = tuple(
    route for feature in FEATURES for route in getattr(feature, "ROUTES", ())
)


def build_app(
    *,
    client: Any,
    signing_secret: str,
    identity: AuthorizeResult | Workspaces,
    sessions: Sessions,
    clock: Callable[[], datetime],
    helpdesk_networks: Networks = (),
    vault: Vault | None = None,
    doctor: Doctor | None = None,
    model: Model | None = None,
    api_url: str = "",
) -> AsyncApp:
    """The Bolt app with every listener. `identity`: who the bot is, from one auth.test; or in each
    of many workspaces. `doctor`: what it finds out of itself, for admins who ask. `model`: puts
    short answers together. `api_url`: where people's programs reach it; empty where they do not."""
    workspaces = OneWorkspace(None, identity) if isinstance(identity, AuthorizeResult) else identity

    async def authorize(
        context: AsyncBoltContext, enterprise_id: str | None, team_id: str | None
    ) -> AuthorizeResult | None:
        # Bolt's own calls auth.test, and while Slack is slow it answers 200 and drops the event.
        return await workspaces.authorize(context, enterprise_id, team_id)

    app = AsyncApp(
        name="askaround",  # else Bolt reads the source of all that called it, to find one
        client=client,
        signing_secret=signing_secret,
        authorize=cast(Callable[..., Awaitable[AuthorizeResult]], authorize),  # or None
        # Acknowledge after the listener: what is acknowledged is committed.
        process_before_response=True,
        # What nobody listens to is answered by handlers/errors.
        raise_error_for_unhandled_request=True,
        # What only apps with functions, or that talk as an agent, have a use for.
        attaching_function_token_enabled=False,
        attaching_conversation_kwargs_enabled=False,
    )
    app.middleware(response_urls.Gate(client.base_url))
    doctor = doctor or without_doctor
    app.middleware(
        Inject(sessions, clock, helpdesk_networks, vault, doctor, model, workspaces, api_url)
    )
    register_all(app)
    return app


class Inject(AsyncMiddleware):
    """What every listener may ask for by name. A class, because Bolt collects all that a function
    could want anew for each message."""

    def __init__(
        self,
        sessions: Sessions,
        clock: Callable[[], datetime],
        helpdesk_networks: Networks,
        vault: Vault | None,
        doctor: Doctor,
        model: Model | None,
        workspaces: Workspaces,
        api_url: str,
    ) -> None:
        self.sessions, self.clock, self.doctor, self.model = sessions, clock, doctor, model
        self.workspaces = workspaces
        self.helpdesk_networks, self.vault = helpdesk_networks, vault
        self.started_at, self.api_url = clock(), api_url

    async def async_process(
        self,
        *,
        req: AsyncBoltRequest,
        resp: BoltResponse,
        next: Callable[[], Awaitable[Any]],
    ) -> None:
        context = req.context
        context["sessions"] = self.sessions
        context["clock"] = self.clock
        context["helpdesk_networks"] = self.helpdesk_networks
        context["doctor"] = self.doctor
        context["workspaces"] = self.workspaces
        context["model"] = self.model
        context["started_at"] = self.started_at
        context["api_url"] = self.api_url
        date(req.body, self.clock())
        context["vault"] = self.vault
        pressed = pressed_of(req.body, team_of(context), self.clock)
        context["pressed"] = await put_on(pressed, req.body, context)
        await next()


async def without_doctor(team_id: str) -> list[tuple[bool, str]]:
    """Nothing is known."""
    return []


def register_all(app: AsyncApp) -> None:
    for feature in FEATURES:
        if hasattr(feature, "register"):
            feature.register(app)
    errors.register(app)
    # Last, because the first that matches is taken. An event that nobody listens to would be
    # answered 404, and Slack would send it again.
    app.event(re.compile(".*"))(on_anything_else)


async def on_anything_else() -> None:
    """Nothing for us."""
