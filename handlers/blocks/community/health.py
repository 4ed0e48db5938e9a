"""How a community does: a verdict, its measures, and what to do next. Only counts, no names."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from bot.community.health import Health, HealthPage
from bot.community.measures import WEEK, WEEKS, Measures
from bot.community.trend import interval
from bot.community.verdict import Reading
from handlers.blocks.community.verdict import (
    advice_of,
    in_time,
    light_of,
    percent,
    reasons_of,
    sentence_of,
)
from handlers.blocks.recognition.channel_digest import twin
from handlers.blocks.text import (
    Block,
    actions,
    button,
    context,
    count,
    header,
    inline,
    plain_text,
    section,
)

COMES = "It comes on the first Monday of each month at 9:00."
COMES_NO_MORE = "Done. It does not come any more; App Home and `/askaround health` still show it."
DETAILS, DEFINITIONS, BY_TOPIC = "health_details", "health_definitions", "health_by_topic"
WHOLE = "whole"  # what a button names the workspace
EXPORT, MONTHLY = "health_export", "health_monthly"
SAVED = (
    "*Time saved:* {low} to {high} hours in a year, as about {people} people say of one answer each"
)
FILE_COMES = "It comes to you as a file, in a message from me."
FILE_NAME, FILE_TITLE = "health.csv", "Health, week by week"
HERE_IT_IS = "How the community does, week by week, as a table. You asked for it."
ON, OFF = "on", "off"
TOPICS_SHOWN, NAME_LIMIT = 45, 60
UP, DOWN = "↑ up from {before}", "↓ down from {before}"
BETTER, WORSE = "better", "worse"
MANY = 40  # questions, of which a share needs no bounds
BARS, HIDDEN = "▁▂▃▄▅▆▇█", "·"
NOT_COUNTED = "Not counted yet: I count once a day, after midnight UTC."
NO_TOPICS = "There are no topics yet."
FEW = "too few people"
FORMULA = ("=", "+", "-", "@")  # a spreadsheet would run what begins so

MEANINGS = (
    "*Periods* are the last 28 days up to midnight UTC, and the 28 days before. Each counts the "
    "questions asked in it, as they stood when it ended, so that the two compare fairly. Questions "
    "that were deleted or were none are not counted.",
    "*Answered:* somebody other than the asker replied, an earlier answer solved it, or the asker "
    "marked it as solved.",
    "*First answer:* the time from the question to the first reply of somebody else, or to the "
    "earlier answer that solved it. Half were faster, half slower (the median); nine in ten were "
    "not slower than the second figure. Nights and weekends count.",
    "*Solved:* a reply is marked with ✅, or an earlier answer solved it. The time is the median "
    "from the question to the mark.",
    "*Helping:* people who replied to somebody else's question. Help is counted once for each "
    "person and question; the shares are those of the three, and of the busiest 5 %, of them.",
    "*Newcomers:* people who asked here for the first time, and how many of these were answered.",
    "*Found again:* how often somebody said that an earlier answer helped them, in the search or "
    "when it was suggested to them, so that nobody had to answer again.",
    "*Handed off:* nobody took the question in time, so it went to the helpdesk.",
    "*The light* sets a community against its own past, week by week: how many people ask in an "
    "average week, over a quarter, a half year and a year, with its seasons and its usual ups and "
    "downs. *Surely between* gives bounds that hold nine times of ten.",
    "*For each 100 people:* questions a week for each 100 people who are in the help channels now, "
    "without bots and closed accounts.",
    "*Too few people:* what concerns fewer than five people is not broken down. Nobody is named "
    "here, and sponsors see their own topics only.",
)


def health_sections(page: HealthPage | None) -> list[Block]:
    """The part of App Home, for admins and sponsors: a light, a sentence and a button each."""
    if page is None:
        return []
    return [header("Health"), *(lit(part) for part in page.parts), actions(*buttons(page))]


def health_page(page: HealthPage) -> Block:
    """The same as a message, with why it is so and what to do."""
    parts = [
        block
        for part in page.parts
        for block in (lit(part), *explained(part), *counted(part.reading))
    ]
    return {
        "text": twin(words for part in page.parts for words in in_words(part)),
        "blocks": [header("Health"), *parts, actions(*buttons(page))],
    }


def buttons(page: HealthPage) -> list[Block]:
    return [
        *([button("By topic", BY_TOPIC)] if page.topics else []),
        button("Stop the monthly message", MONTHLY, OFF)
        if page.is_monthly
        else button("Send me this monthly", MONTHLY, ON),
    ]


def lit(part: Health) -> Block:
    """How it does, in one line, and the way to all the rest."""
    if part.reading is None or part.verdict is None:
        return section(f"{titled(part)}{NOT_COUNTED}")
    line = f"{titled(part)}{light_of(part.verdict)} *{sentence_of(part.verdict)}*"
    return section(line, accessory=button("Details", DETAILS, part.subject or WHOLE))


def explained(part: Health) -> list[Block]:
    """Why it is so, and what to do next."""
    if part.verdict is None or part.reading is None:
        return []
    reasons = "\n".join(reasons_of(part.verdict))
    next_steps = "\n".join(f"• {each}" for each in advice_of(part.verdict))
    return [
        *([section(reasons)] if reasons else []),
        *([section(f"*What to do next*\n{next_steps}")] if next_steps else []),
    ]


def counted(reading: Reading | None) -> list[Block]:
    return [context(up_to(reading))] if reading is not None else []


def details_modal(part: Health) -> Block:
    """All that is known of it, and in words whether it is better or worse than before."""
    reading, verdict = part.reading, part.verdict
    if reading is None or verdict is None:
        return modal("Health", [section(f"{titled(part)}{NOT_COUNTED}")])
    said = section(f"{titled(part)}{light_of(verdict)} *{sentence_of(verdict)}*")
    figures: list[Block] = []
    if reading.now is not None:
        fields = [{"type": "mrkdwn", "text": line} for line in measured(reading)]
        figures = [
            {"type": "section", "fields": fields},
            section("\n".join(charts(reading))),
            context(" · ".join([*besides(reading), up_to(reading)])),
        ]
    more = [
        button("What do these mean?", DEFINITIONS),
        *([button("Export CSV", EXPORT, part.subject or WHOLE)] if figures else []),
    ]
    return modal("Health", [said, *explained(part), *figures, actions(*more)])


def titled(part: Health) -> str:
    return f"*{inline(part.topic, NAME_LIMIT)}*\n" if part.topic is not None else ""


def up_to(reading: Reading) -> str:
    return f"counted up to {last_day(reading.until)}"


def last_day(until: datetime) -> str:
    day = until - timedelta(days=1)
    return f"{day.day} {day:%B %Y}"


def in_words(part: Health) -> list[str]:
    """All of it for notifications and screen readers."""
    name = [f"{inline(part.topic, NAME_LIMIT)}."] if part.topic is not None else []
    if part.reading is None or part.verdict is None:
        return [*name, NOT_COUNTED]
    judged = part.verdict
    verdict = [sentence_of(judged), *reasons_of(judged), *advice_of(judged)]
    if part.reading.now is None:
        return [*name, *verdict]
    figures = [line.replace("*", "") for line in measured(part.reading)]
    return [*name, *verdict, *(f"{each}." for each in figures)]


def measured(reading: Reading) -> list[str]:
    """The measures one reads first, each against the period before."""
    now = reading.now
    if now is None:
        return []
    return [
        f"*Asked:* {count(now.asked, 'question')} by {count(now.askers, 'person', 'people')}"
        + compared(reading, lambda each: each.asked, str),
        f"*Answered:* {share(now.answered, now.asked)}{sure(now)}"
        + compared(reading, answered, percent),
        f"*First answer:* {first_answer(now)}"
        + compared(reading, lambda each: each.first_answer, in_time, is_less_better=True),
        f"*Solved:* {solved(now)}" + compared(reading, solved_share, percent),
        f"*Helping:* {count(now.helping, 'person', 'people')}"
        + compared(reading, lambda each: each.helping, str)
        + carried(now),
        f"*Newcomers:* {newcomers(now)}" + compared(reading, lambda each: each.newcomers, str),
        *reached(reading),
        *saved(reading),
    ]


def saved(reading: Reading) -> list[str]:
    """To the nearest five, so that two readings tell of nobody."""
    if reading.saved is None:
        return []
    low, high = (nearest_five(hours) for hours in (reading.saved.least, reading.saved.most))
    people = nearest_five(reading.saved.people)
    return [SAVED.format(low=low, high=high, people=people)]


def nearest_five(number: float) -> int:
    return 5 * round(number / 5)


def sure(now: Measures) -> str:
    """Between which shares the true one surely lies; of few questions that is far apart."""
    if not 0 < now.asked < MANY:
        return ""
    low, high = interval(now.answered, now.asked)
    return f" (of so few, surely between {percent(low)} and {percent(high)})"


def reached(reading: Reading) -> list[str]:
    """Of those in the help channels, how many asked or helped lately."""
    now = reading.now
    if now is None or not reading.members or not now.askers:
        return []
    people = count(now.askers, "person", "people")
    return [f"*Reach:* {people} of {reading.members} in the help channels asked"]


def compared(
    reading: Reading,
    value_of: Callable[[Measures], float | None],
    shown: Callable[..., str],
    *,
    is_less_better: bool = False,
) -> str:
    """The period before, where it went since, and whether that is good; in words too."""
    was = value_of(reading.before) if reading.before is not None else None
    now = value_of(reading.now) if reading.now is not None else None
    if was is None or now is None:
        return ""
    if shown(was) == shown(now):
        return ", as before"
    went = UP if now > was else DOWN
    judged = BETTER if (now > was) != is_less_better else WORSE
    return f", {judged} ({went.format(before=shown(was))})"


def answered(measures: Measures) -> float | None:
    return measures.answered / measures.asked if measures.asked else None


def solved_share(measures: Measures) -> float | None:
    return measures.solved / measures.asked if measures.asked else None


def share(part: int, whole: int) -> str:
    return percent(part / whole) if whole else "none"


def first_answer(now: Measures) -> str:
    if now.first_answer is None or now.first_answer_90 is None:
        return "none"
    return f"{in_time(now.first_answer)} (nine in ten within {in_time(now.first_answer_90)})"


def solved(now: Measures) -> str:
    after = f" ({in_time(now.solution)})" if now.solution is not None else ""
    return f"{share(now.solved, now.asked)}{after}"


def carried(now: Measures) -> str:
    if now.help_by_three is None or now.help_by_busiest is None:
        return ""
    return (
        f"; three of them give {percent(now.help_by_three)} of the help, "
        f"the busiest 5 % give {percent(now.help_by_busiest)}"
    )


def newcomers(now: Measures) -> str:
    if now.newcomers_answered is None:
        return str(now.newcomers)
    after = now.newcomers_first_answer
    half = f", half within {in_time(after)}" if after is not None else ""
    return f"{now.newcomers}, {now.newcomers_answered} answered{half}"


def besides(reading: Reading) -> list[str]:
    """The measures one reads after those."""
    now = reading.now
    if now is None:
        return []
    rate = per_hundred(now.asked, reading)
    return [
        f"found again: {count(now.deflected, 'time')}",
        f"handed off: {now.handed_off}",
        *([f"{rate} questions a week for each 100 people"] if rate is not None else []),
    ]


def per_hundred(asked: int, reading: Reading, *, weeks: int = 4) -> float | None:
    return round(100 * asked / weeks / reading.members, 1) if reading.members else None


def charts(reading: Reading) -> list[str]:
    """Twelve weeks in bars, each with its numbers."""
    return [
        f"`{bars(values)}` {name} in each of {WEEKS} weeks: {listed_numbers(values)}"
        for name, values in (
            ("asked", [week.asked if week else None for week in reading.weeks]),
            ("answered", [week.answered if week else None for week in reading.weeks]),
            ("people helping", [week.helping if week else None for week in reading.weeks]),
        )
    ]


def bars(values: Sequence[int | None]) -> str:
    most = max((value for value in values if value), default=1)
    return "".join(bar(value, most) for value in values)


def bar(value: int | None, most: int) -> str:
    if value is None:
        return HIDDEN
    return BARS[-(-value * (len(BARS) - 1) // most)]  # rounded up: only nothing is at the bottom


def listed_numbers(values: Sequence[int | None]) -> str:
    return ", ".join("few" if value is None else str(value) for value in values)


def definitions_modal() -> Block:
    return modal("What do these mean?", [section(each) for each in MEANINGS])


def by_topic_modal(parts: Sequence[Health]) -> Block:
    blocks = [topic_section(part) for part in parts[:TOPICS_SHOWN]]
    more = len(parts) - len(blocks)
    rest = [context(f"And {count(more, 'more topic')}.")] if more else []
    return modal("By topic", [*blocks, *rest] or [section(NO_TOPICS)])


def topic_section(part: Health) -> Block:
    verdict, now = part.verdict, part.reading.now if part.reading else None
    if verdict is None:
        return section(f"{titled(part)}{NOT_COUNTED}")
    if now is None:
        said = " ".join([sentence_of(verdict), *reasons_of(verdict)])
        return section(f"{titled(part)}{light_of(verdict)} {said}")
    line = (
        f"{count(now.asked, 'question')}, {share(now.answered, now.asked)} answered, "
        f"first answer {first_answer(now)}"
    )
    said = " ".join([sentence_of(verdict), *reasons_of(verdict)])
    details = button("Details", DETAILS, part.subject)
    return section(f"{titled(part)}{light_of(verdict)} {said}\n_{line}_", accessory=details)


def modal(title: str, blocks: Sequence[Block]) -> Block:
    return {
        "type": "modal",
        "title": plain_text(title),
        "close": plain_text("Close"),
        "blocks": list(blocks),
    }


def to_csv(parts: Iterable[Health]) -> str:
    """A row for each week and subject; times in minutes, shares from 0 to 1."""
    written = io.StringIO()
    table = csv.writer(written, lineterminator="\n")
    table.writerow(["week_from", "topic", *COLUMNS, "asked_per_100_members"])
    for part in parts:
        if part.reading is not None:
            table.writerows(rows_of(part, part.reading))
    return written.getvalue()


COLUMNS: dict[str, Callable[[Measures], int | float | None]] = {
    "asked": lambda week: week.asked,
    "askers": lambda week: week.askers,
    "answered": lambda week: week.answered,
    "first_answer": lambda week: minutes(week.first_answer),
    "first_answer_90": lambda week: minutes(week.first_answer_90),
    "solved": lambda week: week.solved,
    "solution": lambda week: minutes(week.solution),
    "found_again": lambda week: week.deflected,
    "handed_off": lambda week: week.handed_off,
    "people_helping": lambda week: week.helping,
    "help": lambda week: week.help,
    "help_by_three": lambda week: rounded(week.help_by_three),
    "help_by_busiest_5_percent": lambda week: rounded(week.help_by_busiest),
    "newcomers": lambda week: week.newcomers,
    "newcomers_answered": lambda week: week.newcomers_answered,
    "newcomers_first_answer": lambda week: minutes(week.newcomers_first_answer),
}


def rows_of(part: Health, reading: Reading) -> Iterable[list[object]]:
    name = "all" if part.topic is None else harmless(part.topic)
    for number, week in enumerate(reading.weeks):
        start = reading.until - (len(reading.weeks) - number) * WEEK
        row = [f"{start:%Y-%m-%d}", name]
        if week is None:
            yield [*row, FEW]
        else:
            figures = [value_of(week) for value_of in COLUMNS.values()]
            yield [*row, *figures, per_hundred(week.asked, reading, weeks=1)]


def harmless(name: str) -> str:
    line = " ".join(name.split())
    return f"'{line}" if line.startswith(FORMULA) else line


def minutes(seconds: float | None) -> int | None:
    return None if seconds is None else round(seconds / 60)


def rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 3)
