"""Hours and schedules as people read them."""

from bot.hours import NAMES, Hours
from bot.schedules import MONTHLY, WEEKDAYS, Schedule


def hours_in_words(hours: Hours) -> str:
    """`Mon–Fri 9:00–17:30`."""
    days = sorted(hours.days)
    if len(days) > 2 and days == list(range(days[0], days[-1] + 1)):
        named = f"{NAMES[days[0]].capitalize()}–{NAMES[days[-1]].capitalize()}"
    else:
        named = ", ".join(NAMES[day].capitalize() for day in days)
    return f"{named} {clock(hours.starts)}–{clock(hours.ends)}"


def clock(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02}"


def schedule_in_words(schedule: Schedule) -> str:
    """`Monday at 9:00 (Europe/Rome)`."""
    day = WEEKDAYS[schedule.weekday].capitalize()
    at = f"{schedule.hour}:{schedule.minute:02} ({schedule.timezone})"
    if schedule.cadence == MONTHLY:
        return f"on the first {day} of the month at {at}"
    return f"{day} at {at}"
