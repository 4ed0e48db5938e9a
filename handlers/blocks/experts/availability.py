"""When somebody can be asked: a sentence, the part of App Home, and the modal to change it."""

from collections.abc import Sequence
from datetime import datetime

from bot.experts.availability import DAILY_LIMIT, HIGHEST_LIMIT, Choices
from bot.experts.nudges import CLAIM, HINT, JUDGED, MARK, ME_TOO, NEWCOMER, UNSURE, UNTAKEN
from bot.experts.webhooks import MAX_ADDRESS
from bot.holidays import name_of
from bot.hours import NAMES, Hours
from bot.recognition.digests import AGAIN
from bot.recognition.worked import WORKED
from handlers.blocks.text import (
    Block,
    actions,
    button,
    count,
    date,
    escape,
    header,
    listed,
    option,
    plain_text,
    section,
)
from handlers.blocks.times import clock, hours_in_words

CALLBACK, CHANGE = "availability", "change_availability"
TOPICS_SHOWN = 100  # what a menu takes
TOPICS_NAMED = 8
USUAL, OWN = "usual", "own"
HOURS = {
    USUAL: "At work first; at other times when nobody else is there",
    OWN: "Only in these hours",
}
MESSAGES = {
    "usual": "When a question's card cannot call me",
    "on": "For every question I am asked about",
    "off": "Never: I look here",
}
REMINDERS = {
    MARK: "Which reply to my question worked",
    CLAIM: "What I took and did not answer yet",
    HINT: "What experts will ask, where I wrote little",
    UNSURE: "Whether what I wrote is a question",
    NEWCOMER: "First questions without a reply, on topics that I run",
    ME_TOO: "What solved a question that I have too",
    JUDGED: "Somebody else says what solved my question",
    UNTAKEN: "Where my question went, when nobody took it",
    WORKED: "That an answer of mine worked",
    AGAIN: "Questions that still wait, each week",
}


def availability_sections(choices: Choices) -> list[Block]:
    """The part of App Home."""
    label = "Change" if choices.asked_about else "Help on a topic"
    return [
        header("When you can be asked"),
        section(f"{about(choices)} {when(choices)}"),
        actions(button(label, CHANGE)),
    ]


def about(choices: Choices) -> str:
    named = [f"*{escape(name)}*" for name in choices.asked_about[:TOPICS_NAMED]]
    more = len(choices.asked_about) - len(named)
    if not named:
        return "You do not help on a topic yet."
    topics = listed([*named, *([count(more, "other topic")] if more else [])])
    return f"You help on {topics}."


def when(choices: Choices) -> str:
    only = "only" if choices.has_own_hours else "first"
    hours = f" {only} {hours_in_words(choices.hours)}," if choices.hours else ""
    most = count(choices.daily_limit, "question")
    sentence = f"You are asked{hours} about {most} a day at most."
    if choices.away_until is None:
        return sentence
    if choices.back_on is None:
        return f"{sentence} You are away now; `/experts back` ends it."
    return f"{sentence} You are away until {date(choices.away_until, '{date_long}')}."


def availability_modal(choices: Choices) -> Block:
    hours = choices.hours or Hours("UTC")
    days = [option(NAMES[day].capitalize(), day) for day in range(7)]
    blocks = [
        *topics_input(choices),
        choice_input("when", "When", HOURS, OWN if choices.has_own_hours else USUAL),
        field(
            "days",
            "Days, for only these hours",
            checkboxes(days, [days[day] for day in sorted(hours.days)]),
        ),
        field("starts", "From, in your time zone", timepicker(hours.starts)),
        field("ends", "Until", timepicker(hours.ends)),
        field("limit", "Questions a day, at most", number(choices.daily_limit)),
        choice_input("messages", "Message me", MESSAGES, word_of(choices.wants_messages)),
        field(
            "back_on",
            "Away until",
            datepicker(choices),
            hint="Nobody asks you anything until that day begins. Empty while you are here.",
        ),
        field(
            "country",
            "Public holidays of",
            text(choices.own_country, most=60),
            hint=f"A country, such as Italy or DE-BY, or none. Empty: {holidays_of_zone(choices)}.",
        ),
        field(
            "calendar",
            "Your calendar (address in iCal format)",
            text(choices.calendar, most=MAX_ADDRESS),
            hint="You are asked nothing while an entry takes your time. I look at nothing else.",
        ),
        reminders_input(choices),
    ]
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "title": plain_text("When you can be asked"),
        "submit": plain_text("Save"),
        "close": plain_text("Cancel"),
        "blocks": blocks,
    }


def text(value: str, *, most: int) -> Block:
    element: Block = {"type": "plain_text_input", "action_id": "value", "max_length": most}
    return {**element, "initial_value": value} if value else element


