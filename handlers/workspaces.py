"""To whom the bot speaks: the one workspace whose token it was given, or each of the many that
installed it, with the token that this one gave.

What is told of an installation is kept for a while. It is looked at again when its token is about
to expire or Slack does not take it: another replica may have got the next one."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot.installations import Installed, find, is_joined, join
from bot.vault import Vault
from handlers.masks import Unmasking
from handlers.payloads import Identity
from handlers.slack import Slack, shared_pace
from storage.database import Sessions

LOOKED_AT_AGAIN = timedelta(minutes=1)  # where none was found, or its token is about to expire
NEARLY = timedelta(minutes=90)  # before a token expires: by then the next one is there

OpenClient = Callable[[str, str], AsyncWebClient]  # by a token and a workspace's id


class Workspaces(Protocol):
    """`is_one`: there is one workspace, so that what is wrong with it is wrong with all."""

    is_one: bool

    async def slack_of(self, team_id: str) -> Slack | None:
        """To speak to this workspace; None where the bot is not installed."""

    async def renew(self, team_id: str) -> bool:
        """Slack does not take the token: look whether there is another; False where the bot is not
        installed any more."""

    async def authorize(
        self, context: AsyncBoltContext, enterprise_id: str | None, team_id: str | None
    ) -> AuthorizeResult | None:
        """By whose token an event is answered. Raises what is not an error of Slack's where it
        cannot be known: None and Slack's errors are answered 200, and the event is gone."""


class OneWorkspace:
    is_one = True

    def __init__(self, slack: Slack | None, identity: AuthorizeResult) -> None:
        self.slack, self.identity = slack, identity
        self.team_id = identity.team_id or ""

    async def slack_of(self, team_id: str) -> Slack | None:
        return self.slack

    async def renew(self, team_id: str) -> bool:
        return True

    async def authorize(
        self, context: AsyncBoltContext, enterprise_id: str | None, team_id: str | None
    ) -> AuthorizeResult | None:
        return self.identity


@dataclass
class Known:
    """What was found, and until when that is taken for true."""

    slack: Slack | None
    identity: AuthorizeResult | None
    until: datetime | None  # None: as long as Slack takes it

    def is_true(self, now: datetime) -> bool:
        return self.until is None or now < self.until


NOWHERE = Known(None, None, None)


class ManyWorkspaces:
    is_one = False

    def __init__(
        self,
        sessions: Sessions,
        install_vault: Vault,
        asking_vault: Vault | None,
        open_client: OpenClient,
        clock: Callable[[], datetime],
    ) -> None:
        self.sessions, self.install_vault, self.asking_vault = sessions, install_vault, asking_vault
        self.open_client, self.clock = open_client, clock
        self._known: dict[str, Known] = {}

    async def slack_of(self, team_id: str) -> Slack | None:
        return (await self._look(team_id, None)).slack

    async def renew(self, team_id: str) -> bool:
        return (await self._look(team_id, None, again=True)).slack is not None

    async def authorize(
        self, context: AsyncBoltContext, enterprise_id: str | None, team_id: str | None
    ) -> AuthorizeResult | None:
        known = await self._look(team_id or "", enterprise_id)
        if known.identity is None:  # it may have been installed a moment ago
            known = await self._look(team_id or "", enterprise_id, again=True)
        return known.identity

    async def _look(self, team_id: str, enterprise_id: str | None, *, again: bool = False) -> Known:
        now = self.clock()
        known = self._known.get(team_id)
        if known is not None and not again and known.is_true(now):
            return known
        async with self.sessions.read() as session:
            installed = await find(session, self.install_vault, team_id, enterprise_id)
            is_here = installed is not None and await is_joined(session, team_id)
        if installed is not None and installed.is_org_wide and not is_here and enterprise_id:
            await self._join(installed, team_id)  # the organisation added this workspace
            is_here = True
        if installed is None or not is_here:
            self._known[team_id] = Known(None, None, now + LOOKED_AT_AGAIN)
            return NOWHERE
        self._known[team_id] = self._open(installed, team_id, known, now)
        return self._known[team_id]

    async def _join(self, installed: Installed, team_id: str) -> None:
        async with self.sessions.begin() as session:
            await join(session, installed, team_id, now=self.clock())

    def _open(
        self, installed: Installed, team_id: str, known: Known | None, now: datetime
    ) -> Known:
        token, expires_at = installed.tokens.token, installed.tokens.expires_at
        slack = known.slack if known is not None else None
        if slack is None:
            slack = Slack(self.open_client(token, team_id), self.clock)
            slack.whose = Unmasking(self.sessions, self.asking_vault, team_id)
            if self.sessions.is_shared:
                slack.take_turn = shared_pace(self.sessions, team_id)
        slack.client.token = token  # its gates and its pace stay as they are
        slack.bot_user_id = installed.bot_user_id
        slack.identity = Identity(team_id, installed.enterprise_id, installed.bot_user_id)
        identity = AuthorizeResult(
            enterprise_id=installed.enterprise_id,
            team_id=team_id,
            bot_user_id=installed.bot_user_id,
            bot_id=installed.bot_id,
            bot_token=token,
        )
        until = max(expires_at - NEARLY, now + LOOKED_AT_AGAIN) if expires_at else None
        return Known(slack, identity, until)
