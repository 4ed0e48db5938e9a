"""Tokens that expire: the next one is got before, by one replica at a time."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from slack_sdk.web.async_client import AsyncWebClient

from bot.installations import Expiring, Tokens, claim_expiring, note_replaced, seal_anew
from bot.vault import Vault
from handlers.logs import named
from handlers.slack import NotNow, Refused, Slack, Unclear
from storage.database import Sessions

LOOK_EVERY = 60.0  # seconds

logger = logging.getLogger("askaround.turning")


class Turning:
    """`client`: without a token; these calls are let in by the app's id and secret."""

    def __init__(
        self,
        sessions: Sessions,
        vault: Vault,
        client: AsyncWebClient,
        clock: Callable[[], datetime],
        *,
        client_id: str,
        client_secret: str,
    ) -> None:
        self.sessions, self.vault, self.clock = sessions, vault, clock
        self.slack = Slack(client, clock)
        self.app = {"client_id": client_id, "client_secret": client_secret}

    async def run(self) -> None:
        while True:
            try:
                await self.turn_all()
            except Exception as error:  # the database is away: the next look is soon
                logger.warning("Tokens could not be looked at: %s", named(error))
            await asyncio.sleep(LOOK_EVERY)

    async def seal_anew(self) -> None:
        """After a new key was put in front."""
        async with self.sessions.begin() as session:
            done = await seal_anew(session, self.vault)
        if done:
            logger.info("The tokens of %d workspaces are sealed with the newest key now.", done)

    async def turn_all(self) -> int:
        """Get the next of each token that expires soon; how many."""
        done = 0
        while True:
            async with self.sessions.begin() as session:
                expiring = await claim_expiring(session, self.vault, now=self.clock())
            if not expiring:
                return done
            done += sum(await asyncio.gather(*(self._turn(each) for each in expiring)))

    async def _turn(self, expiring: Expiring) -> bool:
        try:
            answer = await self.slack.ask_as_app(
                "oauth.v2.access",
                **self.app,
                grant_type="refresh_token",
                refresh_token=expiring.refresh,
            )
        except Refused as refusal:
            logger.error(
                "%s gets no new token (%s): have Askaround installed there again.",
                expiring.team_id,
                refusal,
            )
            return False
        except (Unclear, NotNow) as problem:
            logger.warning("%s gets no new token yet: %s", expiring.team_id, problem)
            return False
        tokens = Tokens(
            token=str(answer["access_token"]),
            refresh=str(answer["refresh_token"]),
            expires_at=self.clock() + timedelta(seconds=int(answer["expires_in"])),
        )
        async with self.sessions.begin() as session:
            return await note_replaced(session, self.vault, expiring, tokens)
