"""The MCP server: tools by which somebody's assistant finds and asks for them.

Each call shows a token of its person, and sees and does what they could in Slack at that moment.
No tool acts on what people wrote, and none posts anything by itself."""

import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from typing import Annotated, Any

from mcp.server.auth.middleware.auth_context import get_access_token
from mcp.server.auth.provider import AccessToken, TokenVerifier
from mcp.server.auth.settings import AuthSettings
from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations
from pydantic import AnyHttpUrl, Field

from bot.access import seeing
from bot.access.tokens import ACT, FIND, Bearer, get_bearer, is_use_news, note_used
from bot.access.tokens import name_of as name_of_token
from bot.assistants.drafts import draft, get_draft
from bot.errors import SlackDoesNotSay, UserError
from bot.failures import new_reference
from bot.finding.reuse import note_helped
from bot.people import PEOPLE_STAY_FRESH
from bot.rights import check_may_act
from bot.workspaces import get_url
from handlers.access.limits import Limits
from handlers.blocks.access import problems
from handlers.blocks.assistants import telling
from handlers.blocks.assistants.telling import (
    ABOUT_ASK,
    ABOUT_CHECK,
    ABOUT_FIND,
    ABOUT_HELPFUL,
    ABOUT_READ,
    INSTRUCTIONS,
)
from handlers.blocks.text import escape
from storage.database import UNREACHABLE, Sessions

NAME = "askaround"
AT_ONCE, A_SECOND = 30, 2.0  # calls of a token
MOST_FOUND, USUAL_FOUND = 10, 5
LONGEST_WORDS, LONGEST_QUESTION, LONGEST_CHANNEL = 300, 3000, 80
READS = ToolAnnotations(read_only_hint=True, open_world_hint=False)
ASKS = ToolAnnotations(read_only_hint=False, destructive_hint=False, open_world_hint=False)
CREDITS = ToolAnnotations(
    read_only_hint=False, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)

logger = logging.getLogger("askaround.mcp")

Json = dict[str, Any]
Clock = Callable[[], datetime]
Meet = Callable[[str, str, datetime], Awaitable[bool]]  # a workspace, a person, and when
Words = Annotated[str, Field(description="What to look for.", max_length=LONGEST_WORDS)]
Limit = Annotated[int, Field(description="How many.", ge=1, le=MOST_FOUND)]
QuestionId = Annotated[int, Field(description="Its number.", ge=1, lt=2**53)]
DraftId = Annotated[int, Field(description="What ask_experts gave.", ge=1, lt=2**53)]
Question = Annotated[
    str,
    Field(description="The question, as a colleague would ask it.", max_length=LONGEST_QUESTION),
]
Channel = Annotated[
    str,
    Field(
        description="The channel to ask in, if your person named one; else I choose.",
        max_length=LONGEST_CHANNEL,
    ),
]


class Tools:
    """`whose`: the token that this call shows, if it holds. `meet`: asks Slack who somebody is and
    keeps what it says; False where it does not say, or nobody can ask it here."""

    def __init__(
        self,
        sessions: Sessions,
        clock: Clock,
        whose: Callable[[], Awaitable[Bearer | None]],
        meet: Meet,
    ) -> None:
        self.sessions, self.clock, self.whose, self.meet = sessions, clock, whose, meet
        self.limits = Limits(at_once=AT_ONCE, a_second=A_SECOND)

    async def find_solved(self, words: Words, limit: Limit = USUAL_FOUND) -> Json:
        async with self.let_in(FIND) as bearer, self.sessions.read() as session:
            found = await seeing.search(
                session, **who(bearer), words=escape(words), limit=limit, now=self.clock()
            )
            return telling.found_told(found, await get_url(session, bearer.team_id))

    async def read_question(self, question_id: QuestionId) -> Json:
        async with self.let_in(FIND) as bearer, self.sessions.read() as session:
            question = await seeing.read_question(session, **who(bearer), question_id=question_id)
            return telling.question_told(question, await get_url(session, bearer.team_id))

    async def ask_experts(self, question: Question, channel: Channel = "") -> Json:
        async with self.let_in(ACT) as bearer, self.sessions.begin() as session:
            new = await draft(
                session,
                **who(bearer),
                assistant=await name_of_token(session, bearer),
                text=escape(question),
                channel=escape(channel),
                now=self.clock(),
            )
            return telling.draft_told(new)

    async def check_answer(
        self, draft_id: DraftId | None = None, question_id: QuestionId | None = None
    ) -> Json:
        if (draft_id is None) == (question_id is None):
            raise ToolError(telling.GIVE_ONE)
        async with self.let_in(FIND) as bearer, self.sessions.read() as session:
            told: Json = {}
            if draft_id is not None:
                found = await get_draft(session, **who(bearer), draft_id=draft_id)
                told, question_id = telling.draft_told(found), found.question_id
            if question_id is None:
                return told
            question = await seeing.read_question(session, **who(bearer), question_id=question_id)
            url = await get_url(session, bearer.team_id)
            return {**telling.question_told(question, url), **told}

    async def mark_helpful(self, question_id: QuestionId) -> Json:
        async with self.let_in(ACT) as bearer, self.sessions.begin() as session:
            await check_may_act(session, **who(bearer))
            credited = await note_helped(
                session, **who(bearer), question_id=question_id, now=self.clock()
            )
            names = await seeing.names_for(session, bearer.team_id, credited, ())
            told = [telling.neutral(names.person(each).name) for each in credited]
            return {"question_id": question_id, "credited": told}

    @contextlib.asynccontextmanager
    async def let_in(self, scope: str) -> AsyncIterator[Bearer]:
        """Whom this call is for. What goes wrong is told in a sentence."""
        bearer = await self.whose()
        if bearer is None:
            raise ToolError(telling.HOLDS_NO_MORE)
        if self.limits.take(str(bearer.token_id)).is_over:
            raise ToolError(telling.TOO_OFTEN)
        if scope not in bearer.scopes:
            raise ToolError(telling.NEEDS[scope])
        if not await self.is_fresh(bearer, self.clock()):
            raise ToolError(problems.told(SlackDoesNotSay()))
        try:
            yield bearer
        except ToolError:
            raise
        except UserError as error:
            raise ToolError(problems.told(error)) from error
        except Exception as error:
            reference = new_reference()
            logger.error("A tool failed, reference %s", reference, exc_info=error)
            raise ToolError(problems.failed(reference)) from error

    async def is_fresh(self, bearer: Bearer, now: datetime) -> bool:
        """Whether Slack told lately who they are: what they may see depends on it."""
        if bearer.known_at >= now - PEOPLE_STAY_FRESH:
            return True
        return await self.meet(bearer.team_id, bearer.user_id, now)


