"""How a question stands, as its card and the bot's reaction show it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.experts.lateness import is_unopened
from bot.experts.offer_notes import owe_notes_about
from bot.files import list_files
from bot.kinds import HAND_OFF, HAND_OFF_CALL, QUESTION_CARD, QUESTION_MARKER, QUESTION_NEWS
from bot.outbox import owe_homes
from bot.recognition.digests import WEEKLY_DIGEST
from bot.rights import may_be_shown_in
from bot.text import FileFacts
from storage import channels, outbox, people
from storage.experts import offers, topics
from storage.outbox import Kind
from storage.questions import answers, questions, solutions
from storage.recognition import digests
from storage.tables import Channel, Question, Topic

VOUCHED_FOR = timedelta(days=1)  # then somebody's ✅ on their own reply counts
OPEN, SOLVED = "eyes", "white_check_mark"  # the bot's reactions on the asker's message


@dataclass(frozen=True)
class SolutionView:
    author_id: str
    text: str
    message_ts: str
    thread_ts: str | None = None  # where it is not the question's thread
    files: tuple[FileFacts, ...] = ()


@dataclass(frozen=True)
class ReusedView:
    """The question whose solution solved this one too; without a place and an author
    where not everybody in the channel can read it."""

    channel_id: str = ""
    thread_ts: str = ""
    author: str = ""  # a name: nobody is called for it
    is_gone: bool = False  # deleted, or no question after all


@dataclass(frozen=True)
class MergedView:
    """The question that this one is the same as; without a place where not everybody in the
    channel can read it."""

    channel_id: str = ""
    thread_ts: str = ""


@dataclass(frozen=True)
class Asked:
    """An expert who was asked, and why they."""

    user_id: str
    solved_like: int = 0  # similar questions that they had solved
    referred_by: str | None = None


@dataclass(frozen=True)
class Helpdesk:
    """The topic's helpdesk outside Slack: whether it is told of the question, and what it
    answered."""

    is_called: bool = False
    is_told: bool = False
    is_lost: bool = False  # it could not be reached
    reference: str = ""
    link: str = ""


@dataclass(frozen=True)
class QuestionCard:
    """How a question stands; all that its card shows."""

    question_id: int
    team_id: str
    channel_id: str
    thread_ts: str
    card_ts: str | None
    asker_id: str
    topic: str | None
    asked: tuple[Asked, ...]  # those who have not passed
    claimed_by: str | None
    answers: int
    solutions: tuple[SolutionView, ...]
    is_withdrawn: bool
    reused: ReusedView | None = None
    merged: MergedView | None = None
    is_doubted: bool = False
    is_outdated: bool = False
    stage: str = ""  # how far the asking went: see `bot/experts/steps`
    next_step: str | None = None  # what comes next, and when
    next_at: datetime | None = None
    is_told_weekly: bool = True  # its channel has a digest, which tells of it while it waits
    hand_off_channel_id: str | None = None
    helpdesk: Helpdesk | None = None
    has_follow_ups: bool = False  # its asker said more in the channel
    have_it_too: int = 0  # others, who said so
    is_stuck: bool = False  # none of the answers helped its asker
    is_over: bool = False  # says its asker, who may say otherwise
    counts_at: datetime | None = None  # when somebody's ✅ on their own reply solves it
    is_solved_elsewhere: bool = False  # says its asker: no reply did it
    closed_why: str = ""  # see `bot/experts/closing`; empty while it is open
    is_first_here: bool = False  # the first card, and the first ✅, of a channel explain themselves
    text: str = ""
    asker: str = ""  # a name: the card calls nobody but those who are asked
    last_reply_by: str = ""  # a name
    has_experts: bool = True  # somebody but its asker helps on its topic
    is_posted_for_asker: bool = False  # they cannot edit or delete it themselves
    assistant: str | None = None  # what its asker calls the program that wrote it

    @property
    def is_answered(self) -> bool:
        """Somebody answered, and its asker did not say that it was no help."""
        return bool(self.answers) and not self.is_stuck

    @property
    def is_waiting(self) -> bool:
        """Nobody answered it, nobody is on it, and it did not end."""
        ends = (self.solutions, self.reused, self.merged, self.closed_why)
        is_over = any(ends) or self.is_over or self.is_withdrawn or self.is_solved_elsewhere
        return not is_over and not self.is_answered and self.claimed_by is None

    @property
    def asked_ids(self) -> tuple[str, ...]:
        return tuple(each.user_id for each in self.asked)


@dataclass(frozen=True)
class Marker:
    """The bot's reaction on the asker's message: the one there, and the one wanted."""

    channel_id: str
    message_ts: str
    present: str | None
    wanted: str | None


@dataclass(frozen=True)
class Place:
    channel_id: str
    thread_ts: str


@dataclass(frozen=True)
class Source:
    """The reply that a question was split from."""

    message_ts: str
    thread_ts: str


@dataclass(frozen=True)
class AskedByCommand:
    """A question that the bot posts in the asker's name-mention: from /ask, or split from a
    thread."""

    channel_id: str
    asker_id: str
    text: str
    message_ts: str | None  # where it is posted already
    is_withdrawn: bool
    source: Source | None = None
    asker: str = ""  # a name: nobody is called to what they asked themselves
    assistant: str | None = None  # what they call the program that wrote it


async def owe_about(
    session: AsyncSession,
    kind: Kind[int],
    question: Question,
    *,
    now: datetime,
    due_at: datetime = outbox.AT_ONCE,
) -> None:
    """Owe a thing of this kind about the question, in its newest state. What changes its card is
    news for those outside Slack who are told of it."""
    if kind is QUESTION_CARD and outbox.tells_of_questions(session):
        await owe_about(session, QUESTION_NEWS, question, now=now)
    await outbox.owe(
        session,
        kind,
        question.id,
        team_id=question.team_id,
        lane=question.channel_id,
        now=now,
        due_at=due_at,
    )


async def owe_card(
    session: AsyncSession,
    question: Question,
    *,
    now: datetime,
    due_at: datetime = outbox.AT_ONCE,
    has_notes: bool = True,
) -> None:
    """Owe the card, and what else tells how the question stands. `has_notes`: False where it is
    known that no message lists it."""
    if is_unopened(question):
        return
    await owe_about(session, QUESTION_CARD, question, now=now, due_at=due_at)
    if has_notes:
        await owe_notes_about(session, question, now=now)
    if question.hand_off_ts is not None:
        await owe_about(session, HAND_OFF, question, now=now)
    if question.hand_off_called_at is not None:
        await owe_about(session, HAND_OFF_CALL, question, now=now)


async def owe_card_and_marker(
    session: AsyncSession,
    question: Question,
    *,
    now: datetime,
    card_due_at: datetime = outbox.AT_ONCE,
) -> None:
    """Owe the card, and the reaction on the asker's message: it was opened, solved or closed."""
    await owe_card(session, question, now=now, due_at=card_due_at)
    await owe_marker(session, question, now=now)


