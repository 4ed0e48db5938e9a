"""What people keep asking: the page for those whom an admin named, and its table. No names."""

import csv
import io
import json
from collections.abc import Sequence
from itertools import groupby

from bot.community.gaps import Gap, GapPage, Quarter, Solved, Went
from handlers.blocks.community.health import harmless, modal
from handlers.blocks.community.trainings import AFTER
from handlers.blocks.community.trainings import TITLE as AFTER_A_TRAINING
from handlers.blocks.text import (
    Block,
    actions,
    button,
    context,
    count,
    divider,
    escape,
    header,
    inline,
    listed,
    message,
    plain_text,
    section,
)

OPEN, READERS, CSV, MARK = "gaps_open", "gaps_readers", "gaps_csv", "gap_taught"
MONTHLY = "gaps_monthly"
READERS_CALLBACK, MARK_CALLBACK = "name_gap_readers", "mark_gap_taught"
WORD_LIMIT = 40
TITLE = "What people keep asking"
HOW = (
    "Themes that at least five different people asked about in that quarter, in channels that you "
    "can read. Nobody is named, and only words that at least five people wrote are shown. A theme "
    "that a training was to teach, and that stays, is a gap."
)
NOTHING = (
    "In {quarter}, no theme was asked about by five different people in the channels that you can "
    "read. Come back after the end of this quarter."
)
SOLVED = {
    Solved.NEARLY_ALL: "nearly all were solved",
    Solved.MOST: "most were solved",
    Solved.HALF: "about half were solved",
    Solved.FEW: "few were solved",
}
WENT = {
    Went.MORE: "Clearly more than the quarter before.",
    Went.ALIKE: "About as many as the quarter before.",
    Went.FEWER: "Clearly fewer than the quarter before.",
    Went.NEW: "New: hardly anybody asked it the quarter before.",
    Went.UNKNOWN: "Whether that is more than before cannot be told.",
}
SINCE_TAUGHT = {
    Went.MORE: "Taught on {day}. Since then clearly more ask.",
    Went.ALIKE: "Taught on {day}. Since then about as many ask.",
    Went.FEWER: "Taught on {day}. Since then clearly fewer ask.",
    Went.NEW: "Taught on {day}. Whether fewer ask since then cannot be told yet.",
    Went.UNKNOWN: "Taught on {day}. Whether fewer ask since then cannot be told yet.",
}
HAS_FAQ = "There is an FAQ entry."
NO_FAQ = "There is no FAQ entry yet."
MONTH = "What people kept asking, {quarter}:"
ON, OFF = "on", "off"
COMES_EACH_MONTH = "On the first Monday of a month I tell you some of what people keep asking."
COMES_NO_MORE = "No monthly message any more. The page in App Home is always there."
FILE_COMES = "It comes to you as a file, in a message from me."
FILE_NAME, FILE_TITLE = "what-people-keep-asking.csv", "What people keep asking"
HERE_IT_IS = "What people keep asking, as a table. You asked for it."
COLUMNS = (
    "quarter",
    "topic",
    "theme",
    "questions",
    "people",
    "solved",
    "trend",
    "faq",
    "taught_on",
)


def gap_sections(reads_gaps: bool) -> list[Block]:
    """The part of App Home, for those who may read it."""
    if not reads_gaps:
        return []
    return [
        section(
            "*What people keep asking*\nThemes for trainings and guides, a quarter at a time.",
            accessory=button("Look at them", OPEN),
        )
    ]


def gaps_modal(page: GapPage) -> Block:
    quarter = in_words(page.quarter)
    shown: list[Block] = [section(NOTHING.format(quarter=quarter))]
    if page.gaps:
        shown = [header(quarter), *gaps_by_topic(page.gaps), divider()]
    more = [
        *([button("As a table", CSV)] if page.gaps else []),
        monthly_button(page.is_monthly),
        button(AFTER_A_TRAINING, AFTER),
        *([button("Who reads this", READERS)] if page.is_admin else []),
    ]
    return modal(TITLE, [*shown, context(HOW), actions(*more)])


