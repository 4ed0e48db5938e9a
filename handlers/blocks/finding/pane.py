"""What somebody reads who asks the bot in plain words, in their own conversation with it."""

from collections.abc import Sequence

from bot.finding.find import RANKED, Results
from bot.finding.gists import Gist
from bot.text import clip
from handlers.blocks.finding.find import ASK, result_blocks, result_buttons, to_search_again
from handlers.blocks.finding.gists import gist_blocks, gist_twin
from handlers.blocks.text import (
    Block,
    actions,
    button,
    context,
    divider,
    inline,
    message,
    section,
)

PROMPTS_TITLE = "Asked here before"
PROMPT_SHOWN, PROMPT_LIMIT = 60, 300  # characters of its button, and of what it sends
LOOKING = "is looking through solved answers…"
RESULTS_SHOWN = 3
NOT_IT = "Not what you need? One press asks the people who know."
HOW_IT_WORKS = (
    "Ask me in plain words, like a colleague. I show you what was solved before, as far as you may "
    "read it. If nothing fits, one press asks the people who know. What you write here stays "
    "between us."
)
ASKING_HOW = ("what can you do", "help")  # the first is the manifest's prompt
REACHES_ONLY_ME = (
    "What you write here reaches only me. To answer somebody, reply in the thread of their "
    "question."
)


def prompts_of(questions: Sequence[str]) -> list[dict[str, str]]:
    """Suggested prompts: pressed, one asks its question."""
    return [
        {"title": clip(each, PROMPT_SHOWN), "message": clip(each, PROMPT_LIMIT)}
        for each in questions
    ]


def found(
    results: Results, gist: Gist | None, workspace_url: str, *, may_reply: bool = False
) -> Block:
    """The short answer where there is one, the answers that it is from or that were found, and the
    people."""
    text = gist_twin(gist) if gist else heading(results)
    blocks = gist_blocks(gist, workspace_url, may_reply=may_reply) if gist else []
    blocks.append(section(heading(results)))
    for result in results.results[:RESULTS_SHOWN]:
        blocks += [divider(), *result_blocks(result, workspace_url)]
        blocks.append(result_buttons(result, in_modal=True))
    ask = button("Ask the experts", ASK, to_search_again(results.words), style="primary")
    return message(text, [*blocks, divider(), context(NOT_IT), actions(ask)])


def heading(results: Results) -> str:
    words = inline(results.words, 80)
    if results.total > RESULTS_SHOWN:
        most = f"{RANKED} or more" if results.total >= RANKED else str(results.total)
        return f"The best {RESULTS_SHOWN} of {most} solved questions about “{words}”:"
    if results.total == 1:
        return f"A solved question about “{words}”:"
    return f"{results.total} solved questions about “{words}”:"


def nothing_found(words: str) -> Block:
    text = (
        f"Nothing solved yet about “{inline(words, 80)}”, as far as you may read. "
        "Ask, and the next person finds it."
    )
    ask = button("Ask the experts", ASK, to_search_again(words), style="primary")
    return message(text, [section(text), actions(ask)])


def asks_how(words: str) -> bool:
    return words.casefold().strip(" ?!.") in ASKING_HOW


def how_it_works() -> Block:
    return message(HOW_IT_WORKS, [section(HOW_IT_WORKS)])


def reaches_only_me() -> Block:
    return message(REACHES_ONLY_ME, [section(REACHES_ONLY_ME)])