async def owe_marker(session: AsyncSession, question: Question, *, now: datetime) -> None:
    if not is_unopened(question):
        await owe_about(session, QUESTION_MARKER, question, now=now)


async def owe_linking_cards(
    session: AsyncSession, team_id: str, question_id: int, *, now: datetime
) -> None:
    """Owe the cards of the questions that this one's solution answered too."""
    for each in await questions.list_answered_by(session, team_id, question_id):
        await owe_about(session, QUESTION_CARD, each, now=now)


async def get_card(session: AsyncSession, team_id: str, question_id: int) -> QuestionCard | None:
    """How the question stands; None while it is not posted."""
    question = await questions.get(session, team_id, question_id)
    if question is None or question.thread_ts is None:
        return None
    topic = await topics.get(session, team_id, question.topic_id) if question.topic_id else None
    channel = await channels.get(session, team_id, question.channel_id)
    asked = await offers.list_of(session, question.id)
    last = await answers.get_last_counted(session, question)
    return QuestionCard(
        question_id=question.id,
        team_id=team_id,
        channel_id=question.channel_id,
        thread_ts=question.thread_ts,
        card_ts=question.card_ts,
        asker_id=question.asker_id,
        topic=topic.name if topic and not topic.made_for else None,
        asked=tuple(
            Asked(offer.user_id, offer.solved_like, offer.referred_by)
            for offer in asked
            if offer.passed_at is None and offer.ended_at is None
        ),
        claimed_by=question.claimed_by,
        answers=await questions.count_answers(session, question),
        solutions=await list_solutions(session, question),
        is_withdrawn=question.withdrawn_at is not None,
        reused=await get_reused(session, question),
        merged=await get_merged(session, question),
        is_doubted=question.doubted_at is not None,
        is_outdated=question.outdated_at is not None,
        stage=question.stage,
        next_step=question.next_step,
        next_at=question.next_at,
        is_told_weekly=await is_told_weekly(session, question),
        hand_off_channel_id=topic.hand_off_channel_id if topic else None,
        helpdesk=helpdesk_of(question, topic),
        has_follow_ups=await has_follow_ups(session, question),
        have_it_too=len(await answers.list_who_have_it_too(session, question)),
        is_stuck=question.stuck_at is not None
        and (last is None or last.answered_at <= question.stuck_at),
        is_over=question.over_at is not None,
        counts_at=question.vouched_at + VOUCHED_FOR if question.vouched_at else None,
        is_solved_elsewhere=question.solved_at is not None
        and question.solved_at == question.solved_elsewhere_at,
        closed_why=question.closed_why or "",
        text=question.text,
        asker=await name_of(session, question.team_id, question.asker_id),
        last_reply_by=await name_of(session, question.team_id, last.author_id) if last else "",
        has_experts=bool(asked) or await has_experts(session, question),
        is_posted_for_asker=question.is_asked_by_command and question.split_ts is None,
        assistant=question.assistant,
        is_first_here=channel is not None and is_first(question, channel),
    )


