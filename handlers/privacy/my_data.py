"""My data: what is kept of a person, for themselves. From App Home and by `/askaround me`."""

from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.kinds import MY_DATA_FILES
from bot.outbox import Owed
from bot.privacy.my_data import as_lines, get_my_data, in_pages, list_rows, take_along
from handlers.blocks.privacy.my_data import (
    COMES,
    HERE_IT_IS,
    MY_DATA,
    NOTHING_KEPT,
    TAKE,
    my_data_modal,
    readable_page,
)
from handlers.blocks.text import note_modal, sentence
from handlers.outbox import Note, delivers
from handlers.pressed import Pressed
from handlers.slack import File, Slack
from storage.database import Sessions


def register(app: AsyncApp) -> None:
    app.action(MY_DATA)(on_my_data)
    app.action(TAKE)(on_take)


async def on_my_data(
    ack: Any, pressed: Pressed, client: AsyncWebClient, sessions: Sessions
) -> None:
    await open_my_data(pressed, client, sessions)
    await ack()


async def open_my_data(pressed: Pressed, client: AsyncWebClient, sessions: Sessions) -> None:
    async with sessions.read() as session:
        mine = await get_my_data(session, **pressed.who)
    await client.views_open(trigger_id=pressed.trigger_id, view=my_data_modal(mine))


async def on_take(ack: Any, pressed: Pressed, client: AsyncWebClient, sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await take_along(session, **pressed.who, now=pressed.now)
    await client.views_push(trigger_id=pressed.trigger_id, view=note_modal(COMES))
    await ack()


async def send_my_data(owed: Owed[str], slack: Slack, sessions: Sessions) -> Note | None:
    who = {"team_id": owed.team_id, "user_id": owed.subject}
    async with sessions.read() as session:
        rows = await list_rows(session, **who)
    name = next((row["name"] for table, row in rows if table == "people"), owed.subject)
    lines, pages = as_lines(rows), in_pages(rows)
    files = [
        *(
            File(
                numbered("my-data", number, len(pages), "html"),
                numbered("My data", number, len(pages)),
                readable_page(name, page, part=number, parts=len(pages)).encode(),
            )
            for number, page in enumerate(pages, 1)
        ),
        *(
            File(
                numbered("my-data", number, len(lines), "jsonl"),
                numbered("My data as JSON lines", number, len(lines)),
                part,
            )
            for number, part in enumerate(lines, 1)
        ),
    ]
    await slack.send_files(
        key=owed.key,
        is_uncertain=owed.is_uncertain,
        user_id=owed.subject,
        files=files,
        **sentence(HERE_IT_IS if files else NOTHING_KEPT),
    )
    return None


def numbered(name: str, number: int, of: int, ending: str = "") -> str:
    """my-data-2-of-3.jsonl; without a number where there is one part alone."""
    joint = "-" if ending else " "
    part = f"{joint}{number}{joint}of{joint}{of}" if of > 1 else ""
    return f"{name}{part}" + (f".{ending}" if ending else "")


KINDS = (delivers(MY_DATA_FILES, send_my_data),)
