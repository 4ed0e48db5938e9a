"""Some of what people keep asking, each month."""

from dataclasses import replace

from bot.community.gaps import A_MONTH, Gap, GapPage, Solved, Went, last_quarter
from handlers.blocks.community.gaps import month_message
from tests.handlers.blocks.conftest import AT


def page(text: str) -> GapPage:
    gap = Gap("code", (text or "x", text or "y"), 12, 9, Solved.HALF, Went.MORE, has_faq=False)
    return GapPage(last_quarter(AT), (replace(gap, topic=text[:80] or None),) * A_MONTH)


MESSAGES = {"gaps of a month": lambda text: month_message(page(text))}
