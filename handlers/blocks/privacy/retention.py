"""How long things are kept: the rules, a new one, and what it would erase."""

import json
from collections.abc import Mapping, Sequence

from bot.privacy.retention import ALL, CLOSED, ROWS, UNFOUND, UNSOLVED, Kept
from bot.questions.ask import HelpChannel
from handlers.blocks.experts.availability import choice_input, field
from handlers.blocks.text import Block, context, count, option, plain_text, section

CALLBACK, SURE_CALLBACK = "retention", "retention_sure"
KINDS: Mapping[str, str] = {
    UNSOLVED: "Questions that are not solved, since they were asked",
    CLOSED: "Questions that ended without a solution, since they ended",
    UNFOUND: "Solved questions that nobody found again, since they were solved",
    ALL: "Every question, since it was asked (as where Slack itself deletes)",
    ROWS: "What only told me what to do next, since it ended",
}
EVERYWHERE = "all"
SAVED = "So it is from now on. What is past it goes within the next hours, a little at a time."
MOST_PLACES = 99  # a menu takes one more


def rule_line(kept: Kept) -> str:
    where = f"in <#{kept.channel_id}>" if kept.channel_id else "everywhere else"
    return f"{KINDS[kept.kind]}, {where}: {count(kept.months, 'month')}"


def retention_modal(rules: Sequence[Kept], places: Sequence[HelpChannel]) -> Block:
    everywhere = option("All channels without a rule of their own", EVERYWHERE)
    named = [option(f"#{each.name}", each.channel_id) for each in places[:MOST_PLACES]]
    menu: Block = {
        "type": "static_select",
        "action_id": "value",
        "options": [everywhere, *named],
        "initial_option": everywhere,
    }
    months: Block = {"type": "plain_text_input", "action_id": "value", "max_length": 3}
    lines = "\n".join(f"• {rule_line(each)}" for each in rules)
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "title": plain_text("How long it is kept"),
        "submit": plain_text("Preview"),
        "close": plain_text("Close"),
        "blocks": [
            section(lines or "Everything is kept until somebody deletes it or is erased."),
            choice_input("kind", "What", dict(KINDS), UNSOLVED),
            {**field("channel", "Where", menu), "optional": False},
            field(
                "months",
                "Months",
                months,
                hint="Empty: no limit. Kudos for help that was given stay in any case.",
            ),
        ],
    }


def sure_modal(*, channel_id: str, kind: str, months: int, erased: int) -> Block:
    about = {"channel": channel_id, "kind": kind, "months": months}
    return {
        "type": "modal",
        "callback_id": SURE_CALLBACK,
        "title": plain_text("How long it is kept"),
        "submit": plain_text("Save"),
        "close": plain_text("Cancel"),
        "private_metadata": json.dumps(about),
        "blocks": [
            section(
                rule_line(Kept(channel_id, kind, months))
                if months
                else f"{KINDS[kind]}: no limit any more."
            ),
            section(erases(kind, erased)),
            context("Who changes this, and from what to what, is in the audit."),
        ],
    }


def erases(kind: str, number: int) -> str:
    if not number:
        return "Nothing is past that now."
    if kind == ROWS:
        return f"*{count(number, 'row')}* of the database would be erased now."
    return (
        f"*{count(number, 'question')}* would be erased now, with what was replied: the text, the "
        "card and what finds it. This cannot be taken back."
    )
