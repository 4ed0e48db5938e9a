"""How a community does, for programs of those who may see that in App Home."""

from bot.access.tokens import HEALTH
from bot.community.health import get_health, list_by_topic
from bot.people import is_admin
from bot.rights import check_may_act
from handlers.blocks.community import measures as shown
from handlers.routes import Asked, Json, Route


async def on_health(asked: Asked) -> Json:
    async with asked.sessions.read() as session:
        await check_may_act(session, **asked.who)
        parts = await list_by_topic(session, **asked.who)
        if await is_admin(session, **asked.who):
            whole = await get_health(session, **asked.who)
            parts = [*(whole.parts if whole else ()), *parts]
    return {"parts": [shown.health_part(each) for each in parts]}


ROUTES = (
    Route(
        *("GET", "/health", "readHealth"),
        "How the community does: for admins the workspace and its topics, for sponsors their "
        "topics.",
        HEALTH,
        on_health,
        ("Health", shown.HEALTH),
    ),
)
