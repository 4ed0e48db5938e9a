"""What experts will want to know, told to who asks."""

from bot.experts.hints import Hint
from handlers.blocks.experts.hints import thin_hint

MESSAGES = {
    "thin hint": lambda _: thin_hint(Hint(7, "C1", "U1", None, "")),
    "thin hint of a topic": lambda text: thin_hint(Hint(7, "C1", "U1", text[:60], text[:300])),
}


def test_a_thin_hint_says_what_the_topics_experts_will_ask():
    usual = thin_hint(Hint(7, "C1", "U1", "Customs", ""))
    own = thin_hint(Hint(7, "C1", "U1", "Customs", "form & <!channel>"))

    assert usual["text"].startswith("Experts will want to know what you tried, the exact error")
    assert own["text"] == "Experts on *Customs* will want to know: form &amp; @channel"
    assert "You can edit your message or add it in a reply." in str(own["blocks"])
