"""Whether an old reply was the answer."""

from handlers.blocks.archive.checking import other_replies_modal

VIEWS = [
    lambda text: other_replies_modal(7, [(number, text) for number in range(100)]),
    lambda text: other_replies_modal(7, [(1, text[:30])]),
]
