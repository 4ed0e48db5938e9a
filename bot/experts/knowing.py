"""What is known of how likely people know the answer to a question: found when it is asked, and
kept for who is asked later, and to learn from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zlib import crc32

from sqlalchemy.ext.asyncio import AsyncSession

from bot.alike import find_alike, lines_of
from bot.experts.readiness import Roll
from bot.experts.rhythms import rhythm_of
from bot.experts.routing import Known, PastHelp, know_experts, most_helpful
from bot.rights import may_all_read
from storage.experts import learning, rhythms
from storage.questions import questions
from storage.search import Hit, asks_alike
from storage.tables import Question, Rhythm

REFERRED = 0.7  # likeness that "ask them instead" counts as, for questions of the same topic
QUITE_LIKE = 0.4  # share of what a question says that makes another as like as can be, for rank
FEWEST_ALIKE = 2  # words that it shares at least with what somebody else solved
# So much, and so many words, for what people read; calibrated by eye, see `bench/RESULTS.md`.
LIKE, FEWEST_WORDS = 0.85, 3
LIKE_IN_MANY, MANY_WORDS = 0.5, 12
MOST_KEPT = 60  # people
DIGITS = 3


@dataclass(frozen=True)
class Found:
    """What tells who knows, beside what is known of people anyway."""

    helps: Sequence[PastHelp] = ()
    helped_asker: Mapping[str, int] = field(default_factory=dict)
    kept: Mapping[str, Known] = field(default_factory=dict)  # from when it was asked first
    is_kept: bool = False

    @property
    def helpers(self) -> list[str]:
        """Who helped in questions like it, the most helpful first."""
        return list(self.kept) if self.is_kept else most_helpful(self.helps)


NOTHING = Found(is_kept=True)


async def find(
    session: AsyncSession, question: Question, roll: Roll, alike: Sequence[Hit] | None
) -> Found:
    return Found(
        helps=await list_helps(session, question, roll, alike),
        helped_asker=await rhythms.count_helped(session, question),
    )


async def get_kept(session: AsyncSession, question: Question, roll: Roll) -> Found | None:
    """What was known when it was asked first, unless it says something else by now."""
    kept = await roll.get_kept(session, question.id)
    if kept is None or kept.checksum != checksum_of(question):
        return None
    known = {
        user_id: Known(figures, kept.solved_like[user_id])
        for user_id, figures in kept.figures.items()
    }
    return Found(kept=known, is_kept=True)


async def keep(
    session: AsyncSession, question: Question, known: Mapping[str, Known], *, now: datetime
) -> None:
    people = {
        user_id: [
            *(round(each, DIGITS) for each in known[user_id].figures),
            known[user_id].solved_like,
        ]
        for user_id in list(known)[:MOST_KEPT]
    }
    await learning.keep(
        session,
        team_id=question.team_id,
        question_id=question.id,
        checksum=checksum_of(question),
        people=people,
        now=now,
    )


def checksum_of(question: Question) -> int:
    return crc32(question.text.encode())


def known_of(
    found: Found, user_ids: Sequence[str], rhythms: Mapping[str, Rhythm | None], *, now: datetime
) -> dict[str, Known]:
    """What is known of each of these people; who came since it was asked first has only what is
    known of them anyway."""
    if all(user_id in found.kept for user_id in user_ids):
        return {user_id: found.kept[user_id] for user_id in user_ids}
    known = {user_id: rhythm_of(row) for user_id, row in rhythms.items()}
    new = know_experts(
        user_ids,
        found.helps,
        rhythms={user_id: rhythm for user_id, rhythm in known.items() if rhythm},
        helped_asker=found.helped_asker,
        now=now,
    )
    return {**new, **{each: found.kept[each] for each in user_ids if each in found.kept}}


async def list_helps(
    session: AsyncSession, question: Question, roll: Roll, alike: Sequence[Hit] | None
) -> list[PastHelp]:
    """Who helped in questions like this one, as far as everybody who reads its card may know;
    and whom others named for its topic."""
    referrals = (
        await roll.list_referrals(session, question.team_id, question.topic_id)
        if question.topic_id is not None
        else []
    )
    referred = [PastHelp(row.to_id, REFERRED, 1, row.referred_at) for row in referrals]
    alike = await find_alike(session, question) if alike is None else alike
    hits = await list_shown(session, question, alike)
    if not hits:
        return referred
    evidence = await list_evidence(session, question, hits)
    return referred + [
        PastHelp(
            row.user_id,
            min(1.0, hits[row.question_id].share / QUITE_LIKE),
            row.answers,
            row.helped_at,
            is_evidence=row.solutions > 0 and row.question_id in evidence,
        )
        for row in await roll.list_helps(session, list(hits))
    ]


async def list_solved_alike(
    session: AsyncSession, question: Question, alike: Sequence[Hit] | None, roll: Roll
) -> dict[str, set[int]]:
    """The questions quite like this one that each person but its asker solved, of those that all
    its readers can read."""
    alike = await find_alike(session, question) if alike is None else alike
    near = [hit for hit in alike if hit.share >= QUITE_LIKE and hit.words >= FEWEST_ALIKE]
    shown = await list_shown(session, question, near)
    solved: dict[str, set[int]] = {}
    for row in await roll.list_helps(session, list(shown)) if shown else []:
        if row.solutions and row.user_id != question.asker_id:
            solved.setdefault(row.user_id, set()).add(row.question_id)
    return solved


async def list_evidence(
    session: AsyncSession, question: Question, hits: Mapping[int, Hit]
) -> set[int]:
    """Those of which it may be said, where people read it, that they are like the question: found
    by much of what it says, and asking the same by their own words."""
    like = [
        question_id
        for question_id, hit in hits.items()
        if hit.words >= FEWEST_WORDS
        and hit.share >= (LIKE if hit.words < MANY_WORDS else LIKE_IN_MANY)
    ]
    if not like:
        return set()
    asked = lines_of(question.text)
    texts = await questions.list_texts(session, like)
    return {each for each, text in texts.items() if asks_alike(asked, lines_of(text))}


async def list_shown(
    session: AsyncSession, question: Question, alike: Sequence[Hit]
) -> dict[int, Hit]:
    """Those of them that everybody who reads the question can read too."""
    shown = {
        channel_id: await may_all_read(
            session, question.team_id, channel_id=channel_id, members_of=question.channel_id
        )
        for channel_id in dict.fromkeys(hit.channel_id for hit in alike)
    }
    return {hit.question_id: hit for hit in alike if shown[hit.channel_id]}
