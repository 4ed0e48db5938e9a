"""Short answers, with their sources."""

from bot.finding.find import Results
from bot.finding.gists import Gist, Sentence
from handlers.blocks.finding.gists import gist_message, gist_modal, reply_value
from storage.search import Search
from tests.handlers.blocks.conftest import URL, found


def gist(text: str, number: int = 6) -> Gist:
    told = tuple(Sentence(text[:400] or "Yes.", (each % 5, 4)) for each in range(number))
    return Gist(text, told, (found(text),) * 5, is_complete=not number)


MESSAGES = {
    "gist": lambda text: gist_message(gist(text), URL, may_reply=True),
    "nothing in the answers": lambda text: gist_message(gist(text, 0), URL, may_reply=False),
}

VIEWS = [
    lambda text: gist_modal(
        Results(text, Search(text), (found(text),) * 5, 50, 0), gist(text), URL, may_reply=True
    )
]


def test_each_sentence_leads_to_its_sources():
    sources = tuple(found(text) for text in ("How?", "Why?", "When?"))
    told = Gist("?", (Sentence("Press *Amend*.", (0, 2)),), sources, is_complete=True)

    blocks = gist_message(told, URL, may_reply=False)["blocks"]

    [elements] = [b["elements"][0]["elements"] for b in blocks if b["type"] == "rich_text"]
    assert [each["text"] for each in elements] == ["Press *Amend*. ", "[1]", "[2]", " "]
    assert {each["url"] for each in elements if each["type"] == "link"} == {
        "https://acme.slack.com/archives/C1/p20?thread_ts=1.0&cid=C1"
    }
    assert "[2] <https://acme.slack.com/archives/C1/p20?thread_ts=1.0&amp;cid=C1|When?>" in str(
        blocks
    )


def test_a_reply_made_from_it_fits_into_a_button():
    assert len(reply_value(gist('"\\' * 2000))) <= 2000
