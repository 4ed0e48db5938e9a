"""What somebody takes with them of their help."""

from datetime import timedelta

from bot.recognition.exports import Export
from handlers.blocks.recognition.exports import export_message
from tests.handlers.blocks.conftest import AT, URL, own_help


def exported(text: str, number: int) -> Export:
    return Export(own_help(text, number), AT - timedelta(days=300), AT, {"U1": text[:80]})


MESSAGES = {
    "short export": lambda text: export_message(exported(text, 2), URL),
    "long export": lambda text: export_message(exported(text, 200), URL),
}
