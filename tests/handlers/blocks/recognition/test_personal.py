"""The week of an expert, for their own eyes."""

from bot.recognition.personal import PersonalDigest
from handlers.blocks.recognition.personal import personal_digest, preview_modal
from tests.handlers.blocks.conftest import URL, own_help

MESSAGES = {
    "personal digest": lambda text: personal_digest(PersonalDigest(own_help(text, 1)), URL),
    "long personal digest": lambda text: personal_digest(PersonalDigest(own_help(text, 40)), URL),
}

VIEWS = [
    lambda text: preview_modal(PersonalDigest(own_help(text, 40)), URL),
    lambda text: preview_modal(PersonalDigest(own_help(text, 0), ()), URL),
]
