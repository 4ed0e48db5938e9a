"""Who asked without a name acts by buttons that name their mask, and is written to by it.

A button's value can be forged: whoever presses one that names a mask acts by it only where they
are behind it. What they are answered with names the mask again, so that it goes on."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import uuid4

from slack_bolt.async_app import AsyncBoltContext

from bot.masks import acts_as, whose
from bot.text import is_mask
from bot.vault import Vault
from handlers.blocks.masks import MARKED, marked, mask_of
from handlers.payloads import Payload, text_of
from handlers.pressed import Pressed
from storage.database import Sessions

VIEWS = ("views_open", "views_push", "views_update")


def named_in(body: Payload) -> str:
    """The mask that a pressed button or a modal names; empty where it is none."""
    match body:
        case {"type": "block_actions", "actions": [{"block_id": block_id}, *_]}:
            return mask_of(block_id)
        case {"type": "view_submission", "view": view}:
            return mask_of(text_of(view.get("external_id")))
    return ""


async def put_on(
    pressed: Pressed | None, body: Payload, context: AsyncBoltContext
) -> Pressed | None:
    """The press as that of the mask, where who pressed is behind it."""
    mask = named_in(body)
    if pressed is None or not is_mask(mask):
        return pressed
    sessions: Sessions = context["sessions"]
    async with sessions.read() as session:
        is_theirs = await acts_as(
            session, context["vault"], team_id=pressed.team_id, mask=mask, user_id=pressed.user_id
        )
    if not is_theirs:
        return pressed
    if context.client is not None:
        context["client"] = MaskedClient(context.client, mask)
    if context.respond is not None:
        context["respond"] = masked_respond(context.respond, mask)
    return replace(pressed, user_id=mask)


class MaskedClient:
    """Bolt's client, whose windows name the mask."""

    def __init__(self, client: Any, mask: str) -> None:
        self._client, self._mask = client, mask

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._client, name)
        if name not in VIEWS:
            return method

        async def show(*, view: Payload, **how: Any) -> Any:
            return await method(view={**view, "external_id": external_id(self._mask)}, **how)

        return show


def external_id(mask: str) -> str:
    """Slack wants it to be another one each time."""
    return f"{MARKED}{mask}:{uuid4().hex[:8]}"


def masked_respond(respond: Callable[..., Any], mask: str) -> Callable[..., Any]:
    async def answer(**message: Any) -> Any:
        return await respond(**marked(message, mask))

    return answer


class Unmasking:
    """Whom a message to a mask goes to."""

    def __init__(self, sessions: Sessions, vault: Vault | None, team_id: str) -> None:
        self.sessions, self.vault, self.team_id = sessions, vault, team_id

    async def __call__(self, mask: str) -> str | None:
        async with self.sessions.read() as session:
            return await whose(session, self.vault, team_id=self.team_id, mask=mask)
