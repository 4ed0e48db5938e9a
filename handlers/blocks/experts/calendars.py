"""What the owner of a calendar reads of it."""

from bot.experts.calendars import NO_CALENDAR, TOO_LARGE, UNREACHABLE, CalendarView
from handlers.blocks.text import Block, context, date, message, section

WHY = {
    UNREACHABLE: "I cannot reach your calendar at the address you gave me.",
    NO_CALENDAR: "What I find at the address of your calendar is no calendar that I can read.",
    TOO_LARGE: "Your calendar is larger than I can read.",
}
HOW = (
    "`/experts calendar` and its address in iCal format names it anew; `/experts calendar off` "
    "ends it."
)
NAMED = (
    "Done. I read your calendar now and every two hours: while an entry in it takes your time, I "
    "do not ask you. Should I not be able to read it, I tell you. `/experts calendar off` ends it."
)
FORGOTTEN = "Done. I do not look into your calendar any more, and I have forgotten what it said."
NONE = (
    "I do not have a calendar of yours. `/experts calendar` and its iCal address adds one: "
    "I ask you nothing while an entry in it takes your time, and look at nothing else in it."
)


def failed(why: str) -> Block:
    text = f"{WHY[why]} Until I can, I ask you as if it were empty."
    return message(text, [section(text), context(HOW)])


def told(calendar: CalendarView | None) -> str:
    """How it stands, for `/experts calendar`."""
    if calendar is None:
        return NONE
    if calendar.failed_why is not None:
        return f"{WHY[calendar.failed_why]} {HOW}"
    if calendar.read_at is None:
        return f"I am about to read your calendar for the first time. {HOW}"
    read_at = date(calendar.read_at, "{date_short_pretty} at {time}")
    return f"I last read your calendar {read_at}. {HOW}"
