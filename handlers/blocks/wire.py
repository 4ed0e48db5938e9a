"""What people wrote in Slack, as HTML and as Markdown. It stays text: nothing of it becomes a tag,
and only what Slack showed as a link becomes one.

Slack's form has lines, quotes, code, links, and signs around words; names stand in it as text."""

import html
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import urlsplit

FENCE = re.compile(r"```\n?(.*?)\n?```", re.DOTALL)
TOKEN = re.compile(r"`([^`\n]+)`|<([^<>|\n]+)(?:\|([^<>\n]*))?>")
QUOTED = re.compile(r"^(?:&gt;|>) ?")
SIGNED = {  # around words, and not inside one: snake_case, 2*3*4
    sign: re.compile(
        rf"(?<![^\W_])(?<!{re.escape(sign)}){re.escape(sign)}(?=\S)([^{sign}\n]+?)(?<=\S)"
        rf"{re.escape(sign)}(?![^\W_]|{re.escape(sign)})"
    )
    for sign in "*_~"
}
LINKED = ("http", "https", "mailto")
SPECIAL = re.compile(r"([\\`*_\[\]<>~|#!&])")
BEGINS_A_LIST = re.compile(r"^(\s*(?:\d+)?)([-+=.)])")
# Characters for ourselves, which nothing that people wrote keeps: around the number of a piece
# that is held back, and where signs begin and end.
OURS = re.compile("[\ue000-\ue00f]")
HELD = re.compile("\ue000(\\d+)\ue001")
BEGIN = {"*": "\ue002", "_": "\ue004", "~": "\ue006"}
END = {"*": "\ue003", "_": "\ue005", "~": "\ue007"}


@dataclass(frozen=True)
class Form:
    """How a text is written in it. `signs`: what stands for Slack's, before and after."""

    text: Callable[[str], str]
    code: Callable[[str], str]
    block: Callable[[str], str]
    link: Callable[[str, str], str]
    signs: Mapping[str, tuple[str, str]]
    line_end: str
    quote: Callable[[str], str]
    paragraph: Callable[[str], str]


def to_html(text: str) -> str:
    return "\n".join(parts_of(text, HTML))


def to_markdown(text: str) -> str:
    return "\n\n".join(parts_of(text, MARKDOWN))


def parts_of(text: str, form: Form) -> Iterator[str]:
    """Its paragraphs, quotes and blocks of code."""
    for number, piece in enumerate(FENCE.split(OURS.sub("", text))):
        if number % 2:
            yield form.block(html.unescape(piece))
        else:
            yield from paragraphs_of(piece, form)


def paragraphs_of(text: str, form: Form) -> Iterator[str]:
    for is_quoted, lines in groupby(text.split("\n"), lambda line: bool(QUOTED.match(line))):
        for is_empty, told in groupby(lines, lambda line: not line.strip()):
            if not is_empty:
                inner = form.line_end.join(line_of(QUOTED.sub("", line, 1), form) for line in told)
                yield form.quote(inner) if is_quoted else form.paragraph(inner)


def line_of(line: str, form: Form) -> str:
    """Code and links are held back while the signs around words are looked for."""
    held: list[str] = []

    def hold(token: re.Match[str]) -> str:
        code, target, label = token.groups()
        held.append(
            form.code(html.unescape(code))
            if code is not None
            else linked(html.unescape(target), html.unescape(label or ""), form)
        )
        return f"\ue000{len(held) - 1}\ue001"

    told = html.unescape(TOKEN.sub(hold, line))
    for sign, pattern in SIGNED.items():
        told = pattern.sub(lambda found, sign=sign: signed(found, sign), told)  # type: ignore[misc]
    told = form.text(told)
    for sign, (before, after) in form.signs.items():
        told = told.replace(BEGIN[sign], before).replace(END[sign], after)
    return HELD.sub(lambda found: held[int(found[1])], told)


def signed(found: re.Match[str], sign: str) -> str:
    """Signs that cross others are left as they were written."""
    inside = found[1]
    crosses = any(inside.count(BEGIN[each]) != inside.count(END[each]) for each in BEGIN)
    return found[0] if crosses else BEGIN[sign] + inside + END[sign]


def linked(target: str, label: str, form: Form) -> str:
    """A label that looks like another address says where it leads."""
    if target.startswith("!"):
        return form.text(label or f"@{target[1:].split('^')[0]}")
    try:
        address = urlsplit(target)
    except ValueError:
        return form.text(label or target)
    if address.scheme.lower() not in LINKED:
        return form.text(f"{label} ({target})" if label and label not in target else target)
    shown = label or target.removeprefix("mailto:")
    if shown not in target and "." in shown and " " not in shown:
        shown = f"{shown} ({address.hostname or address.path})"
    return form.link(target, shown)


def html_text(text: str) -> str:
    return html.escape(text)


def html_link(target: str, shown: str) -> str:
    return f'<a href="{html.escape(target)}" rel="noreferrer nofollow">{html.escape(shown)}</a>'


HTML = Form(
    text=html_text,
    code=lambda code: f"<code>{html.escape(code)}</code>",
    block=lambda code: f'<pre tabindex="0"><code>{html.escape(code)}</code></pre>',
    link=html_link,
    signs={
        "*": ("<strong>", "</strong>"),
        "_": ("<em>", "</em>"),
        "~": ("<s>", "</s>"),
    },
    line_end="<br>\n",
    quote=lambda inner: f"<blockquote>{inner}</blockquote>",
    paragraph=lambda inner: f"<p>{inner}</p>",
)


def markdown_text(text: str) -> str:
    return BEGINS_A_LIST.sub(r"\1\\\2", SPECIAL.sub(r"\\\1", text))


def markdown_code(code: str) -> str:
    """With more backticks around it than it has in a row."""
    ticks = "`" * (longest_run(code) + 1)
    return f"{ticks} {code} {ticks}" if "`" in code else f"`{code}`"


def markdown_block(code: str) -> str:
    ticks = "`" * max(3, longest_run(code) + 1)
    return f"{ticks}\n{code}\n{ticks}"


def longest_run(code: str) -> int:
    return max((len(run) for run in re.findall("`+", code)), default=0)


def markdown_link(target: str, shown: str) -> str:
    safe = target.replace("\\", "%5C").replace("<", "%3C").replace(">", "%3E").replace(" ", "%20")
    return f"[{markdown_text(shown)}](<{safe}>)"


MARKDOWN = Form(
    text=markdown_text,
    code=markdown_code,
    block=markdown_block,
    link=markdown_link,
    signs={"*": ("**", "**"), "_": ("*", "*"), "~": ("~~", "~~")},
    line_end="  \n",
    quote=lambda inner: "> " + inner.replace("\n", "\n> "),
    paragraph=lambda inner: inner,
)
