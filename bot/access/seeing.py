"""What one person can see, as plain data, for programs that see for them.

Everything is looked at anew, at the moment of asking, by the rights that Slack's own surfaces go
by: what this person cannot read is not there. People stand in it as they are named to others;
texts as people read them, without Slack's markup."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import QuestionIsGone, TopicIsGone
from bot.files import ShownFiles, list_files
from bot.finding.filters import CHANNEL, PERSON, read_search, without_phrases
from bot.finding.find import RANKED, Result, is_unconfirmed, rank, results_of
from bot.rights import check_may_act, list_known_topics
from bot.text import is_nobody, named, plain
from storage import channels, people
from storage.access import seeing
from storage.access.seeing import CLAIMED, CLOSED, HANDED_OFF, MERGED, OPEN, SOLVED
from storage.access.seeing import STATES as STATES
from storage.experts import availability, topics
from storage.questions import answers, archived, solutions
from storage.questions.answers import ANSWER, BY_APP
from storage.tables import Answer, Question, Solution, Topic

MOST_ON_A_PAGE, USUAL_PAGE = 50, 20
AN_APP = "an app"


@dataclass(frozen=True)
class PersonView:
    """Somebody as others may know them; without an id where that is nobody's to know: who asked
    without a name, had themselves erased, or is an app."""

    user_id: str | None
    name: str


@dataclass(frozen=True)
class KnownTopic:
    topic_id: int
    name: str
    keywords: tuple[str, ...] = ()
    experts: int = 0  # people, by themselves or by a user group


@dataclass(frozen=True)
class AnswerView:
    answer_id: int
    question_id: int
    author: PersonView
    text: str
    answered_at: datetime
    channel_id: str
    message_ts: str
    thread_ts: str
    accepted_at: datetime | None  # None: it is no solution
    files: tuple[str, ...]  # their titles


@dataclass(frozen=True)
class QuestionView:
    question_id: int
    state: str  # one of STATES
    text: str
    asker: PersonView
    topic: tuple[int, str] | None
    channel_id: str
    channel: str  # its name
    message_ts: str
    asked_at: datetime
    claimed_by: PersonView | None
    solved_at: datetime | None
    confirmed_at: datetime | None  # somebody who knows says that the solution is still true
    is_doubted: bool
    is_outdated: bool
    is_unconfirmed: bool  # an archive alone says what solved it
    link: str | None  # where it is read, if that is not Slack
    same_as: int | None  # the question it was merged into or solved by, if they can read that
    files: tuple[str, ...]
    answers: tuple[AnswerView, ...] = ()


@dataclass(frozen=True)
class FoundView:
    """A solved question that was searched for."""

    question_id: int
    question: str
    answer: str  # the solution that was accepted first
    author: PersonView
    channel_id: str
    channel: str
    message_ts: str  # of the question
    solution_ts: str
    solution_thread_ts: str
    solved_at: datetime
    helped: int  # people
    confirmed_at: datetime | None
    is_doubted: bool
    is_outdated: bool
    is_unconfirmed: bool  # an archive alone says that this solved it
    link: str | None  # where it is read, if that is not Slack


@dataclass(frozen=True)
class Found:
    results: tuple[FoundView, ...]
    total: int
    seen: tuple[int, ...] | None  # to go on with; None where nothing is left


@dataclass(frozen=True)
class Listed:
    questions: tuple[QuestionView, ...]
    before_id: int | None  # to go on with; None where nothing is left


class Names:
    """What people and channels are called, for some texts and ids at once."""

    def __init__(self, people: Mapping[str, str], channels: Mapping[str, str]) -> None:
        self._people, self._channels = people, channels

    def person(self, user_id: str) -> PersonView:
        if is_nobody(user_id):
            return PersonView(None, named(user_id))
        if user_id.startswith("B"):
            return PersonView(None, AN_APP)
        return PersonView(user_id, self._people.get(user_id, user_id))

    def text(self, written: str) -> str:
        """Without what Slack tells of a channel's name to who wrote it: only public ones are
        called by theirs."""
        return plain(CHANNEL.sub(r"<#\1>", written), {**self._people, **self._channels})


async def names_for(
    session: AsyncSession, team_id: str, user_ids: Iterable[str], texts: Iterable[str]
) -> Names:
    written = "\n".join(texts)
    ids = {each for each in (*user_ids, *PERSON.findall(written)) if not is_nobody(each)}
    known = await people.list_known(session, team_id, ids) if ids else []
    mentioned = set(CHANNEL.findall(written))
    public = await channels.list_public_names(session, team_id, mentioned) if mentioned else {}
    return Names({each.user_id: each.name for each in known}, public)


async def search(
    session: AsyncSession,
    *,
    team_id: str,
    user_id: str,
    words: str,
    seen: Sequence[int] = (),
    limit: int = USUAL_PAGE,
    now: datetime,
) -> Found:
    """Solved questions, best first, as /find ranks them: those that were not seen yet. So what is
    there all the time comes once, whatever else comes, goes or rises meanwhile."""
    who = {"team_id": team_id, "user_id": user_id}
    await check_may_act(session, **who)
    wanted = await read_search(session, **who, text=words)
    ranked = await rank(session, **who, wanted=wanted, now=now)
    if not ranked and (in_words := without_phrases(wanted)):
        wanted, ranked = in_words, await rank(session, **who, wanted=in_words, now=now)
    left = [hit.question_id for hit in ranked if hit.question_id not in set(seen)]
    shown = await results_of(session, team_id, left[:limit])
    now_seen = (*seen, *left[:limit])[-2 * RANKED :]
    return Found(
        await found_views(session, team_id, shown),
        total=len(ranked),
        seen=now_seen if len(left) > limit else None,
    )


async def found_views(
    session: AsyncSession, team_id: str, results: Sequence[Result]
) -> tuple[FoundView, ...]:
    texts = [text for each in results for text in (each.question, each.solution)]
    names = await names_for(session, team_id, [each.author_id for each in results], texts)
    places = {each.channel_id for each in results}
    called = await seeing.list_channel_names(session, team_id, [*places])
    return tuple(
        FoundView(
            question_id=each.question_id,
            question=names.text(each.question),
            answer=names.text(each.solution),
            author=names.person(each.author_id),
            channel_id=each.channel_id,
            channel=called.get(each.channel_id, ""),
            message_ts=each.thread_ts,
            solution_ts=each.solution_ts,
            solution_thread_ts=each.solution_thread_ts or each.thread_ts,
            solved_at=each.solved_at,
            helped=each.helped,
            confirmed_at=each.confirmed_at,
            is_doubted=each.is_doubted,
            is_outdated=each.is_outdated,
            is_unconfirmed=each.is_unconfirmed,
            link=each.link,
        )
        for each in results
    )


async def read_question(
    session: AsyncSession, *, team_id: str, user_id: str, question_id: int
) -> QuestionView:
    """The question with its answers; QuestionIsGone where this person cannot read it, or where
    there is none."""
    who = {"team_id": team_id, "user_id": user_id}
    await check_may_act(session, **who)
    found = await seeing.list_readable(session, **who, ids=[question_id])
    if not found:
        raise QuestionIsGone()
    return (await question_views(session, found, user_id=user_id, with_answers=True))[0]


async def read_answer(
    session: AsyncSession, *, team_id: str, user_id: str, answer_id: int
) -> AnswerView:
    """QuestionIsGone where this person cannot read its question, or where there is none."""
    question_id = await seeing.get_answered(session, team_id, answer_id)
    if question_id is None:
        raise QuestionIsGone()
    question = await read_question(
        session, team_id=team_id, user_id=user_id, question_id=question_id
    )
    for answer in question.answers:
        if answer.answer_id == answer_id:
            return answer
    raise QuestionIsGone()


async def list_questions(
    session: AsyncSession,
    *,
    team_id: str,
    user_id: str,
    state: str | None = None,
    topic_id: int | None = None,
    channel_id: str | None = None,
    before_id: int | None = None,
    limit: int = USUAL_PAGE,
) -> Listed:
    """The newest first, without their answers. A page begins after the last question of the one
    before, whatever was asked since."""
    await check_may_act(session, team_id, user_id)
    found = await seeing.list_questions(
        session,
        team_id=team_id,
        user_id=user_id,
        state=state,
        topic_id=topic_id,
        channel_id=channel_id,
        before_id=before_id,
        limit=limit + 1,
    )
    shown = found[:limit]
    views = await question_views(session, shown, user_id=user_id)
    return Listed(views, shown[-1].id if len(found) > limit else None)


async def question_views(
    session: AsyncSession,
    found: Sequence[Question],
    *,
    user_id: str,
    with_answers: bool = False,
) -> tuple[QuestionView, ...]:
    """The caller made sure that this person can read them, and all are of one workspace."""
    if not found:
        return ()
    team_id = found[0].team_id
    replies = await list_replies(session, found) if with_answers else []
    user_ids = [each.asker_id for each in found] + [each.claimed_by or "" for each in found]
    user_ids += [answer.author_id for answer, _ in replies]
    texts = [*(each.text for each in found), *(answer.text for answer, _ in replies)]
    names = await names_for(session, team_id, user_ids, texts)
    called = await seeing.list_channel_names(session, team_id, [each.channel_id for each in found])
    topic_ids = [each.topic_id for each in found if each.topic_id is not None]
    topic_names = await seeing.list_topic_names(session, team_id, topic_ids)
    files = await list_files(session, found)
    linked = await list_linked(session, found, user_id)
    from_archive = await archived.list_of(session, [each.id for each in found])
    return tuple(
        QuestionView(
            question_id=each.id,
            state=state_of(each),
            text=names.text(each.text),
            asker=names.person(each.asker_id),
            topic=topic_of(each, topic_names),
            channel_id=each.channel_id,
            channel=called.get(each.channel_id, ""),
            message_ts=each.message_ts or "",
            asked_at=each.asked_at,
            claimed_by=names.person(each.claimed_by) if each.claimed_by else None,
            solved_at=each.solved_at,
            confirmed_at=each.confirmed_at,
            is_doubted=each.doubted_at is not None,
            is_outdated=each.outdated_at is not None,
            is_unconfirmed=is_unconfirmed(from_archive.get(each.id)),
            link=from_archive[each.id].link if each.id in from_archive else None,
            same_as=next((link for link in links_of(each) if link in linked), None),
            files=tuple(file.title for file in files.asked(each)),
            answers=tuple(
                answer_view(answer, solution, each, names, files)
                for answer, solution in replies
                if answer.question_id == each.id
            ),
        )
        for each in found
    )


async def list_replies(
    session: AsyncSession, found: Sequence[Question]
) -> list[tuple[Answer, Solution | None]]:
    """What was answered or asked back, and what was marked whatever it is, oldest first."""
    replies: list[tuple[Answer, Solution | None]] = []
    for question in found:
        accepted = {
            answer.id: solution
            for solution, answer in await solutions.list_of(session, question.id)
        }
        replies += [
            (answer, accepted.get(answer.id))
            for answer in await answers.list_of(session, question.id)
            if answer.kind in (ANSWER, BY_APP) or answer.id in accepted
        ]
    return replies


def answer_view(
    answer: Answer, solution: Solution | None, question: Question, names: Names, files: ShownFiles
) -> AnswerView:
    return AnswerView(
        answer_id=answer.id,
        question_id=question.id,
        author=names.person(answer.author_id),
        text=names.text(answer.text),
        answered_at=answer.answered_at,
        channel_id=answer.channel_id,
        message_ts=answer.message_ts,
        thread_ts=answer.thread_ts or question.thread_ts or "",
        accepted_at=solution.accepted_at if solution else None,
        files=tuple(file.title for file in files.replied(answer)),
    )


def topic_of(question: Question, names: Mapping[int, str]) -> tuple[int, str] | None:
    """As its card names it, to all who can read the question."""
    name = names.get(question.topic_id or 0)
    return None if name is None else (question.topic_id or 0, name)


def links_of(question: Question) -> list[int]:
    return [each for each in (question.merged_into_id, question.reused_id) if each is not None]


async def list_linked(
    session: AsyncSession, found: Sequence[Question], user_id: str
) -> frozenset[int]:
    """Of the questions that these point at, those that this person can read."""
    ids = [link for each in found for link in links_of(each)]
    readable = await seeing.list_readable(
        session, team_id=found[0].team_id, user_id=user_id, ids=ids
    )
    return frozenset(each.id for each in readable)


def state_of(question: Question) -> str:
    """The word for how it stands; each weighs more than those after it."""
    facts = {
        SOLVED: question.solved_at,
        CLOSED: question.closed_at,
        MERGED: question.merged_into_id,
        HANDED_OFF: question.handed_off_at,
        CLAIMED: question.claimed_at,
    }
    return next((state for state, fact in facts.items() if fact is not None), OPEN)


async def list_topics(
    session: AsyncSession, *, team_id: str, user_id: str
) -> tuple[KnownTopic, ...]:
    """Those that this person may know of, as /experts lists them."""
    await check_may_act(session, team_id, user_id)
    return await topic_views(session, team_id, await list_seen_topics(session, team_id, user_id))


async def read_topic(
    session: AsyncSession, *, team_id: str, user_id: str, topic_id: int
) -> KnownTopic:
    """TopicIsGone where this person may not know of it, or where there is none."""
    topic = await get_known(session, team_id, user_id, topic_id)
    return (await topic_views(session, team_id, [topic]))[0]


async def list_askable(
    session: AsyncSession, *, team_id: str, user_id: str, topic_id: int, now: datetime
) -> tuple[PersonView, ...]:
    """Who helps on the topic and can be asked now: nobody who is away, paused it or has left."""
    topic = await get_known(session, team_id, user_id, topic_id)
    ids = await topics.list_expert_ids(session, team_id, topic.id)
    closed = await people.list_closed(session, team_id, ids)
    away = await availability.list_away(session, team_id, ids, now=now)
    paused = await availability.list_paused(session, topic.id)
    there = [each for each in ids if each not in {*closed, *away, *paused}]
    names = await names_for(session, team_id, there, ())
    return tuple(names.person(each) for each in there)


async def get_known(session: AsyncSession, team_id: str, user_id: str, topic_id: int) -> Topic:
    await check_may_act(session, team_id, user_id)
    for topic in await list_seen_topics(session, team_id, user_id):
        if topic.id == topic_id:
            return topic
    raise TopicIsGone()


async def list_seen_topics(session: AsyncSession, team_id: str, user_id: str) -> Sequence[Topic]:
    """In Slack whoever presses is known by then; a program's person may have become unknown."""
    if await people.get(session, team_id, user_id) is None:
        return []
    return await list_known_topics(session, team_id, user_id)


async def topic_views(
    session: AsyncSession, team_id: str, known: Sequence[Topic]
) -> tuple[KnownTopic, ...]:
    experts = await seeing.count_experts(session, team_id, [each.id for each in known])
    return tuple(
        KnownTopic(each.id, each.name, tuple(each.keywords), experts.get(each.id, 0))
        for each in known
    )
