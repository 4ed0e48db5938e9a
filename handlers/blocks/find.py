"""What /find shows, to the person who searched only."""

import json

from bot.find import Result, Results
from bot.text import plain
from handlers.blocks.text import (
    Block,
    actions,
    button,
    context,
    count,
    date,
    divider,
    inline,
    link,
    mention,
    message,
    permalink,
    quote,
    section,
)

MORE, ASK = "find_more", "ask_instead"
MAX_WORDS = 300  # characters; in JSON each may take six, and a button's value holds 2,000


def results_page(results: Results, workspace_url: str) -> Block:
    words = inline(results.words, 80)
    if not results.results:
        return nothing_found(results, words)
    first = results.offset + 1
    last = results.offset + len(results.results)
    found = count(results.total, "solved question")
    shown = f", {first} to {last}" if results.total > len(results.results) else ""
    text = f"{found} for “{words}”{shown}:"
    blocks = [section(text)]
    for result in results.results:
        blocks += [divider(), *result_blocks(result, workspace_url)]
    return message(text, [*blocks, divider(), foot(results)])


def result_blocks(result: Result, workspace_url: str) -> list[Block]:
    asked = permalink(workspace_url, result.channel_id, result.thread_ts)
    solved = permalink(workspace_url, result.channel_id, result.solution_ts, result.thread_ts)
    helped = f" · helped {count(result.helped, 'person', 'people')}" if result.helped else ""
    reply = f" · <{solved}|the reply>" if solved else ""
    return [
        section(f"*{link(asked, result.question, 200)}*"),
        quote(result.solution, most=350),
        context(f"{mention(result.author_id)}, {date(result.solved_at)}{helped}{reply}"),
    ]


def foot(results: Results) -> Block:
    words = plain(results.words)[:MAX_WORDS]
    ask = button("Ask the experts", ASK, words)
    if not results.has_more:
        return actions(ask)
    next_page = json.dumps({"words": words, "offset": results.offset + len(results.results)})
    return actions(button("Show more", MORE, next_page), ask)


def nothing_found(results: Results, words: str) -> Block:
    if not words:
        text = "Say what to look for: `/find customs form rejected`"
        return message(text, [section(text)])
    text = f"Nothing solved yet for “{words}”. Ask, and the next person finds it."
    ask = button("Ask the experts", ASK, plain(results.words)[:MAX_WORDS], style="primary")
    return message(text, [section(text), actions(ask)])
