"""Having somebody erased: the preview and the receipt."""

import pytest

from bot.privacy.erasing import Erased, Preview
from handlers.blocks.privacy.erasing import (
    erase_me_modal,
    erase_other_modal,
    receipt,
    sure_modal,
)

SEEN = Preview("U1", 12, 1, 30, 400)
VIEWS = [
    lambda text: erase_me_modal(SEEN),
    lambda text: erase_other_modal(),
    lambda text: sure_modal(SEEN, keeps_words=True, reason=text[:300]),
]


@pytest.mark.parametrize(
    ("done", "said"),
    [
        (Erased(2, 1, False, False), "all that was kept of you is erased"),
        (Erased(2, 1, False, True), "all that was kept of who left is erased"),
        (Erased(2, 1, False, False), "2 questions and 1 reply lost their words."),
        (Erased(0, 0, True, False), "The text of what was asked and answered stays"),
    ],
)
def test_the_receipt_says_what_was_done(done: Erased, said: str):
    assert said in receipt(done)["text"]