def is_first(question: Question, channel: Channel) -> bool:
    """Whether its card is the first of the channel, or the first that tells of a solution."""
    known = channel.first_question_id if question.solved_at is None else channel.first_solved_id
    return known in (None, question.id)


async def name_of(session: AsyncSession, team_id: str, user_id: str) -> str:
    """As they call themselves; empty for who is unknown."""
    person = await people.get(session, team_id, user_id)
    return person.name if person else ""


async def has_experts(session: AsyncSession, question: Question) -> bool:
    """Whether somebody else than its asker helps on its topic."""
    if question.topic_id is None:
        return False
    found = await topics.list_expert_ids(session, question.team_id, question.topic_id)
    return any(user_id != question.asker_id for user_id in found)


async def is_told_weekly(session: AsyncSession, question: Question) -> bool:
    channel = await channels.get(session, question.team_id, question.channel_id)
    if channel is None or not channel.is_help:
        return False
    schedule = await digests.get_schedule(session, question.team_id, WEEKLY_DIGEST, "")
    return schedule is not None and schedule.paused_at is None


async def has_follow_ups(session: AsyncSession, question: Question) -> bool:
    """Only a text of several lines may be of several messages."""
    return "\n" in question.text and await questions.has_later_part(session, question)


async def list_solutions(session: AsyncSession, question: Question) -> tuple[SolutionView, ...]:
    accepted = [answer for _, answer in await solutions.list_of(session, question.id)]
    shown = await list_files(session, [question] if accepted else [])
    return tuple(
        SolutionView(
            answer.author_id,
            answer.text,
            answer.message_ts,
            answer.thread_ts,
            shown.replied(answer),
        )
        for answer in accepted
    )


