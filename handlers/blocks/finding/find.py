"""What a search shows, to the person who searched only: in a message or in a modal."""

import json

from bot.finding.find import RANKED, Result, Results
from bot.text import cut, plain
from handlers.blocks.files import file_line, is_named
from handlers.blocks.text import (
    NAME_SHOWN,
    Block,
    actions,
    button,
    context,
    count,
    date,
    divider,
    escape,
    inline,
    link,
    marked_quote,
    mention,
    message,
    permalink,
    plain_text,
    section,
)

MORE, ASK, SEARCH = "find_more", "ask_instead", "open_search"
HELPED, SHARE, DOUBT = "helped_me", "share_here", "no_longer_works"
CALLBACK = "search"
MAX_WORDS = 300  # characters; in JSON each may take six, and a button's value holds 2,000
HOW_TO = (
    "Narrow it with `topic:customs`, `from:@maria`, `in:#logistics`, `solved:2026-03`, "
    'or "words in quotes".'
)


def results_page(results: Results, workspace_url: str, *, in_modal: bool = False) -> Block:
    if not results.results:
        return nothing_found(results)
    text = heading(results)
    blocks = [section(text)]
    for result in results.results:
        blocks += [divider(), *result_blocks(result, workspace_url)]
        blocks.append(result_buttons(result, in_modal=in_modal))
    return message(text, [*blocks, divider(), foot(results), context(HOW_TO)])


def heading(results: Results) -> str:
    is_cut = results.total >= RANKED
    found = f"The best {RANKED}" if is_cut else count(results.total, "solved question")
    first, last = results.offset + 1, results.offset + len(results.results)
    shown = f", {first} to {last}" if results.total > len(results.results) else ""
    return f"{found} for “{inline(results.words, 80)}”{shown}:"


def result_blocks(result: Result, workspace_url: str) -> list[Block]:
    asked = result.link or permalink(workspace_url, result.channel_id, result.thread_ts)
    return [
        section(f"*{link(asked, result.question, 200)}*"),
        *file_line(result.files),
        *solution_blocks(result),
        context(evidence(result, workspace_url)),
    ]


def solution_blocks(result: Result) -> list[Block]:
    files = result.solution_files
    is_wordless = is_named(result.solution, files)
    return [*([] if is_wordless else [marked_quote(result.snippet)]), *file_line(files)]


def evidence(result: Result, workspace_url: str) -> str:
    """Who solved it, when, how often it helped, where, and whether it still holds."""
    thread_ts = result.solution_thread_ts or result.thread_ts
    solved = permalink(workspace_url, result.channel_id, result.solution_ts, thread_ts)
    author = mention(result.author_id)
    if result.author_name is not None:
        author = inline(result.author_name, NAME_SHOWN) or mention(result.author_id)
    parts = [author, date(result.solved_at)]
    if result.helped:
        parts.append(f"helped {count(result.helped, 'person', 'people')}")
    if solved:
        parts.append(f"<{solved}|the reply>")
    if result.is_unconfirmed:
        parts.append("from the archive, not confirmed")
    if result.is_outdated:
        parts.insert(0, ":warning: *Outdated*")
    elif result.is_doubted:
        parts.insert(0, ":warning: Somebody says that it no longer works")
    elif result.confirmed_at is not None:
        parts.append(f"confirmed {date(result.confirmed_at)}")
    return " · ".join(parts)


def result_buttons(result: Result, *, in_modal: bool) -> Block:
    value = result.question_id
    buttons = [button("Helped me", HELPED, value)]
    if not in_modal:  # a modal is in no channel
        buttons.append(button("Share here", SHARE, value))
    if not (result.is_outdated or result.is_doubted):
        buttons.append(button("No longer works", DOUBT, value))
    return actions(*buttons)


def foot(results: Results) -> Block:
    words = to_search_again(results.words)
    ask = button("Ask the experts", ASK, words)
    if not results.has_more:
        return actions(ask)
    next_page = json.dumps({"words": words, "offset": results.offset + len(results.results)})
    return actions(button("Show more", MORE, next_page), ask)


def to_search_again(words: str) -> str:
    """The words for a button's value, without live markup."""
    return cut(escape(plain(words)), MAX_WORDS)


def nothing_found(results: Results) -> Block:
    words = inline(results.words, 80)
    if not words:
        text = "Say what to look for: `/find customs form rejected`"
        return message(text, [section(text), context(HOW_TO)])
    text = f"Nothing solved yet for “{words}”. Ask, and the next person finds it."
    ask = button("Ask the experts", ASK, to_search_again(results.words), style="primary")
    return message(text, [section(text), actions(ask)])


def search_modal() -> Block:
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "title": plain_text("Find solved questions"),
        "submit": plain_text("Find"),
        "close": plain_text("Cancel"),
        "blocks": [
            {
                "type": "input",
                "block_id": "words",
                "label": plain_text("What are you looking for?"),
                "element": {
                    "type": "plain_text_input",
                    "action_id": "value",
                    "max_length": MAX_WORDS,
                    "focus_on_load": True,
                    "placeholder": plain_text("customs form rejected"),
                },
            },
            context(HOW_TO),
        ],
    }


def results_modal(results: Results, workspace_url: str) -> Block:
    return {
        "type": "modal",
        "title": plain_text("Solved questions"),
        "close": plain_text("Close"),
        "blocks": results_page(results, workspace_url, in_modal=True)["blocks"],
    }
