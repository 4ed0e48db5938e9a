"""When and how much somebody wants to be asked."""

from handlers.blocks.experts.availability import availability_modal
from tests.handlers.blocks.conftest import choices

VIEWS = [
    lambda text: availability_modal(choices(text, 150)),
    lambda text: availability_modal(choices(text, 0)),
]
