"""`app.py mcp`: the MCP server over stdin and stdout, for whose token the environment has."""

from collections.abc import Callable, Mapping
from contextlib import aclosing
from datetime import datetime

from bot.settings import BadSetting, read_database_url
from handlers import logs
from handlers.assistants.mcp import for_stdio
from storage.database import open_sessions
from storage.migrate import migrate

TOKEN = "ASKAROUND_TOKEN"


async def serve(environ: Mapping[str, str | None], clock: Callable[[], datetime]) -> int:
    """Until stdin ends. Nothing but MCP is written to stdout; what goes wrong, to stderr."""
    secret = (environ.get(TOKEN) or "").strip()
    if not secret:
        raise BadSetting(f"{TOKEN} is missing: make a token in App Home, and set it to that.")
    logs.set_up("WARNING")
    database_url = read_database_url(environ)
    await migrate(database_url)
    async with aclosing(open_sessions(database_url)) as sessions:
        await for_stdio(sessions, clock, secret).run_stdio_async()
    return 0
