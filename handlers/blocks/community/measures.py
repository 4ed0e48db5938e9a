"""How a community does, as a program of its admins and sponsors reads it."""

from dataclasses import asdict, fields
from typing import Any, get_type_hints

from bot.community.health import Health
from bot.community.measures import Measures
from handlers.blocks.access.seeing import COUNT, TIME, Json, maybe, moment, record, ref, rows, text

NUMBER: Json = {"type": "number", "minimum": 0}
OF_TYPE: dict[Any, Json] = {
    int: COUNT,
    int | None: maybe(COUNT),
    float | None: maybe(NUMBER),
    str | None: maybe(text()),
}
MEASURES = record(
    "Of the last four weeks; times in seconds, shares from 0 to 1. null: nothing to measure, or "
    "fewer than five people.",
    **{each.name: OF_TYPE[get_type_hints(Measures)[each.name]] for each in fields(Measures)},
)
PART = record(
    "How the workspace, or a topic of it, does.",
    topic={**maybe(ref("TopicName")), "description": "null for the whole workspace."},
    until={**maybe(TIME), "description": "Up to when it is counted; null where it is not yet."},
    verdict=maybe(text("What the measures mean, in a word.")),
    measures=maybe(MEASURES),
)
HEALTH = record("What you may see of how the community does.", parts=rows(PART))


def health_part(part: Health) -> Json:
    reading = part.reading
    return {
        "topic": {"id": int(part.subject), "name": part.topic} if part.topic else None,
        "until": moment(reading.until) if reading else None,
        "verdict": part.verdict.kind if part.verdict else None,
        "measures": asdict(reading.now) if reading and reading.now else None,
    }