def holidays_of_zone(choices: Choices) -> str:
    if choices.own_country or not choices.country:
        return "as your time zone tells"
    return f"those of {name_of(choices.country)}, as your time zone tells"


def word_of(wants_messages: bool | None) -> str:
    return "usual" if wants_messages is None else "on" if wants_messages else "off"


def topics_input(choices: Choices) -> list[Block]:
    """Those asked about first, so that none of them is lost where there are too many."""
    shown = sorted(choices.topics, key=lambda each: not each.is_asked)[:TOPICS_SHOWN]
    options = {each.topic_id: option(each.name, each.topic_id) for each in shown}
    if not options:
        return []
    element: Block = {
        "type": "multi_static_select",
        "action_id": "value",
        "placeholder": plain_text("Choose topics"),
        "options": list(options.values()),
    }
    if choices.asked_about:
        element["initial_options"] = [options[each.topic_id] for each in shown if each.is_asked]
    return [field("topics", "Ask me about", element)]


def reminders_input(choices: Choices) -> Block:
    options = {kind: option(words, kind) for kind, words in REMINDERS.items()}
    wanted = [each for kind, each in options.items() if kind in choices.reminders]
    return field("reminders", "Remind me of", checkboxes(list(options.values()), wanted))


def choice_input(block_id: str, label: str, choices: dict[str, str], chosen: str) -> Block:
    options = {value: option(words, value) for value, words in choices.items()}
    element: Block = {
        "type": "radio_buttons",
        "action_id": "value",
        "options": list(options.values()),
        "initial_option": options[chosen],
    }
    return {**field(block_id, label, element), "optional": False}


def checkboxes(options: Sequence[Block], chosen: Sequence[Block]) -> Block:
    element: Block = {"type": "checkboxes", "action_id": "value", "options": list(options)}
    return {**element, "initial_options": list(chosen)} if chosen else element


def timepicker(minutes: int) -> Block:
    at = clock(minutes % (24 * 60)).zfill(5)
    return {"type": "timepicker", "action_id": "value", "initial_time": at}


def number(chosen: int) -> Block:
    return {
        "type": "number_input",
        "action_id": "value",
        "is_decimal_allowed": False,
        "min_value": "0",
        "max_value": str(HIGHEST_LIMIT),
        "initial_value": str(chosen),
    }


def datepicker(choices: Choices) -> Block:
    element: Block = {"type": "datepicker", "action_id": "value"}
    if choices.back_on:
        element["initial_date"] = choices.back_on.isoformat()
    return element


def field(block_id: str, label: str, element: Block, *, hint: str = "") -> Block:
    block: Block = {
        "type": "input",
        "block_id": block_id,
        "optional": True,
        "label": plain_text(label),
        "element": element,
    }
    return {**block, "hint": plain_text(hint)} if hint else block


BACK = "Welcome back. Questions can reach you again."


def gone(until: datetime | None) -> str:
    """`until`: None for as long as they like."""
    if until is None:
        return "You will not be asked anything until you say `/experts back`."
    day = date(until, "{date_long}")
    return f"You will not be asked anything until {day}. `/experts back` ends it sooner."


def asked_in(hours: Hours | None) -> str:
    """`hours`: None for the usual ones."""
    if hours is None:
        return "Done. You are asked first in the usual hours of your time zone."
    return f"Done. You are asked {hours_in_words(hours)} only, in your time zone."


def taken_for_day(hours: Hours) -> str:
    """`hours`: their end was written as one in the night, such as `9-5`."""
    start, end = clock(hours.starts), clock(hours.ends)
    night = f"{start}-{clock((hours.ends + 12 * 60) % (24 * 60))}am"
    return (
        f"Done. I took that for {start} to {end}, so you are asked {hours_in_words(hours)} only, "
        f"in your time zone. If you work at night, write `/experts hours {night}`."
    )


def off_in(country: str) -> str:
    """`country`: whose public holidays are theirs; "" for none."""
    if not country:
        return "No public holidays count for you. `/experts holidays Italy` would change that."
    return (
        f"The public holidays of {name_of(country)} count as days on which you do not work. "
        "`/experts holidays` and another country changes that, and `none` ends it."
    )


def asked_at_most(questions: int) -> str:
    """`questions`: how many a day."""
    if questions == 0:
        return "Done. You are asked nothing; `/experts limit` and a number changes that."
    most = count(questions, "question")
    if questions == DAILY_LIMIT:
        return f"Done. You are asked about {most} a day at most (the usual)."
    return f"Done. You are asked about {most} a day at most."


def told_of(wants: bool | None) -> str:
    """`wants`: a message for every question, for none, or (None) where the card cannot call."""
    if wants is None:
        return "Done. You get a message when a question's card cannot call you."
    if wants:
        return "Done. You get a message for every question that you are asked to take."
    return "Done. You get no messages; App Home lists what waits for you."
