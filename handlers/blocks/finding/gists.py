"""A short answer that a language model put together: what it says, and where that is from."""

import json

from bot.finding.find import Result, Results
from bot.finding.gists import Gist, Sentence
from bot.text import clip, cut, plain
from handlers.blocks.finding.find import ASK, results_modal, to_search_again
from handlers.blocks.text import (
    Block,
    actions,
    button,
    context,
    escape,
    link,
    message,
    permalink,
    section,
)

REPLY_WITH = "reply_with_gist"
REPLY_SHOWN = 900  # characters; in JSON each may take two, and a button's value holds 2,000
HEADING = ":sparkles: *A short answer, put together by a language model*"
MADE = (
    "Made only from the solved answers named here, which you may read; only you see it. A language "
    "model can be wrong: what counts is what your colleagues wrote."
)
NOT_THERE = "It is not in the answers: what I found does not say it, as far as a model can tell."
NOT_ALL_THERE = "Some of what you asked is not in the answers."


def gist_blocks(gist: Gist, workspace_url: str, *, may_reply: bool) -> list[Block]:
    if not gist.sentences:
        return [section(f":sparkles: {NOT_THERE}")]
    numbers = {id(each): number for number, each in enumerate(gist.cited, 1)}
    told = [
        element
        for sentence in gist.sentences
        for element in spoken(gist, sentence, numbers, workspace_url)
    ]
    sources = [source_line(numbers[id(each)], each, workspace_url) for each in gist.cited]
    blocks = [section(HEADING), as_told(told), context("\n".join(sources))]
    if not gist.is_complete:
        blocks.append(context(NOT_ALL_THERE))
    blocks.append(context(MADE))
    if may_reply:
        blocks.append(actions(button("Use it as a reply", REPLY_WITH, reply_value(gist))))
    return blocks


def as_told(elements: list[Block]) -> Block:
    """Text that Slack does not interpret."""
    return {
        "type": "rich_text",
        "elements": [{"type": "rich_text_section", "elements": elements}],
    }


def spoken(
    gist: Gist, sentence: Sentence, numbers: dict[int, int], workspace_url: str
) -> list[Block]:
    """The sentence as plain text, and after it a link to each of its sources."""
    elements: list[Block] = [{"type": "text", "text": f"{plain(sentence.text)} "}]
    for source in (gist.sources[place] for place in sentence.sources):
        elements.append(reference(numbers[id(source)], source, workspace_url))
    return [*elements, {"type": "text", "text": " "}]


def reference(number: int, source: Result, workspace_url: str) -> Block:
    mark = f"[{number}]"
    address = address_of(source, workspace_url).replace("&amp;", "&")
    if not address:
        return {"type": "text", "text": mark}
    return {"type": "link", "url": address, "text": mark}


def source_line(number: int, source: Result, workspace_url: str) -> str:
    return f"[{number}] {link(address_of(source, workspace_url), source.question)}"


def address_of(source: Result, workspace_url: str) -> str:
    """Where the answer stands."""
    thread_ts = source.solution_thread_ts or source.thread_ts
    return permalink(workspace_url, source.channel_id, source.solution_ts, thread_ts)


def gist_twin(gist: Gist) -> str:
    """As notifications say it."""
    if not gist.sentences:
        return f"“{escape(cut(plain(gist.words), 80))}”: {NOT_THERE}"
    return f"A short answer, put together by a language model: {escape(plain(gist.text))}"


def gist_message(gist: Gist, workspace_url: str, *, may_reply: bool) -> Block:
    """Below the results that it is made from."""
    blocks = gist_blocks(gist, workspace_url, may_reply=may_reply)
    if not gist.sentences:
        blocks.append(actions(button("Ask the experts", ASK, to_search_again(gist.words))))
    return message(gist_twin(gist), blocks)


def gist_modal(results: Results, gist: Gist, workspace_url: str, *, may_reply: bool) -> Block:
    """Above them, in the window that shows them."""
    modal = results_modal(results, workspace_url)
    blocks = gist_blocks(gist, workspace_url, may_reply=may_reply)
    return {**modal, "blocks": [*blocks, *modal["blocks"]]}


def reply_value(gist: Gist) -> str:
    """For the button: the words to begin with, and whose answers they are from."""
    about = {
        "words": clip(plain(gist.text), REPLY_SHOWN),
        "sources": [s.question_id for s in gist.cited],
    }
    return json.dumps(about, ensure_ascii=False)
