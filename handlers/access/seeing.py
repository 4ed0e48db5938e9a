"""What programs ask to see: search, questions, answers, topics, experts, and one's own kudos."""

from bot.access import seeing
from bot.access.seeing import (
    MOST_ON_A_PAGE,
    STATES,
    USUAL_PAGE,
    names_for,
)
from bot.access.tokens import EXPERTS, FIND, KUDOS
from bot.people import get_name
from bot.recognition.kudos import count_weeks, get_effect
from bot.workspaces import get_url
from handlers.blocks.access import seeing as shown
from handlers.routes import Asked, Json, Param, Route

MAX_WORDS = 300  # characters
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"  # of a cursor's numbers
CURSOR = "^[0-9a-z]{1,11}([.][0-9a-z]{1,11}){0,99}$"
LIMIT = Param(
    "limit",
    f"How many on a page, 1 to {MOST_ON_A_PAGE}.",
    {"type": "integer", "minimum": 1, "maximum": MOST_ON_A_PAGE, "default": USUAL_PAGE},
    default=USUAL_PAGE,
)
NUMBER: Json = {"type": "integer", "minimum": 1, "maximum": 2**53 - 1}


async def on_me(asked: Asked) -> Json:
    async with asked.sessions.read() as session:
        name = await get_name(session, asked.team_id, asked.user_id)
    return {"user_id": asked.user_id, "name": name, "token": asked.token}


async def on_search(asked: Asked) -> Json:
    async with asked.sessions.read() as session:
        found = await seeing.search(
            session,
            **asked.who,
            words=asked["q"],
            seen=read_seen(asked["cursor"]),
            limit=asked["limit"],
            now=asked.now,
        )
        url = await get_url(session, asked.team_id)
    return shown.search_page(found, url, write_seen(found.seen))


def write_seen(seen: tuple[int, ...] | None) -> str | None:
    """What was seen is the cursor, so that it stays right whatever is solved meanwhile."""
    return None if seen is None else ".".join(map(in_36, seen))


def in_36(number: int) -> str:
    written = ""
    while number:
        number, digit = divmod(number, 36)
        written = DIGITS[digit] + written
    return written or "0"


def read_seen(cursor: str | None) -> list[int]:
    return [int(each, 36) for each in cursor.split(".")] if cursor else []


async def on_questions(asked: Asked) -> Json:
    async with asked.sessions.read() as session:
        listed = await seeing.list_questions(
            session,
            **asked.who,
            state=asked["state"],
            topic_id=asked["topic"],
            channel_id=asked["channel"],
            before_id=int(asked["cursor"]) if asked["cursor"] else None,
            limit=asked["limit"],
        )
        url = await get_url(session, asked.team_id)
    cursor = None if listed.before_id is None else str(listed.before_id)
    return shown.questions_page(listed, url, cursor)


async def on_question(asked: Asked) -> Json:
    async with asked.sessions.read() as session:
        found = await seeing.read_question(session, **asked.who, question_id=asked["question_id"])
        return shown.whole_question(found, await get_url(session, asked.team_id))


async def on_answer(asked: Asked) -> Json:
    async with asked.sessions.read() as session:
        found = await seeing.read_answer(session, **asked.who, answer_id=asked["answer_id"])
        return shown.answer(found, await get_url(session, asked.team_id))


async def on_topics(asked: Asked) -> Json:
    async with asked.sessions.read() as session:
        known = await seeing.list_topics(session, **asked.who)
    return {"topics": [shown.topic(each) for each in known]}


async def on_topic(asked: Asked) -> Json:
    async with asked.sessions.read() as session:
        found = await seeing.read_topic(session, **asked.who, topic_id=asked["topic_id"])
    return shown.topic(found)


async def on_experts(asked: Asked) -> Json:
    async with asked.sessions.read() as session:
        there = await seeing.list_askable(
            session, **asked.who, topic_id=asked["topic_id"], now=asked.now
        )
    return {"experts": [shown.person(each) for each in there]}


async def on_kudos(asked: Asked) -> Json:
    async with asked.sessions.read() as session:
        effect = await get_effect(session, **asked.who, viewer_id=asked.user_id)
        weeks = await count_weeks(session, **asked.who, now=asked.now)
        names = await names_for(
            session, asked.team_id, (), [each.question for each in effect.evidence]
        )
        url = await get_url(session, asked.team_id)
    texts = [names.text(each.question) for each in effect.evidence]
    return shown.kudos(effect, weeks, texts, url)


ROUTES = (
    Route(
        *("GET", "/me", "whoAmI", "Whose token this is, and what it is for."),
        None,
        on_me,
        ("Me", shown.ME),
    ),
    Route(
        *("GET", "/search", "search"),
        "Solved questions in channels that you can read, best first, as `/find` ranks them. What "
        "is there all the time comes once, whatever is solved while you go through the pages.",
        FIND,
        on_search,
        ("SearchPage", shown.SEARCH),
        params=(
            Param(
                "q",
                'Words, "phrases in quotes", and filters as in Slack: `topic:customs`, '
                f"`from:maria`, `in:logistics`, `solved:2026-03`; up to {MAX_WORDS} characters.",
                {"type": "string", "minLength": 1, "maxLength": MAX_WORDS},
                is_required=True,
            ),
            Param(
                "cursor",
                "`next` of the page before.",
                {"type": "string", "pattern": CURSOR, "maxLength": 1200},
            ),
            LIMIT,
        ),
    ),
    Route(
        *("GET", "/questions", "listQuestions"),
        "Questions in channels that you can read, the newest first. A page begins after the last "
        "question of the one before, whatever was asked since.",
        FIND,
        on_questions,
        ("QuestionsPage", shown.QUESTIONS),
        params=(
            Param(
                "state",
                f"How it stands: {', '.join(STATES)}.",
                {"type": "string", "enum": [*STATES]},
            ),
            Param("topic", "A topic's id.", NUMBER),
            Param(
                "channel",
                "A channel's id, as Slack has it.",
                {"type": "string", "pattern": "^[CG][A-Z0-9]{1,30}$", "maxLength": 31},
            ),
            Param(
                "cursor",
                "`next` of the page before.",
                {"type": "string", "pattern": "^[1-9][0-9]{0,15}$", "maxLength": 16},
            ),
            LIMIT,
        ),
    ),
    Route(
        *("GET", "/questions/{question_id}", "readQuestion", "A question with its answers."),
        FIND,
        on_question,
        ("WholeQuestion", shown.WHOLE_QUESTION),
        refuses=(404,),
    ),
    Route(
        *("GET", "/answers/{answer_id}", "readAnswer", "An answer."),
        FIND,
        on_answer,
        ("Answer", shown.ANSWER),
        refuses=(404,),
    ),
    Route(
        *("GET", "/topics", "listTopics", "The topics that you may know of."),
        FIND,
        on_topics,
        ("Topics", shown.TOPICS),
    ),
    Route(
        *("GET", "/topics/{topic_id}", "readTopic", "A topic."),
        FIND,
        on_topic,
        ("Topic", shown.TOPIC),
        refuses=(404,),
    ),
    Route(
        *("GET", "/topics/{topic_id}/experts", "listExperts"),
        "Who helps on the topic and can be asked now: nobody who is away, paused it or has left.",
        EXPERTS,
        on_experts,
        ("Experts", shown.EXPERTS),
        refuses=(404,),
    ),
    Route(
        *("GET", "/me/kudos", "readKudos", "What your help did, as `/kudos` shows it."),
        KUDOS,
        on_kudos,
        ("Kudos", shown.KUDOS),
    ),
)
