"""What was found, and what is shared of it."""

from bot.finding.find import Results
from handlers.blocks.finding.find import results_modal, results_page, search_modal
from handlers.blocks.finding.reuse import shared
from storage.search import Search
from tests.handlers.blocks.conftest import URL, found


def results(text: str, number: int) -> Results:
    return Results(text, Search(text), (found(text),) * number, 50 if number else 0, 0)


MESSAGES = {
    "nothing found": lambda text: results_page(results(text, 0), URL),
    "results": lambda text: results_page(results(text, 5), URL),
    "outdated result": lambda text: shared("U1", found(text, is_outdated=True), URL),
    "doubted result": lambda text: shared("U1", found(text, is_doubted=True), URL),
}

VIEWS = [
    lambda _: search_modal(),
    lambda text: results_modal(results(text, 5), URL),
    lambda text: results_modal(results(text, 0), URL),
]
