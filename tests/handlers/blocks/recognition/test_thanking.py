"""The modal in which thanks are said."""

from handlers.blocks.recognition.thanking import thank_modal

VIEWS = [lambda _: thank_modal("U1", 7)]
