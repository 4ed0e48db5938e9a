"""What an expert reads who passes."""

import pytest

from bot.experts import claims
from bot.experts.claims import Passed
from handlers.blocks.experts.claims import passed
from tests.handlers.blocks.conftest import AT

MESSAGES = {
    f"passed, {what}": lambda text, what=what: passed(7, Passed(text[:60], False, what, "U2", AT))
    for what in (claims.WAITS, claims.ASKED, claims.OPENS, claims.HANDED_OFF, claims.TAKEN)
}


@pytest.mark.parametrize(
    ("what", "said", "asks_who_would_know"),
    [
        (claims.ASKED, "All right, I have asked others.", True),
        (claims.RESTS, "Nobody else is left to ask", True),
        (claims.TAKEN, "<@U2> is on it.", False),
        (claims.ANSWERED, "Somebody has replied", False),
        (claims.OVER, "Nobody needs to take it any more.", False),
    ],
)
def test_who_passes_reads_what_is_true(what: str, said: str, asks_who_would_know: bool):
    told = passed(7, Passed("Customs", False, what, "U2"))

    assert said in told["text"]
    assert ("Ask … instead" in str(told["blocks"])) is asks_who_would_know
