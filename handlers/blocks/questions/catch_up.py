"""What the bot took in when it was back, in one line."""

from datetime import timedelta

from bot.questions.absences import CaughtUp
from handlers.blocks.text import Block, context, count, date, listed


def in_words(told: CaughtUp) -> str:
    """For the log."""
    where = f" from {told.channel_id}" if told.channel_id else ""
    rest = "" if told.is_ended else " Looking again at what was kept before."
    return f"Away{where} for {how_long(told)}: {taken_in(told)}.{rest}"


def caught_up_line(told: CaughtUp | None) -> list[Block]:
    """For App Home of those who run the bot."""
    if told is None:
        return []
    where = f"out of <#{told.channel_id}>" if told.channel_id else "away"
    return [
        context(f"I was {where} for {how_long(told)}, until {date(told.until)}: {taken_in(told)}.")
    ]


def taken_in(told: CaughtUp) -> str:
    brought = (
        (told.count.questions, "question", "questions"),
        (told.count.replies, "reply", "replies"),
        (told.count.marks, ":white_check_mark:", ":white_check_mark:"),
        (told.count.edits, "edit", "edits"),
        (told.count.deletions, "deletion", "deletions"),
    )
    counted = [count(number, one, many) for number, one, many in brought if number]
    return f"took in {listed(counted)}" if counted else "nothing was missed"


def how_long(told: CaughtUp) -> str:
    away = told.until - told.since
    if away < timedelta(hours=1):
        return f"{max(1, round(away.total_seconds() / 60))} min"
    if away < timedelta(days=2):
        return f"{round(away.total_seconds() / 3600)} h"
    return f"{away.days} days"