def monthly_button(is_monthly: bool) -> Block:
    if is_monthly:
        return button("No monthly message", MONTHLY, OFF)
    return button("Tell me each month", MONTHLY, ON)


def gaps_by_topic(gaps: Sequence[Gap]) -> list[Block]:
    """Each topic's under its name, where most of their questions are about one."""
    blocks: list[Block] = []
    for topic, some in groupby(gaps, key=topic_of):
        title = f"Mostly about {escape(topic)}" if topic else "About several topics"
        blocks += [context(title), *(gap_section(gap) for gap in some)]
    return blocks


def topic_of(gap: Gap) -> str | None:
    return gap.topic


def month_message(page: GapPage) -> Block:
    """Some of the quarter's, for who asked to be told each month."""
    quarter = in_words(page.quarter)
    first = MONTH.format(quarter=quarter)
    named_ones = listed([named(gap) for gap in page.gaps])
    return message(
        f"{first} {named_ones}.",
        [
            section(f"*{first}*"),
            *gaps_by_topic(page.gaps),
            actions(button("All of them", OPEN), button("No monthly message", MONTHLY, OFF)),
        ],
    )


def gap_section(gap: Gap) -> Block:
    lines = [
        f"*{named(gap)}*",
        f"{count(gap.questions, 'question')} of {count(gap.people, 'person', 'people')}, "
        f"{SOLVED[gap.solved]}. {WENT[gap.went]} {HAS_FAQ if gap.has_faq else NO_FAQ}",
    ]
    if gap.taught_on is not None:
        lines.append(SINCE_TAUGHT[gap.since_taught].format(day=f"{gap.taught_on:%d %B %Y}"))
    return section("\n".join(lines), accessory=button("Mark as taught", MARK, gap.key))


def named(gap: Gap) -> str:
    return " · ".join(inline(word, WORD_LIMIT) for word in gap.words)


def in_words(quarter: Quarter) -> str:
    first, last = quarter.since, quarter.until.replace(month=quarter.since.month + 2)
    return f"{first:%B} to {last:%B} {first.year}"


def mark_modal(key: str) -> Block:
    """When it was taught."""
    day = {"type": "datepicker", "action_id": "value"}
    return {
        **modal("Mark as taught", []),
        "callback_id": MARK_CALLBACK,
        "private_metadata": json.dumps({"key": key}),
        "submit": plain_text("Save"),
        "blocks": [
            {
                "type": "input",
                "block_id": "taught_on",
                "label": plain_text("The day of the training"),
                "element": day,
            },
            context("After some weeks the page says whether fewer people ask since then."),
        ],
    }


def readers_modal(user_ids: Sequence[str]) -> Block:
    people: Block = {"type": "multi_users_select", "action_id": "value"}
    if user_ids:
        people["initial_users"] = list(user_ids)
    return {
        **modal("Who reads this", []),
        "callback_id": READERS_CALLBACK,
        "submit": plain_text("Save"),
        "blocks": [
            {
                "type": "input",
                "block_id": "readers",
                "optional": True,
                "label": plain_text("Who reads what people keep asking"),
                "element": people,
            },
            context("They find it in App Home. Each sees what stands in channels they can read."),
        ],
    }


def to_csv(page: GapPage) -> str:
    written = io.StringIO()
    table = csv.writer(written, lineterminator="\n")
    table.writerow(COLUMNS)
    for gap in page.gaps:
        words = harmless(" ".join(word[:WORD_LIMIT] for word in gap.words))
        counts = (gap.questions, gap.people, gap.solved.value, gap.went.value)
        faq, taught_on = ("yes" if gap.has_faq else "no"), gap.taught_on or ""
        topic = harmless(gap.topic or "")
        table.writerow([f"{page.quarter.since:%Y-%m}", topic, words, *counts, faq, taught_on])
    return written.getvalue()
