"""What is kept of a person, in plain words: for themselves, and for who asks what that is."""

import html
import json
from collections.abc import Mapping, Sequence
from itertools import groupby

from bot.privacy.my_data import MyData, Row, readable
from bot.privacy.retention import Kept
from handlers.blocks.privacy.audit import AUDIT
from handlers.blocks.privacy.retention import rule_line
from handlers.blocks.questions.nameless import LOOK
from handlers.blocks.text import (
    Block,
    actions,
    button,
    context,
    count,
    divider,
    header,
    plain_text,
    section,
)

MY_DATA, TAKE, OUT, ERASE = "my_data", "my_data_take", "stay_out", "erase_me"
RETENTION, ERASE_OTHER = "retention", "erase_other"
COMES = "All that is kept of you comes to you as files, in a message from me."
HERE_IT_IS = (
    "This is all that is kept of you: a page to read, and the same as JSON lines for a program. "
    "Nobody but you gets it."
)
NOTHING_KEPT = "Nothing is kept of you."
# What the tables are called by people, in the order of the readable page.
TABLES: Mapping[str, str] = {
    "questions": "Questions you asked, took, or had to do with",
    "question_parts": "The messages of your questions",
    "answers": "Your replies",
    "files": "What your files are called",
    "marks": "✅ that you gave",
    "solutions": "Replies that you accepted",
    "kudos": "Help that you gave or got",
    "offers": "Questions that you were asked to take",
    "referrals": "Whom you named for a question, and who named you",
    "checkers": "How often you were asked whether old replies were the answer",
    "reviews": "Answers that you were asked to look at again",
    "shares": "Answers that you showed to others",
    "faqs": "FAQ entries that you wrote",
    "experts": "Topics that you help on",
    "proposals": "Topics that you were asked to help on",
    "topics": "Topics that you made or sponsor",
    "availabilities": "When you can be asked",
    "calendars": "Your calendar's address, and when it says that you are busy",
    "presences": "Whether Slack says that you can be reached",
    "rhythms": "How much you help these days, and at which hours",
    "choices": "Whether you want to be named, and to get digests",
    "manager_notes": "What you told a manager of your help",
    "people": "Who Slack says that you are",
    "channel_members": "Channels that you are in",
}


def data_sections(is_admin: bool) -> list[Block]:
    """In App Home."""
    mine = [
        header("My data"),
        section(
            "What is kept of you and who sees it. Take it with you, stay out, or have it erased.",
            accessory=button("My data", MY_DATA, "home"),
        ),
    ]
    if not is_admin:
        return mine
    buttons = (
        button("Audit", AUDIT, "newest"),
        button("How long things are kept", RETENTION, "rules"),
        button("Somebody has left", ERASE_OTHER, "form"),
        button("Asked without a name", LOOK, "list"),
    )
    return [*mine, actions(*buttons)]


def my_data_modal(mine: MyData) -> Block:
    return {
        "type": "modal",
        "title": plain_text("My data"),
        "close": plain_text("Close"),
        "blocks": [
            section(f"*What is kept of you*\n{what(mine)}"),
            section(
                "*Why*\nSo that what was solved once is found again, the people who know are "
                "asked, and who helps is seen for it. For nothing else: there is no ranking, and "
                "nothing of it goes to a manager that you did not send yourself."
            ),
            section(
                "*Who can see it*\nYour questions and replies: whoever can read their channel in "
                "Slack. What your help did: you, and in digests those who can read where it was, "
                f"{naming(mine)}. When you can be asked, your calendar, your reminders: you alone. "
                "Who runs the computer that I live on can read its database."
            ),
            section(f"*Until when*\n{until(mine.kept)}"),
            section(f"*Where you stay out*\n{where_out(mine.out_of)}"),
            divider(),
            *buttons(mine),
        ],
    }


def what(mine: MyData) -> str:
    if not mine.rows:
        return NOTHING_KEPT
    return (
        f"{count(mine.asked, 'question')} and {count(mine.answered, 'reply', 'replies')} with "
        f"their words, and {count(mine.helped, 'fact')} of help that you gave or got. In all, "
        f"{count(mine.rows, 'row')} of the database {'names' if mine.rows == 1 else 'name'} you. "
        "Of other messages nothing is kept. What you asked without your name is not counted here."
    )


def naming(mine: MyData) -> str:
    return "without your name, as you chose" if mine.is_unnamed else "with your name"


def until(kept: Sequence[Kept]) -> str:
    if not kept:
        return "Until you delete the message in Slack, or have it erased here."
    lines = "\n".join(f"• {rule_line(each)}" for each in kept)
    return f"Until you delete the message in Slack or have it erased here, and at most:\n{lines}"


def where_out(channels: Sequence[str]) -> str:
    if not channels:
        return "Nowhere."
    if "" in channels:
        return "Everywhere: nothing that you write is kept."
    return " ".join(f"<#{each}>" for each in channels)


def buttons(mine: MyData) -> list[Block]:
    if mine.is_being_erased:
        return [context("It is all being erased. That takes a few minutes.")]
    return [
        actions(
            button("Take it with me", TAKE, "all"),
            button("Stay out", OUT, "where"),
            button("Erase me", ERASE, "preview", style="danger"),
        )
    ]


# The page to read


def readable_page(name: str, rows: Sequence[Row], *, part: int, parts: int) -> str:
    in_order = sorted(rows, key=place_of)
    sections = "".join(
        f"<h2>{html.escape(TABLES.get(table, table))}</h2><ul>{''.join(map(item, theirs))}</ul>"
        for table, theirs in groupby(in_order, key=lambda row: row[0])
    )
    which = f" ({part} of {parts})" if parts > 1 else ""
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        f"<title>My data{which}</title>"
        "<style>body{font:16px/1.5 system-ui;max-width:50em;margin:2em auto;padding:0 1em}"
        "li{margin:.5em 0}dt{color:#666;display:inline}dd{display:inline;margin:0 1em 0 .3em}"
        "</style>"
        f"<h1>What Askaround keeps of {html.escape(name)}{which}</h1>{sections}</html>"
    )


def place_of(row: Row) -> tuple[int, str]:
    names = list(TABLES)
    return (names.index(row[0]) if row[0] in TABLES else len(names), row[0])


def item(row: Row) -> str:
    cells = (
        f"<dt>{html.escape(name.replace('_', ' '))}</dt><dd>{html.escape(shown(value))}</dd>"
        for name, value in readable(row[1]).items()
        if value not in (None, "", [])
    )
    return f"<li><dl>{''.join(cells)}</dl></li>"


def shown(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
