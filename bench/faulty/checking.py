"""What must be true when all is quiet, held against what people can see and what the bot keeps."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bench.faulty.town import Said, Town
from sandbox import User
from sandbox.workspace import Message
from storage.recognition.kudos import standing
from storage.tables import Answer, Base, FailedEvent, Kudos, Outbox, Question, Solution

LOST, TWICE, LEAKED, STUCK = "lost", "twice", "leaked", "stuck"
TOKEN = re.compile(r"zq\d+x")
SOLVED = "solved"
OVERDUE = timedelta(minutes=2)

Wrong = tuple[str, str]  # which promise, and a sentence


async def check(town: Town, session: AsyncSession, now: datetime) -> list[Wrong]:
    return [
        *await check_taken_in(town, session),
        *await check_credit(town, session),
        *check_cards(town),
        *check_said_once(town),
        *check_read_by(town),
        *await check_forgotten(town, session),
        *await check_next_steps(town, session, now),
    ]


async def check_taken_in(town: Town, session: AsyncSession) -> list[Wrong]:
    kept = {each.message_ts: each for each in await session.scalars(select(Question))}
    answers = {each.message_ts: each for each in await session.scalars(select(Answer))}
    wrong = []
    for question in town.open_to_replies:
        row = kept.get(question.ts)
        if row is None or row.withdrawn_at is not None or question.token not in row.text:
            wrong.append((LOST, f"the question {question.token}"))
        for reply in question.replies:
            answer = answers.get(reply.ts)
            if not reply.is_gone and (answer is None or reply.token not in answer.text):
                wrong.append((LOST, f"the reply {reply.token}"))
    return wrong


async def check_credit(town: Town, session: AsyncSession) -> list[Wrong]:
    """Each ✅ that stands is a solution, and its author's fact of help; no other reply is."""
    solved = select(Answer.message_ts).join(Solution, Solution.answer_id == Answer.id)
    solutions = Counter((await session.scalars(solved)).all())
    facts = select(Answer.message_ts).join(Kudos, Kudos.answer_id == Answer.id)
    helped = Counter((await session.scalars(facts.where(standing(), Kudos.kind == SOLVED))).all())
    wrong = []
    for reply in replies_of(town):
        for name, count in (("solution", solutions[reply.ts]), ("fact of help", helped[reply.ts])):
            is_due = reply.is_marked and not reply.is_gone
            if is_due and not count:
                wrong.append((LOST, f"the {name} {reply.token}"))
            if count > is_due:
                wrong.append((TWICE, f"{count} times the {name} {reply.token}"))
    return wrong


def replies_of(town: Town) -> Iterator[Said]:
    return (each for question in town.open_to_replies for each in question.replies)


def check_cards(town: Town) -> list[Wrong]:
    wrong = []
    for question in town.open_to_replies:
        thread = question.channel.thread(question.ts)[1:]
        cards = sum(each.user == town.slack.bot_user_id for each in thread)
        marks = question.channel.message(question.ts).reactions
        if not cards and "white_check_mark" not in marks:
            wrong.append((LOST, f"the card of {question.token}"))
        if cards > 1:
            wrong.append((TWICE, f"{cards} cards of {question.token}"))
    return wrong


def check_said_once(town: Town) -> list[Wrong]:
    """No message of the bot's stands twice in one conversation."""
    said = Counter(
        (channel.id, message.thread_ts, message.text, json.dumps(message.blocks))
        for channel in town.slack.channels.values()
        for message in channel.messages.values()
        if message.user == town.slack.bot_user_id
    )
    return [
        (TWICE, f"{number} times {text!r} in {place}")
        for (place, _, text, _), number in said.items()
        if number > 1
    ]


def check_read_by(town: Town) -> list[Wrong]:
    """Nobody reads words of a channel that they cannot read."""
    wrong = []
    for reader, words in shown(town):
        for token in sorted(set(TOKEN.findall(words))):
            if not town.slack.act_as(reader).can_read(town.said[token]):
                wrong.append((LEAKED, f"{token} to {reader.name}"))
    return wrong


def shown(town: Town) -> Iterator[tuple[User, str]]:
    """Whatever the bot has said where this person can read it."""
    slack = town.slack
    people = [user for user in slack.users.values() if user.id != slack.bot_user_id]
    for channel in slack.channels.values():
        said = " ".join(words_of(each) for each in bot_messages(town, channel.messages.values()))
        readers = [each for each in people if slack.act_as(each).can_read(channel)]
        yield from ((reader, said) for reader in readers)
        for user_id, private in channel.ephemerals.items():
            yield slack.users[user_id], " ".join(map(words_of, private))
    for user_id, view in slack.surfaces.homes.items():
        yield slack.users[user_id], json.dumps(view)


def bot_messages(town: Town, messages: Iterable[Message]) -> Iterator[Message]:
    return (each for each in messages if each.user == town.slack.bot_user_id)


def words_of(message: Message) -> str:
    return f"{message.text} {json.dumps(message.blocks)}"


async def check_forgotten(town: Town, session: AsyncSession) -> list[Wrong]:
    """What was deleted or edited away stands nowhere, in no table and in no message. What one
    person alone saw in passing is Slack's and goes with their window."""
    rows = [
        str(tuple(row))
        for table in Base.metadata.sorted_tables
        for row in await session.execute(select(table))
    ]
    said = [
        words_of(each)
        for channel in town.slack.channels.values()
        for each in bot_messages(town, channel.messages.values())
    ]
    kept = town.forbidden & set(TOKEN.findall(" ".join([*rows, *said])))
    return [(LEAKED, f"{token}, which was taken back") for token in sorted(kept)]


async def check_next_steps(town: Town, session: AsyncSession, now: datetime) -> list[Wrong]:
    late = now - OVERDUE
    alive = {each.ts for each in town.open_to_replies}
    wrong = []
    for row in await session.scalars(select(Question)):
        has_ended = row.solved_at or row.closed_at or row.withdrawn_at or row.merged_into_id
        if row.message_ts not in alive or has_ended:
            continue
        if row.step_at is None or row.step_at < late:
            wrong.append((STUCK, f"the question {row.text!r}: its next step is {row.step_at}"))
    owed = select(Outbox).where(Outbox.due_at < late)
    wrong += [
        (STUCK, f"{each.kind} of {each.subject}, owed since {each.due_at}: {each.error}")
        for each in await session.scalars(owed)
    ]
    failed = await session.scalars(select(FailedEvent))
    return [*wrong, *((STUCK, f"{each.reference} failed: {each.error}") for each in failed)]
