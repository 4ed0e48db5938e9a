"""The conversation with the bot."""

from bot.finding.find import Results
from handlers.blocks.finding.pane import (
    found as found_block,
)
from handlers.blocks.finding.pane import how_it_works, nothing_found, prompts_of, reaches_only_me
from storage.search import Search
from tests.handlers.blocks.conftest import URL, found
from tests.handlers.blocks.finding.test_gists import gist


def results(text: str) -> Results:
    return Results(text, Search(text), (found(text),) * 5, 50, 0)


MESSAGES = {
    "found in the pane": lambda text: found_block(results(text), None, URL),
    "found in the pane, shortly": lambda text: found_block(
        results(text), gist(text), URL, may_reply=True
    ),
    "nothing found in the pane": lambda text: nothing_found(text),
    "how the pane works": lambda _: how_it_works(),
    "a reply to a note": lambda _: reaches_only_me(),
}


def test_prompts_are_short_and_ask_it_whole():
    asked = "How do I correct the tariff code of a form that was rejected on a Monday in Genoa?"

    [prompt] = prompts_of([asked])

    assert len(prompt["title"]) <= 60 and prompt["message"] == asked
