"""What a person's program is shown: the shapes, and the schemas that describe them."""

import html
from datetime import datetime
from typing import Any

from bot.access.seeing import (
    STATES,
    AnswerView,
    Found,
    FoundView,
    KnownTopic,
    Listed,
    PersonView,
    QuestionView,
)
from bot.access.tokens import SCOPES
from bot.recognition.kudos import Effect
from handlers.blocks.text import permalink

Json = dict[str, Any]


# The schemas


def record(about: str, **properties: Json) -> Json:
    """An object that has all of these and nothing else."""
    return {
        "type": "object",
        "description": about,
        "properties": properties,
        "required": [*properties],
        "additionalProperties": False,
    }


def maybe(schema: Json) -> Json:
    if "$ref" in schema:
        return {"anyOf": [schema, {"type": "null"}]}
    return {**schema, "type": [schema["type"], "null"]}


def ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def rows(schema: Json, about: str = "") -> Json:
    listed: Json = {"type": "array", "items": schema}
    return {**listed, "description": about} if about else listed


def text(about: str = "") -> Json:
    return {"type": "string", "description": about} if about else {"type": "string"}


ID: Json = {"type": "integer", "minimum": 1}
COUNT: Json = {"type": "integer", "minimum": 0}
TIME: Json = {"type": "string", "format": "date-time"}
FLAG: Json = {"type": "boolean"}
LINK: Json = {"type": "string", "description": "Where it is in Slack; empty where that is unknown."}
NEXT = maybe(text("The `cursor` of the next page; null on the last one."))
FILES = rows({"type": "string"}, "What its files are called.")

PERSON = record(
    "Somebody, as others may know them.",
    user_id=maybe(
        text(
            "As Slack has it; null for who asked without a name, had themselves erased, or is an "
            "app."
        )
    ),
    name=text(),
)
CHANNEL = record("A channel in Slack.", id=text(), name=text())
TOPIC_NAME = record("A topic.", id=ID, name=text())
TOPIC = record(
    "What questions are about.",
    id=ID,
    name=text(),
    keywords=rows({"type": "string"}),
    experts={**COUNT, "description": "How many people help on it."},
)
ANSWER = record(
    "A reply that answers, or asks back.",
    id=ID,
    question_id=ID,
    author=ref("Person"),
    text=text("As people read it, without Slack's markup."),
    answered_at=TIME,
    accepted_at={**maybe(TIME), "description": "When it was accepted as a solution; else null."},
    files=FILES,
    permalink=LINK,
)
QUESTION_PARTS: Json = {
    "id": ID,
    "state": {"type": "string", "enum": [*STATES]},
    "text": text("As people read it, without Slack's markup."),
    "asker": ref("Person"),
    "topic": maybe(ref("TopicName")),
    "channel": ref("Channel"),
    "asked_at": TIME,
    "claimed_by": maybe(ref("Person")),
    "solved_at": maybe(TIME),
    "confirmed_at": {
        **maybe(TIME),
        "description": "When somebody who knows last said that the solution is still true.",
    },
    "doubted": {**FLAG, "description": "Somebody says that it no longer works."},
    "outdated": {**FLAG, "description": "Somebody who knows says so."},
    "unconfirmed": {**FLAG, "description": "An archive alone says what solved it."},
    "same_as": {
        **maybe(ID),
        "description": "The question it was merged into or solved by, if you can read that.",
    },
    "files": FILES,
    "permalink": LINK,
}
QUESTION = record("A question.", **QUESTION_PARTS)
WHOLE_QUESTION = record(
    "A question with its answers, the oldest first.", **QUESTION_PARTS, answers=rows(ref("Answer"))
)
FOUND = record(
    "A solved question that fits.",
    question_id=ID,
    question=text(),
    answer=text("The solution that was accepted first."),
    author=ref("Person"),
    channel=ref("Channel"),
    solved_at=TIME,
    helped={**COUNT, "description": "How many people said that it helped them."},
    confirmed_at=maybe(TIME),
    doubted=FLAG,
    outdated=FLAG,
    unconfirmed={**FLAG, "description": "An archive alone says that this solved it."},
    permalink=LINK,
    answer_permalink=LINK,
)
SCHEMAS: dict[str, Json] = {
    "Person": PERSON,
    "Channel": CHANNEL,
    "TopicName": TOPIC_NAME,
    "Topic": TOPIC,
    "Answer": ANSWER,
    "Question": QUESTION,
    "Found": FOUND,
}

