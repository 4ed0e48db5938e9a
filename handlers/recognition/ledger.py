"""/askaround kudos @person: why anything counted, for admins."""

from bot.recognition.ledger import list_entries
from bot.workspaces import get_url
from handlers.blocks.recognition.ledger import HOW_TO, ledger_page
from handlers.blocks.text import Block, sentence
from handlers.pressed import Pressed
from handlers.recognition.kudos import PERSON
from storage.database import Sessions


async def show_ledger(pressed: Pressed, sessions: Sessions) -> Block:
    named = PERSON.search(pressed.value)
    if named is None:
        return sentence(HOW_TO)
    receiver_id = named.group(1)
    async with sessions.read() as session:
        entries = await list_entries(
            session,
            team_id=pressed.team_id,
            receiver_id=receiver_id,
            viewer_id=pressed.user_id,
        )
        url = await get_url(session, pressed.team_id)
    return ledger_page(receiver_id, entries, url)