def who(bearer: Bearer) -> dict[str, Any]:
    return {"team_id": bearer.team_id, "user_id": bearer.user_id}


class Holding(AccessToken):
    """A token that holds, and whose it is."""

    bearer: Bearer


class Verifier(TokenVerifier):
    """Looks at a token at each request: what ended a moment ago holds no more."""

    def __init__(self, sessions: Sessions, clock: Clock) -> None:
        self.sessions, self.clock = sessions, clock

    async def verify_token(self, token: str) -> Holding | None:
        bearer = await look_up(self.sessions, token, self.clock())
        if bearer is None:
            return None
        return Holding(
            token=token,
            client_id=str(bearer.token_id),
            subject=bearer.user_id,
            scopes=sorted(bearer.scopes),
            bearer=bearer,
        )


async def look_up(sessions: Sessions, secret: str, now: datetime) -> Bearer | None:
    async with sessions.read() as session:
        bearer = await get_bearer(session, secret.strip(), now=now)
    if bearer is not None and is_use_news(bearer, now):
        with contextlib.suppress(*UNREACHABLE):  # to look is more than to note it
            async with sessions.begin() as session:
                await note_used(session, bearer, now=now)
    return bearer


async def whose_request() -> Bearer | None:
    """Over HTTP the token came with the request, and was looked at."""
    shown = get_access_token()
    return shown.bearer if isinstance(shown, Holding) else None


def build_server(tools: Tools, **how: Any) -> MCPServer[Any]:
    """The server with its tools, for either transport."""
    server: MCPServer[Any] = MCPServer(NAME, instructions=INSTRUCTIONS, **how)
    for tool, about, annotations in (
        (tools.find_solved, ABOUT_FIND, READS),
        (tools.read_question, ABOUT_READ, READS),
        (tools.ask_experts, ABOUT_ASK, ASKS),
        (tools.check_answer, ABOUT_CHECK, READS),
        (tools.mark_helpful, ABOUT_HELPFUL, CREDITS),
    ):
        server.add_tool(tool, description=about, annotations=annotations)
    return server


def for_http(sessions: Sessions, clock: Clock, meet: Meet, address: str) -> MCPServer[Any]:
    """`address`: where programs reach it."""
    auth = AuthSettings(issuer_url=AnyHttpUrl(address), resource_server_url=None)
    verifier = Verifier(sessions, clock)
    tools = Tools(sessions, clock, whose_request, meet)
    return build_server(tools, auth=auth, token_verifier=verifier)


def for_stdio(sessions: Sessions, clock: Clock, secret: str) -> MCPServer[Any]:
    """For one person, whose token the environment has. The bot that runs keeps what it knows of
    them fresh; where it does not run, nothing is told for long."""

    async def whose() -> Bearer | None:
        return await look_up(sessions, secret, clock())

    async def meet(team_id: str, user_id: str, now: datetime) -> bool:
        return False

    return build_server(Tools(sessions, clock, whose, meet))