SEARCH = record(
    "A page of what was found, best first.",
    results=rows(ref("Found")),
    total={**COUNT, "description": "How many fit in all; of very many, the best fifty."},
    next=NEXT,
)
QUESTIONS = record(
    "A page of questions, the newest first.", questions=rows(ref("Question")), next=NEXT
)
TOPICS = record("The topics that you may know of.", topics=rows(ref("Topic")))
EXPERTS = record("Who helps on the topic and can be asked now.", experts=rows(ref("Person")))
EVIDENCE = record(
    "A question that your answer solved.",
    question=text(),
    channel_id=text(),
    solved_at=TIME,
    permalink=LINK,
)
KUDOS = record(
    "What your help did.",
    solved={**COUNT, "description": "Questions that your answers solved."},
    people={**COUNT, "description": "Whose questions those were."},
    helped_too={**COUNT, "description": "Others who said at the time that it helped them too."},
    reused={**COUNT, "description": "People whom an answer of yours helped later."},
    thanked=COUNT,
    weeks=rows(COUNT, "How often your help counted in each of the last weeks, the latest last."),
    evidence=rows(EVIDENCE, "The latest."),
)
ME = record(
    "Whose token this is.",
    user_id=text(),
    name=text(),
    token=record("The token.", scopes=rows({"type": "string", "enum": [*SCOPES]}), ends_at=TIME),
)
CREDITED = record("Who is credited for it.", credited=rows(ref("Person")))
DOUBTED = record(
    "What came of it.",
    outdated={**FLAG, "description": "You are somebody who knows, so it is outdated now."},
    asked=rows(ref("Person"), "Who is asked whether it still works."),
)


# What is shown


def moment(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat(timespec="seconds").replace("+00:00", "Z")


def address(url: str, channel_id: str, message_ts: str, thread_ts: str = "") -> str:
    """A message's permalink, as an address and not as Slack's markup."""
    return html.unescape(permalink(url, channel_id, message_ts, thread_ts))


def person(shown: PersonView) -> Json:
    return {"user_id": shown.user_id, "name": shown.name}


def channel(channel_id: str, name: str) -> Json:
    return {"id": channel_id, "name": name}


def topic(shown: KnownTopic) -> Json:
    return {
        "id": shown.topic_id,
        "name": shown.name,
        "keywords": [*shown.keywords],
        "experts": shown.experts,
    }


def answer(shown: AnswerView, url: str) -> Json:
    return {
        "id": shown.answer_id,
        "question_id": shown.question_id,
        "author": person(shown.author),
        "text": shown.text,
        "answered_at": moment(shown.answered_at),
        "accepted_at": moment(shown.accepted_at),
        "files": [*shown.files],
        "permalink": address(url, shown.channel_id, shown.message_ts, shown.thread_ts),
    }


def question(shown: QuestionView, url: str) -> Json:
    return {
        "id": shown.question_id,
        "state": shown.state,
        "text": shown.text,
        "asker": person(shown.asker),
        "topic": {"id": shown.topic[0], "name": shown.topic[1]} if shown.topic else None,
        "channel": channel(shown.channel_id, shown.channel),
        "asked_at": moment(shown.asked_at),
        "claimed_by": person(shown.claimed_by) if shown.claimed_by else None,
        "solved_at": moment(shown.solved_at),
        "confirmed_at": moment(shown.confirmed_at),
        "doubted": shown.is_doubted,
        "outdated": shown.is_outdated,
        "unconfirmed": shown.is_unconfirmed,
        "same_as": shown.same_as,
        "files": [*shown.files],
        "permalink": shown.link or address(url, shown.channel_id, shown.message_ts),
    }


def whole_question(shown: QuestionView, url: str) -> Json:
    return {**question(shown, url), "answers": [answer(each, url) for each in shown.answers]}


def found(shown: FoundView, url: str) -> Json:
    return {
        "question_id": shown.question_id,
        "question": shown.question,
        "answer": shown.answer,
        "author": person(shown.author),
        "channel": channel(shown.channel_id, shown.channel),
        "solved_at": moment(shown.solved_at),
        "helped": shown.helped,
        "confirmed_at": moment(shown.confirmed_at),
        "doubted": shown.is_doubted,
        "outdated": shown.is_outdated,
        "unconfirmed": shown.is_unconfirmed,
        "permalink": shown.link or address(url, shown.channel_id, shown.message_ts),
        "answer_permalink": shown.link
        or address(url, shown.channel_id, shown.solution_ts, shown.solution_thread_ts),
    }


def search_page(shown: Found, url: str, cursor: str | None) -> Json:
    return {
        "results": [found(each, url) for each in shown.results],
        "total": shown.total,
        "next": cursor,
    }


def questions_page(shown: Listed, url: str, cursor: str | None) -> Json:
    return {"questions": [question(each, url) for each in shown.questions], "next": cursor}


def kudos(effect: Effect, weeks: tuple[int, ...], texts: list[str], url: str) -> Json:
    """`texts`: what was asked, as people read it, for each piece of evidence."""
    return {
        "solved": effect.solved,
        "people": effect.people,
        "helped_too": effect.helped_too,
        "reused": effect.reused,
        "thanked": effect.thanked,
        "weeks": [*weeks],
        "evidence": [
            {
                "question": asked,
                "channel_id": each.channel_id,
                "solved_at": moment(each.solved_at),
                "permalink": address(url, each.channel_id, each.message_ts),
            }
            for each, asked in zip(effect.evidence, texts, strict=True)
        ],
    }
