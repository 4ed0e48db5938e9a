"""Taking in what was judged: questions with their answers and what solved them, into the index.

Nothing is posted, nobody gets credit, and nothing of it counts as having happened now: questions of
an import carry its number, and whoever counts leaves those out. What is known already, was erased,
or is of who stays out is left; so taking in the same again changes nothing."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.archive.archives import Archive, Human, Place
from bot.archive.judging import ERASED, KNOWN, STAYS_OUT, TOO_OLD, UNSURE, Judged
from bot.archive.preparing import Prepared, Who
from bot.detection import Reply
from bot.privacy.retention import MONTH, list_rules
from bot.text import MAX_TEXT, cut, moment_of
from storage import channels, search
from storage.archive import taking_in
from storage.privacy.retention import ALL, EVERYWHERE
from storage.questions.answers import ANSWER, ME_TOO, NO_ANSWER
from storage.tables import Channel, Import

NEVER_AGAIN = datetime(9000, 1, 1, tzinfo=UTC)  # Slack is not asked what it is

KINDS = {
    Reply.ANSWER_OR_QUESTION_BACK: ANSWER,
    Reply.ME_TOO: ME_TOO,
    Reply.NO_ANSWER: NO_ANSWER,
    None: ANSWER,  # the asker's own
}


@dataclass
class Tally:
    """What came of the conversations, by how sure and by why they were left."""

    messages: int = 0
    conversations: int = 0
    answers: int = 0
    taken: Counter[str] = field(default_factory=Counter)
    left: Counter[str] = field(default_factory=Counter)

    def add(self, other: "Tally") -> None:
        self.messages += other.messages
        self.conversations += other.conversations
        self.answers += other.answers
        self.taken.update(other.taken)
        self.left.update(other.left)

    def as_figures(self) -> dict[str, Any]:
        return {
            "messages": self.messages,
            "conversations": self.conversations,
            "answers": self.answers,
            "taken": dict(self.taken),
            "left": dict(self.left),
        }


def tally_of(figures: Mapping[str, Any]) -> Tally:
    return Tally(
        figures.get("messages", 0),
        figures.get("conversations", 0),
        figures.get("answers", 0),
        Counter(figures.get("taken", {})),
        Counter(figures.get("left", {})),
    )


async def who_counts(session: AsyncSession, team_id: str, archive: Archive, place: Place) -> Who:
    """Whose words count in that place."""
    stays_out = await taking_in.list_staying_out(session, team_id)
    return Who(
        apps=frozenset(each.user_id for each in archive.people.values() if each.is_bot),
        outside=frozenset(
            user_id for user_id, where in stays_out if where in ("", place.channel_id)
        ),
    )


async def get_oldest(
    session: AsyncSession, team_id: str, channel_id: str, *, now: datetime
) -> datetime | None:
    """Before when nothing is kept there, by the workspace's own rules; None where all is."""
    rules = [each for each in await list_rules(session, team_id) if each.kind == ALL]
    own = [each.months for each in rules if each.channel_id == channel_id]
    months = own or [each.months for each in rules if each.channel_id == EVERYWHERE]
    return now - min(months) * MONTH if months else None


async def choose(
    session: AsyncSession,
    team_id: str,
    place: Place,
    prepared: Sequence[Prepared],
    *,
    oldest: datetime | None,
) -> tuple[list[Prepared], Tally]:
    """Those to take in, and the tally of all."""
    tally = Tally(conversations=len(prepared))
    for each in prepared:
        if each.judged.left:
            tally.left[each.judged.left] += 1
    wanted = [each for each in prepared if not each.judged.left]
    known, erased = await taking_in.list_known(
        session,
        team_id,
        place.channel_id,
        [post.ts for each in wanted for post in each.judged.posts],
    )
    chosen = []
    for each in wanted:
        why = why_not(each.judged, known, erased, oldest)
        if why:
            tally.left[why] += 1
            continue
        chosen.append(each)
        tally.taken[each.judged.how_sure] += 1
        tally.answers += len(each.judged.posts) - 1
    return chosen, tally


def why_not(
    judged: Judged, known: Collection[str], erased: Collection[str], oldest: datetime | None
) -> str:
    tss = [post.ts for post in judged.posts]
    if any(ts in erased for ts in tss):
        return ERASED
    if any(ts in known for ts in tss):
        return KNOWN
    if oldest is not None and moment_of(tss[0]) < oldest:
        return TOO_OLD
    return ""


async def take_in(
    session: AsyncSession,
    imported: Import,
    archive_people: Mapping[str, Human],
    place: Place,
    prepared: Sequence[Prepared],
    *,
    now: datetime,
) -> Tally:
    """Write what is new of it; returns what came of each."""
    team_id = imported.team_id
    stays_out = await taking_in.list_staying_out(session, team_id)
    prepared = [without_outsiders(each, stays_out, place) for each in prepared]
    oldest = await get_oldest(session, team_id, place.channel_id, now=now)
    chosen, tally = await choose(session, team_id, place, prepared, oldest=oldest)
    if not chosen:
        return tally
    channel = await get_channel(session, imported, place, now=now)
    authors = {post.author_id for each in chosen for post in each.judged.posts}
    await learn_people(session, imported, archive_people, authors, now=now)
    ids = await taking_in.add_questions(
        session, [question_of(imported, channel, each.judged) for each in chosen]
    )
    await add_answers(session, imported, channel, dict(zip(ids, chosen, strict=True)))
    await search.put_new(
        session,
        team_id,
        place.channel_id,
        {question_id: each.fields for question_id, each in zip(ids, chosen, strict=True)},
    )
    return tally


