"""An answer made an entry of the FAQ."""

from bot.finding.faqs import FaqDraft, FaqEntry
from handlers.blocks.finding.faqs import faq_message, faq_modal
from tests.handlers.blocks.conftest import URL

MESSAGES = {
    "FAQ entry": lambda text: faq_message(FaqEntry("U1", "C1", "1.0"), text[:300], text, URL),
}

VIEWS = [lambda text: faq_modal(FaqDraft(7, text[:300], text[:3000]))]
