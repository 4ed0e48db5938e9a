"""What people wrote, outside Slack: as it looked there, and as text whatever it says."""

from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.blocks.wire import to_html, to_markdown
from tests.examples import some


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Press Amend.", "<p>Press Amend.</p>"),
        ("one\ntwo\n\nthree", "<p>one<br>\ntwo</p>\n<p>three</p>"),
        ("*bold* _it_ ~no~", "<p><strong>bold</strong> <em>it</em> <s>no</s></p>"),
        ("_*both*_", "<p><em><strong>both</strong></em></p>"),
        ("*a _b* c_", "<p><strong>a _b</strong> c_</p>"),
        ("snake_case_name and 2*3*4", "<p>snake_case_name and 2*3*4</p>"),
        ("run `a &lt; b *x*` now", "<p>run <code>a &lt; b *x*</code> now</p>"),
        (
            "```\nif a &lt; b:\n  *x*\n```",
            '<pre tabindex="0"><code>if a &lt; b:\n  *x*</code></pre>',
        ),
        ("&gt; said\n&gt; so\nyes", "<blockquote>said<br>\nso</blockquote>\n<p>yes</p>"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
        (
            "*see <https://acme.com/a?b=1&amp;c=2|the form>*",
            '<p><strong>see <a href="https://acme.com/a?b=1&amp;c=2" rel="noreferrer nofollow">'
            "the form</a></strong></p>",
        ),
        (
            "<https://evil.example|bank.example>",
            '<p><a href="https://evil.example" rel="noreferrer nofollow">'
            "bank.example (evil.example)</a></p>",
        ),
        ("<javascript:alert(1)|here>", "<p>here (javascript:alert(1))</p>"),
        ("<!here> <!subteam^S1|@desk>", "<p>@here @desk</p>"),
    ],
)
def test_it_looks_as_in_slack(said: str, shown: str):
    assert to_html(said) == shown


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("*bold* _it_ ~no~", "**bold** *it* ~~no~~"),
        ("one\ntwo\n\nthree", "one  \ntwo\n\nthree"),
        ("# no heading * [x](y)", r"\# no heading \* \[x\](y)"),
        ("1. no list\n- none", "1\\. no list  \n\\- none"),
        ("&lt;b&gt;", r"\<b\>"),
        ("`a*b`", "`a*b`"),
        ("```x ```` y```", "```\nx \n```\n\n` y`\\`\\`"),
        ("<https://acme.com|the *form*>", r"[the \*form\*](<https://acme.com>)"),
        ("&gt; said", "> said"),
    ],
)
def test_it_is_markdown(said: str, shown: str):
    assert to_markdown(said) == shown


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: set[str] = set()
        self.addresses: list[str] = []
        self.words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.add(tag)
        self.found |= {f"{tag} {name}" for name, _ in attrs}
        self.addresses += [value or "" for name, value in attrs if name == "href"]

    def handle_data(self, data: str) -> None:
        self.words += data


OURS = {"p", "br", "strong", "em", "s", "code", "pre", "pre tabindex", "blockquote", "a"}
OURS |= {"a href", "a rel"}
SIGNS = ("<", ">", "&lt;", "&gt;", "&amp;", "*", "_", "~", "`", "```", "\n", "|", '"', "'", " ")
WORDS = (
    "<script>",
    "<https://a.b|",
    "<javascript:x|y>",
    "onload=",
    "word",
    "\ue000",
    "0",
    "\ue001",
)
PIECES = st.lists(st.sampled_from(SIGNS + WORDS), max_size=25).map("".join)


@settings(max_examples=some(200), deadline=None)
@given(said=PIECES)
def test_whatever_they_wrote_it_stays_text(said: str):
    tags = Tags()
    tags.feed(to_html(said))
    tags.close()

    assert tags.found <= OURS
    assert all(each.startswith(("http:", "https:", "mailto:")) for each in tags.addresses)