def without_outsiders(
    prepared: Prepared, stays_out: Collection[tuple[str, str]], place: Place
) -> Prepared:
    """Somebody may have chosen to stay out while it was prepared."""
    judged = prepared.judged
    if judged.left or not stays_out:
        return prepared
    for post in judged.posts:
        if {(post.author_id, ""), (post.author_id, place.channel_id)} & {*stays_out}:
            return Prepared(Judged(posts=judged.posts[:1], left=STAYS_OUT))
    return prepared


async def get_channel(
    session: AsyncSession, imported: Import, place: Place, *, now: datetime
) -> Channel:
    """The channel as it is known; one that is not is one that the bot is not in."""
    known = await channels.get(session, imported.team_id, place.channel_id)
    if known is not None:
        return known
    row = Channel(
        team_id=imported.team_id,
        channel_id=place.channel_id,
        name=place.name,
        is_private=place.is_private,
        is_shared=place.is_shared,
        is_help=False,
        mode="asking",
        boldness=0,
        left_at=now,
        looked_at=NEVER_AGAIN if place.is_foreign else None,
    )
    await taking_in.add_channel(session, imported, row)
    found = await channels.get(session, imported.team_id, place.channel_id)
    assert found is not None
    return found


async def learn_people(
    session: AsyncSession,
    imported: Import,
    archive_people: Mapping[str, Human],
    user_ids: Iterable[str],
    *,
    now: datetime,
) -> None:
    """Those who wrote, as the archive knows them. What it says of rights is old: nobody reads or
    decides anything by it before Slack was asked."""
    known = await taking_in.list_known_people(session, imported.team_id, {*user_ids})
    rows = [
        person_of(imported.team_id, archive_people.get(user_id) or Human(user_id, ""), now)
        for user_id in sorted({*user_ids} - known)
    ]
    await taking_in.add_people(session, imported, rows)


def person_of(team_id: str, human: Human, now: datetime) -> dict[str, Any]:
    return {
        "team_id": team_id,
        "user_id": human.user_id,
        "name": human.name,
        "timezone": human.timezone,
        "is_admin": False,
        "is_bot": human.is_bot,
        "is_guest": True,  # until Slack says otherwise: who reads what is not for an archive to say
        "is_external": human.is_external,
        "is_deactivated": human.is_deactivated,
        "read_at": moment_of("0"),
    }


def question_of(imported: Import, channel: Channel, judged: Judged) -> dict[str, Any]:
    first = judged.posts[0]
    return {
        "team_id": imported.team_id,
        "channel_id": channel.channel_id,
        "message_ts": first.ts,
        "thread_ts": first.ts,
        "asker_id": first.author_id,
        "text": cut(first.text, MAX_TEXT),
        "topic_id": channel.topic_id,
        "has_files": any(post.files for post in judged.posts),
        "asked_at": moment_of(first.ts),
        "solved_at": moment_of(judged.accepted_ts),
        "import_id": imported.id,
    }


async def add_answers(
    session: AsyncSession, imported: Import, channel: Channel, chosen: Mapping[int, Prepared]
) -> None:
    """The replies, the question's own message, what solved it, and what is known of that."""
    place = {"team_id": imported.team_id, "channel_id": channel.channel_id}
    judged = {question_id: each.judged for question_id, each in chosen.items()}
    rows = [
        answer_of(place, question_id, each, at)
        for question_id, each in judged.items()
        for at in range(1, len(each.posts))
    ]
    numbers = iter(await taking_in.add_answers(session, rows))
    answer_ids = {
        question_id: [next(numbers) for _ in each.posts[1:]] for question_id, each in judged.items()
    }
    await taking_in.add_rest(
        session,
        parts=[part_of(place, question_id, each) for question_id, each in judged.items()],
        solutions=[
            solution_of(question_id, each, answer_ids[question_id])
            for question_id, each in judged.items()
        ],
        archived=[archived_of(imported, question_id, each) for question_id, each in judged.items()],
        files=[row for each in judged.values() for row in files_of(place, each)],
    )


Row = dict[str, Any]


def answer_of(place: Row, question_id: int, judged: Judged, at: int) -> Row:
    post = judged.posts[at]
    return {
        **place,
        "message_ts": post.ts,
        "question_id": question_id,
        "author_id": post.author_id,
        "kind": ANSWER if at == judged.solution else KINDS[judged.kinds[at]],
        "text": cut(post.text, MAX_TEXT),
        "answered_at": moment_of(post.ts),
        "said_at": moment_of(post.edited_ts or post.ts),
    }


def part_of(place: Row, question_id: int, judged: Judged) -> Row:
    first = judged.posts[0]
    return {
        **place,
        "message_ts": first.ts,
        "question_id": question_id,
        "text": cut(first.text, MAX_TEXT),
        "said_at": moment_of(first.edited_ts or first.ts),
    }


def solution_of(question_id: int, judged: Judged, answer_ids: Sequence[int]) -> Row:
    return {
        "answer_id": answer_ids[judged.solution - 1],
        "question_id": question_id,
        "accepted_by": judged.accepted_by,
        "accepted_at": moment_of(judged.accepted_ts),
    }


def archived_of(imported: Import, question_id: int, judged: Judged) -> Row:
    return {
        "question_id": question_id,
        "import_id": imported.id,
        "team_id": imported.team_id,
        "how_sure": judged.how_sure,
        "why": judged.why,
        "link": judged.link or None,
        "ask_at": imported.started_at if judged.how_sure == UNSURE else None,
    }


def files_of(place: Row, judged: Judged) -> Iterator[Row]:
    for post in judged.posts:
        for file_id, title, kind in {file[0]: file for file in post.files}.values():
            yield {
                **place,
                "message_ts": post.ts,
                "file_id": file_id,
                "kind": kind,
                "title": title,
                "words": "",
                "kept_at": moment_of(post.ts),
            }
