"""Solved questions like one that is asked, as its asker can find them: searched once, for what
the asker is shown and for who is likely to know."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from bot.text import headline, plain
from storage import search
from storage.search import Hit, Search
from storage.tables import Question

LOOKED_AT = 100


async def find_alike(session: AsyncSession, question: Question) -> Sequence[Hit]:
    hits = await search.find(
        session,
        team_id=question.team_id,
        user_id=question.asker_id,
        search=search_of(question),
        limit=LOOKED_AT,
    )
    return [hit for hit in hits if hit.question_id != question.id]


def search_of(question: Question) -> Search:
    return Search(lines_of(question.text))


def lines_of(written: str) -> str:
    """What a question says, its headline first: that counts most."""
    text = plain(written)
    first = headline(text)
    return f"{first}\n{text.replace(first, '', 1)}"