def helpdesk_of(question: Question, topic: Topic | None) -> Helpdesk | None:
    is_called = question.hand_off_called_at is not None
    if question.handed_off_at is not None and not is_called:
        return None  # it was handed off before there was one
    if not is_called and (topic is None or topic.hand_off_url is None):
        return None
    is_told = question.hand_off_told is not None
    return Helpdesk(
        is_called=is_called,
        is_told=is_told,
        is_lost=question.hand_off_failed_at is not None and not is_told,
        reference=question.hand_off_reference or "",
        link=question.hand_off_link or "",
    )


async def get_reused(session: AsyncSession, question: Question) -> ReusedView | None:
    if question.reused_id is None:
        return None
    earlier = await questions.get(session, question.team_id, question.reused_id)
    if earlier is None or earlier.withdrawn_at is not None:
        return ReusedView(is_gone=True)
    accepted = await solutions.answering(session, earlier)
    if accepted is None:
        return ReusedView()
    solution, answer = accepted
    earlier = await questions.get(session, question.team_id, solution.question_id)
    if earlier is None or not await may_be_shown_in(session, earlier, question.channel_id):
        return ReusedView()
    author = await name_of(session, question.team_id, answer.author_id)
    return ReusedView(earlier.channel_id, earlier.thread_ts or "", author)


async def get_merged(session: AsyncSession, question: Question) -> MergedView | None:
    if question.merged_into_id is None:
        return None
    other = await questions.get(session, question.team_id, question.merged_into_id)
    if other is None or not await may_be_shown_in(session, other, question.channel_id):
        return MergedView()
    return MergedView(other.channel_id, other.thread_ts or "")


async def get_marker(session: AsyncSession, team_id: str, question_id: int) -> Marker | None:
    question = await questions.get(session, team_id, question_id)
    if question is None or question.message_ts is None:
        return None
    state = SOLVED if question.solved_at else OPEN
    return Marker(
        channel_id=question.channel_id,
        message_ts=question.message_ts,
        present=question.marker,
        wanted=None if question.withdrawn_at or question.closed_at else state,
    )


async def get_asked_by_command(
    session: AsyncSession, team_id: str, question_id: int
) -> AskedByCommand | None:
    question = await questions.get(session, team_id, question_id)
    if question is None:
        return None
    return AskedByCommand(
        channel_id=question.channel_id,
        asker_id=question.asker_id,
        text=question.text,
        message_ts=question.message_ts,
        is_withdrawn=question.withdrawn_at is not None,
        source=await get_source(session, question),
        asker=await name_of(session, team_id, question.asker_id),
        assistant=question.assistant,
    )


async def get_source(session: AsyncSession, question: Question) -> Source | None:
    if question.split_ts is None:
        return None
    reply = await answers.get_by_message(
        session,
        team_id=question.team_id,
        channel_id=question.channel_id,
        message_ts=question.split_ts,
    )
    return Source(question.split_ts, (reply.thread_ts or "") if reply else "")


async def get_place(session: AsyncSession, team_id: str, question_id: int) -> Place | None:
    question = await questions.get(session, team_id, question_id)
    if question is None or question.thread_ts is None:
        return None
    return Place(question.channel_id, question.thread_ts)


async def note_card(
    session: AsyncSession, team_id: str, question_id: int, card_ts: str | None
) -> None:
    await questions.note_card(session, team_id, question_id, card_ts)


async def note_shown(session: AsyncSession, card: QuestionCard, *, now: datetime) -> None:
    """The card stands as it was drawn: what explained itself once in the channel does so no more,
    and those whom it concerns see it in App Home."""
    if card.is_first_here and not (card.reused or card.is_solved_elsewhere):
        place = (session, card.team_id, card.channel_id, card.question_id)
        await channels.note_first(*place, is_solved=bool(card.solutions))
    concerned = {card.asker_id, *card.asked_ids, *([card.claimed_by] if card.claimed_by else [])}
    await owe_homes(session, team_id=card.team_id, user_ids=concerned, now=now)


async def note_marker(
    session: AsyncSession, team_id: str, question_id: int, marker: str | None
) -> None:
    await questions.note_marker(session, team_id, question_id, marker)
