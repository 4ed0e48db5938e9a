"""The modal in which thanks are said."""

from handlers.blocks.recognition.thanking import teller_modal

VIEWS = [lambda _: teller_modal("U1", 7)]
