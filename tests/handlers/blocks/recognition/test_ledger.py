"""The facts behind somebody's help."""

from bot.recognition.ledger import Entry
from handlers.blocks.recognition.ledger import ledger_page
from tests.handlers.blocks.conftest import AT, URL


def entries(number: int) -> tuple[Entry, ...]:
    kinds = ("solved", "helped", "reused", "thanked")
    return tuple(
        Entry(kinds[each % 4], "U1", AT, each % 2 == 0, *(("C1", "2.0", "1.0") if each % 3 else ()))
        for each in range(number)
    )


MESSAGES = {
    "ledger": lambda _: ledger_page("U2", entries(20), URL),
    "empty ledger": lambda _: ledger_page("U2", (), URL),
}
