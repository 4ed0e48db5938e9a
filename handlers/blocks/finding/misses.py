"""In App Home: what several people looked for in vain, and how well is found what once was."""

from bot.finding.misses import FEWEST, Check, Gap, NotFound
from handlers.blocks.finding.find import ASK
from handlers.blocks.text import Block, actions, button, context, count, header, inline, section

WRITE = "write_answer"
HOW = (
    f"Told from {FEWEST} different people on. Who searched is not kept, and each closes by itself "
    "once a search for it finds something."
)


def not_found_sections(told: NotFound | None) -> list[Block]:
    if told is None:
        return []
    blocks = [header("Searched and not found")]
    for gap in told.gaps:
        blocks += gap_sections(gap)
    if told.gaps:
        blocks.append(context(HOW))
    if told.check is not None:
        blocks.append(check_section(told.check))
    return blocks


def gap_sections(gap: Gap) -> list[Block]:
    words = inline(" ".join(gap.words), 120)
    return [
        section(f"{count(gap.searches, 'search', 'searches')} for “{words}” found nothing."),
        actions(button("Ask the experts", ASK, words), button("Write an answer", WRITE, gap.theme)),
    ]


def check_section(check: Check) -> Block:
    looked_for = count(
        check.queries, "search that once found nothing does", "searches that once found nothing do"
    )
    text = (
        f"How well {looked_for} today: *{check.rank:.2f}*, where 1.00 finds the right answer first."
    )
    if check.fell:
        text += (
            f"\n:warning: It was {check.before:.2f} before. Answers may have been taken back, or "
            "others push them down: search for them, and say what works."
        )
    return section(text)
