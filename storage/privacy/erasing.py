"""Erasing a person: where every table may name them or hold their words, and taking it out.

MAP has each column of every table that could: one that is new and not in it fails a test."""

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum, auto
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Table,
    Text,
    and_,
    cast,
    delete,
    exists,
    func,
    or_,
    select,
    tuple_,
    union,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession

from storage.search import tables as search_tables
from storage.tables import (
    Answer,
    AuditPerson,
    Base,
    DigestRun,
    Erasure,
    Faq,
    Kudos,
    ManagerNote,
    Mark,
    Question,
    QuestionPart,
    Topic,
)

ROWS_AT_ONCE = 500  # in one transaction: short enough to keep nobody waiting


class Rule(Enum):
    """What a column may hold of a person, and what erasing makes of it."""

    PLAIN = auto()  # nothing of a person
    ALIAS = auto()  # who did it: a fact about others too, that stays with a name for nobody
    NOBODY = auto()  # who is in charge: nobody is any more
    ROW = auto()  # whose row this is: it goes
    ABOUT = auto()  # may name them anywhere in it: the row goes
    NAMED = auto()  # a list of people: the alias stands in it
    WORDS = auto()  # what they wrote, or others of them: see bot/privacy/erasing.py
    INDEX = auto()  # made of words, and made anew with them


P, ALIAS, NOBODY, ROW, ABOUT, NAMED, WORDS, INDEX = Rule
PLACE = {"team_id": P, "channel_id": P}
MESSAGE = {**PLACE, "message_ts": P}
OWN = {"team_id": P, "user_id": ROW}

MAP: Mapping[str, Mapping[str, Rule]] = {
    # The ground: who is here.
    "workspaces": {
        **dict.fromkeys(("team_id", "name", "url", "bot_user_id", "marks", "enterprise_id"), P),
        "assistants_ask": P,
    },
    "installations": {
        **dict.fromkeys(("team_id", "enterprise_id", "app_id", "bot_id", "bot_user_id"), P),
        **dict.fromkeys(("name", "url", "sealed_token", "sealed_refresh", "turned_by"), P),
    },
    "gates": {"team_id": P, "what": P},  # of methods, channels and keys
    "channels": {**PLACE, "name": P, "mode": P},
    "channel_members": {**PLACE, "user_id": ROW},
    "channel_moves": {**PLACE, "user_id": ROW},
    "asking_forms": {**PLACE, "key": P, "name": P},
    "people": {**OWN, "name": ROW, "timezone": ROW},
    "group_members": {**OWN, "usergroup_id": P},
    "presences": OWN,
    "choices": OWN,
    "muted_nudges": {**OWN, "kind": P},
    "home_views": OWN,
    "changes": {
        **dict.fromkeys(("team_id", "setting"), P),
        **dict.fromkeys(("subject", "before", "after"), ABOUT),
        "changed_by": ALIAS,
    },
    # What is asked and answered.
    "questions": {
        **MESSAGE,
        **dict.fromkeys(("thread_ts", "interrupted_ts", "hand_off_ts", "split_ts", "card_ts"), P),
        **dict.fromkeys(("stage", "next_step", "closed_why", "marker", "hand_off_told"), P),
        **dict.fromkeys(("hand_off_reference", "hand_off_link"), P),
        **dict.fromkeys(("asker_id", "claimed_by", "merged_by", "doubted_by"), ALIAS),
        "assistant": WORDS,
        "text": WORDS,
    },
    "question_parts": {**MESSAGE, "text": WORDS, "edited_to": WORDS, "client_msg_id": P},
    "answers": {
        **MESSAGE,
        **dict.fromkeys(("kind", "thread_ts", "client_msg_id"), P),
        "author_id": ALIAS,
        "text": WORDS,
    },
    "files": {**MESSAGE, "file_id": P, "kind": P, "title": WORDS, "words": WORDS},
    "unsure_messages": {**MESSAGE, "author_id": ROW, "kind": P},
    "erased_messages": MESSAGE,
    "quotes": {**MESSAGE, "user_id": ROW},
    "marks": {**MESSAGE, "user_id": ALIAS},
    "solutions": {"accepted_by": ALIAS},
    "suggestions": {"team_id": P},
    # Who is asked.
    "topics": {
        **dict.fromkeys(("team_id", "name", "key", "keywords", "made_for"), P),
        **dict.fromkeys(("hand_off_channel_id", "hand_off_url", "hand_off_secret"), P),
        "sponsor_id": NOBODY,
        "created_by": ALIAS,
        "hint": WORDS,
    },
    "experts": {"member_id": ROW, "added_by": ALIAS},
    "invitations": {**OWN, "usergroup_id": P, "invited_by": ALIAS, "message_ts": P},
    "proposals": {
        **OWN,
        "accepted_by": ALIAS,
        "named_by": ALIAS,
        "message_ts": P,
    },
    "pauses": {"user_id": ROW},
    "availabilities": {**OWN, "days": ROW, "country": ROW},
    "calendars": {**OWN, "address": ROW, "busy": ROW, "failed_why": P},
    "rhythms": {**OWN, "hours": ROW},
    "weights": {"team_id": P, "figure": P},
    "figures": {"team_id": P, "people": ABOUT},
    "offers": {"team_id": P, "user_id": ALIAS, "referred_by": ALIAS},
    "offer_notes": {**OWN, "channel_id": P, "message_ts": P},
    "referrals": {"team_id": P, "from_id": ALIAS, "to_id": ALIAS},
    "nudges": {"user_id": ALIAS, "kind": P},
    # What is found again, or not.
    "misses": {"team_id": P, "words": ABOUT},
    "miss_seasons": {"team_id": P, "salt": P},
    "miss_marks": dict.fromkeys(("team_id", "theme", "mark"), P),
    "missing": {"team_id": P, "theme": P, "words": ABOUT},
    "finding_checks": {"team_id": P},
    "faq_posts": MESSAGE,
    "faq_picks": {**PLACE, "picked_by": ALIAS},
    "reviews": {"team_id": P, "reviewer_id": ALIAS},
    "review_notes": {**MESSAGE, "reviewer_id": ROW},
    "faqs": {"team_id": P, "message_ts": P, "written_by": ALIAS},
    "shares": {**MESSAGE, "shared_by": ALIAS},
    "search_terms": {"team_id": P, "term": INDEX, "backwards": INDEX},
    "search_documents": {"team_id": P, "terms": INDEX},
    "search_vectors": {"model": P, "vector": INDEX},
    "search_postings": {},
    "search_channels": PLACE,
    "search_totals": {"team_id": P},
    # Recognition.
    "kudos": {**PLACE, "kind": P, "giver_id": ALIAS, "receiver_id": ALIAS, "reason": WORDS},
    "worked_notes": {"team_id": P, "receiver_id": ALIAS, "giver_id": ALIAS},
    "thanks_posts": MESSAGE,
    "saved_times": {**OWN, "said": P},
    "sponsor_thanks": {"team_id": P, "slot": P, "sponsor_id": ALIAS, "receiver_id": ALIAS},
    "manager_notes": {
        **OWN,
        **dict.fromkeys(("period", "shown", "thanks", "channel_id", "message_ts"), P),
        "manager_id": ROW,
        "text": WORDS,
    },
    "digest_schedules": {
        **dict.fromkeys(("team_id", "kind", "cadence", "timezone", "last_slot"), P),
        "subject": ROW,
    },
    "digest_runs": {
        **MESSAGE,
        **dict.fromkeys(("kind", "slot", "more_ts", "told"), P),
        "subject": ROW,
        "named": NAMED,
    },
    "health_readings": {"team_id": P, "subject": P, "figures": P},  # counts alone
    "health_weeks": {"team_id": P, "subject": P},
    "channel_weeks": PLACE,
    "gap_readers": {**OWN, "named_by": ALIAS},
    "taught_themes": {"team_id": P, "theme": P, "marked_by": ALIAS},  # terms of five people or more
    # What is on its way, and what went wrong.
    "outbox": {
        **dict.fromkeys(("team_id", "kind", "key", "held_by", "waits_for", "error"), P),
        **dict.fromkeys(("subject", "lane", "payload"), ABOUT),
    },
    "failed_events": {"team_id": P, "reference": P, "body": ABOUT, "error": ABOUT},
    "taken_requests": {"signature": P},
    "backups": {},
    "absences": {**PLACE, "talked": P},
    "catch_ups": {**PLACE, "unheard_ts": P, "read_ts": P, "edges": P},
    # From before the bot was there.
    "imports": {
        **dict.fromkeys(("team_id", "source", "name", "checksum", "figures"), P),
        "started_by": ALIAS,
    },
    "archived": {
        **dict.fromkeys(("team_id", "how_sure", "why", "link"), P),
        "confirmed_by": ALIAS,
    },
    "checkers": OWN,
    "history_readings": {**PLACE, **dict.fromkeys(("oldest_ts", "before_ts", "threads"), P)},
    "imported_people": OWN,
    "imported_channels": PLACE,
    # Privacy. An entry of the audit has numbers for people; who a number was is forgotten.
    "audit": {
        **PLACE,
        **dict.fromkeys(("what", "subject", "named", "before", "after", "reason", "hash"), P),
    },
    "audit_heads": {"team_id": P, "hash": P},
    "audit_people": OWN,
    "erasures": {**OWN, "alias": P, "asked_by": ROW},
    "staying_out": {**PLACE, "user_id": P},  # their own wish, which holds on
    "retention": {**PLACE, "kind": P},
    "notices": OWN,
    # What programs show to act for somebody.
    "tokens": {**OWN, **dict.fromkeys(("name", "scopes", "secret_hash", "ending"), ROW)},
    "webhooks": {
        **dict.fromkeys(("team_id", "webhook_url", "webhook_secret", "kinds"), P),
        "made_by": ALIAS,
    },
    "webhook_calls": dict.fromkeys(("team_id", "kind", "about", "message_id", "failed_why"), P),
    "drafts": {
        **OWN,
        **dict.fromkeys(("channel_id", "posted_in", "message_ts"), P),
        "assistant": ROW,
        "text": ABOUT,
    },
    # Sealed: whoever it was is forgotten as soon as they say so; see bot/questions/nameless.py.
    "nameless_channels": PLACE,
    "nameless_asks": {"mask": P, "team_id": P, "sealed": P, "tag": P},
    "nameless_blocks": {"team_id": P, "tag": P},
}
# Erased at the very end, by hand: until then it says whom.
LAST = ("erasures", "audit_people")
OF_TOPICS = ("experts", "pauses")  # a workspace's by their topic, as others are by their question
assert search_tables  # its tables are in Base.metadata once it is imported


def columns(*rules: Rule) -> Iterable[tuple[Table, Any]]:
    for name, mapped in MAP.items():
        if name not in LAST:
            table = Base.metadata.tables[name]
            yield from (
                (table, table.c[column]) for column, rule in mapped.items() if rule in rules
            )


def of_team(table: Table, team_id: str) -> ColumnElement[bool]:
    if "team_id" in table.c:
        return table.c.team_id == team_id
    if table.name in OF_TOPICS:
        return table.c.topic_id.in_(select(Topic.id).where(Topic.team_id == team_id))
    return exists().where(Question.id == table.c.question_id, Question.team_id == team_id)


# Whose turn it is


async def add(session: AsyncSession, erasure: Erasure) -> None:
    session.add(erasure)
    await session.flush()


async def get(session: AsyncSession, team_id: str, user_id: str) -> Erasure | None:
    return await session.get(Erasure, (team_id, user_id))


async def has_any(session: AsyncSession) -> bool:
    return bool(await session.scalar(select(exists().select_from(Erasure))))


async def claim(session: AsyncSession) -> Erasure | None:
    """The one that waits the longest, held until the transaction ends."""
    return await session.scalar(
        select(Erasure)
        .order_by(Erasure.asked_at, Erasure.user_id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )


# What they wrote


async def list_asked(session: AsyncSession, who: Erasure, limit: int) -> Sequence[Question]:
    """Questions of theirs whose words are still here."""
    has_parts = exists().where(QuestionPart.question_id == Question.id)
    return (
        await session.scalars(
            select(Question)
            .where(Question.team_id == who.team_id, Question.asker_id == who.user_id)
            .where(or_(Question.text != "", has_parts))
            .order_by(Question.id)
            .limit(limit)
        )
    ).all()


async def list_answered(session: AsyncSession, who: Erasure, limit: int) -> Sequence[Answer]:
    """Replies of theirs whose words are still here."""
    return (
        await session.scalars(
            select(Answer)
            .where(Answer.team_id == who.team_id, Answer.author_id == who.user_id)
            .where(Answer.erased_at.is_(None))
            .order_by(Answer.id)
            .limit(limit)
        )
    ).all()


async def forget_reasons(session: AsyncSession, who: Erasure, *, keeps_own: bool) -> None:
    """Why somebody thanked them; and why they thanked others, unless those words stay."""
    about = [Kudos.receiver_id == who.user_id]
    if not keeps_own:
        about.append(Kudos.giver_id == who.user_id)
    await session.execute(
        update(Kudos)
        .where(Kudos.team_id == who.team_id, or_(*about), Kudos.reason.is_not(None))
        .values(reason=None)
        .execution_options(synchronize_session=False)
    )


async def list_sent_notes(session: AsyncSession, who: Erasure) -> Sequence[tuple[str, str]]:
    """Where the notes to managers are that tell of their help: channel and ts."""
    rows = await session.execute(
        select(ManagerNote.channel_id, ManagerNote.message_ts).where(
            ManagerNote.team_id == who.team_id,
            ManagerNote.user_id == who.user_id,
            ManagerNote.message_ts.is_not(None),
        )
    )
    return [(channel_id or "", message_ts or "") for channel_id, message_ts in rows]


async def list_faq_posts(session: AsyncSession, who: Erasure) -> Sequence[tuple[str, str]]:
    """Where the FAQ entries are that they wrote: channel and ts."""
    rows = await session.execute(
        select(Question.channel_id, Faq.message_ts)
        .join(Faq, Faq.question_id == Question.id)
        .where(
            Faq.team_id == who.team_id,
            Faq.written_by == who.user_id,
            Faq.message_ts.is_not(None),
        )
    )
    return [(channel_id, message_ts or "") for channel_id, message_ts in rows]


# Where others named them


def mentions(column: Any, user_id: str) -> ColumnElement[bool]:
    return or_(*(column.contains(f"<@{user_id}{end}", autoescape=True) for end in ">|"))


async def list_parts_naming(
    session: AsyncSession, who: Erasure, limit: int
) -> Sequence[QuestionPart]:
    named = or_(
        *(mentions(each, who.user_id) for each in (QuestionPart.text, QuestionPart.edited_to))
    )
    return (
        await session.scalars(
            select(QuestionPart).where(QuestionPart.team_id == who.team_id, named).limit(limit)
        )
    ).all()


async def list_answers_naming(session: AsyncSession, who: Erasure, limit: int) -> Sequence[Answer]:
    named = mentions(Answer.text, who.user_id)
    return (
        await session.scalars(
            select(Answer).where(Answer.team_id == who.team_id, named).limit(limit)
        )
    ).all()


async def list_others_naming(
    session: AsyncSession, who: Erasure, limit: int
) -> list[tuple[Any, str]]:
    """Rows of other tables that name them in a text, and which column that is."""
    found: list[tuple[Any, str]] = []
    texts: tuple[tuple[type[Any], str], ...] = (
        (Question, "text"),
        (Kudos, "reason"),
        (ManagerNote, "text"),
        (Topic, "hint"),
    )
    for table, column in texts:
        statement = select(table).where(
            table.team_id == who.team_id, mentions(getattr(table, column), who.user_id)
        )
        rows = (await session.scalars(statement.limit(limit))).all()
        found += [(row, column) for row in rows]
    return found


# Where they stand as a person


async def list_touched(session: AsyncSession, who: Erasure, limit: int) -> list[int]:
    """Questions of which some table says that they had to do with it."""
    looks = [
        select(table.c.question_id).where(of_team(table, who.team_id), column == who.user_id)
        for table, column in columns(Rule.ALIAS)
        if "question_id" in table.c and table.name != "proposals"
    ]
    looks += [
        select(Question.id).where(Question.team_id == who.team_id, column == who.user_id)
        for table, column in columns(Rule.ALIAS)
        if table.name == "questions"
    ]
    looks.append(select(Answer.question_id).where(*marked(who)))
    found = union(*looks).subquery()
    ids = select(found.c.question_id).where(found.c.question_id.is_not(None))
    return [*(await session.scalars(ids.order_by(found.c.question_id).limit(limit))).all()]


def marked(who: Erasure) -> tuple[ColumnElement[bool], ...]:
    return (
        Mark.team_id == who.team_id,
        Mark.user_id == who.user_id,
        Answer.team_id == Mark.team_id,
        Answer.channel_id == Mark.channel_id,
        Answer.message_ts == Mark.message_ts,
    )


async def rename_in_question(session: AsyncSession, who: Erasure, question_id: int) -> None:
    """Make the alias stand for them in all that the question has. The caller must hold it."""
    for table, column in columns(Rule.ALIAS):
        if table.name == "questions":
            of_it: ColumnElement[bool] = table.c.id == question_id
        elif table.name == "marks":
            places = select(Answer.channel_id, Answer.message_ts).where(
                Answer.question_id == question_id
            )
            of_it = tuple_(table.c.channel_id, table.c.message_ts).in_(places)
        elif "question_id" in table.c:
            of_it = table.c.question_id == question_id
        else:
            continue
        await session.execute(
            update(table)
            .where(of_it, of_team(table, who.team_id), column == who.user_id)
            .values({column.name: who.alias})
        )


async def list_runs_naming(session: AsyncSession, who: Erasure, limit: int) -> Sequence[DigestRun]:
    named = cast(DigestRun.named, Text).contains(f'"{who.user_id}"', autoescape=True)
    statement = select(DigestRun).where(DigestRun.team_id == who.team_id, named)
    return (await session.scalars(statement.limit(limit))).all()


async def clear_rows(session: AsyncSession, who: Erasure) -> bool:
    """Take them out of one table that has them still; False when none does."""
    for table, column in columns(Rule.ROW, Rule.ALIAS, Rule.NOBODY, Rule.ABOUT):
        rule = MAP[table.name][column.name]
        if rule is Rule.ROW and column.name not in PERSONS:
            continue  # it goes with the row's person
        chosen = and_(of_team(table, who.team_id), holds(column, rule, who.user_id))
        if await change_some(session, table, chosen, column, rule, who.alias):
            return True
    return False


PERSONS = ("user_id", "author_id", "member_id", "reviewer_id", "manager_id", "subject")


def holds(column: Any, rule: Rule, user_id: str) -> ColumnElement[bool]:
    if rule is not Rule.ABOUT:
        matches: ColumnElement[bool] = column == user_id
        return matches
    text = cast(column, Text)
    found = [text == user_id, text.startswith(f"{user_id}:", autoescape=True)]
    found += [text.endswith(f":{user_id}", autoescape=True)]
    inside = (f":{user_id}:", f'"{user_id}"', f"<@{user_id}>", f"<@{user_id}|", f" {user_id} ")
    return or_(*found, *(text.contains(each, autoescape=True) for each in inside))


async def change_some(
    session: AsyncSession,
    table: Table,
    chosen: ColumnElement[bool],
    column: Any,
    rule: Rule,
    alias: str,
) -> bool:
    """Some of the rows; False when there are none."""
    keys = [*table.primary_key.columns]
    some = select(*keys).where(chosen).limit(ROWS_AT_ONCE)
    these = tuple_(*keys).in_(some)
    if rule in (Rule.ROW, Rule.ABOUT):
        done = await session.execute(delete(table).where(these).returning(keys[0]))
    else:
        value = alias if rule is Rule.ALIAS else None
        change = update(table).where(these).values({column.name: value})
        done = await session.execute(change.returning(keys[0]))
    return done.first() is not None


async def count_theirs(session: AsyncSession, team_id: str, user_id: str) -> dict[str, int]:
    """How many rows of each table name them, by the table's name; without those that have none."""
    counted: dict[str, int] = {}
    for table, column in columns(Rule.ROW, Rule.ALIAS, Rule.NOBODY):
        if MAP[table.name][column.name] is Rule.ROW and column.name not in PERSONS:
            continue
        chosen = and_(of_team(table, team_id), column == user_id)
        number = await session.scalar(select(func.count()).select_from(table).where(chosen)) or 0
        if number:
            counted[table.name] = counted.get(table.name, 0) + number
    return counted


async def end(session: AsyncSession, who: Erasure) -> None:
    """Nothing of them is left but that they were being erased: forget that too."""
    await session.execute(
        delete(AuditPerson).where(
            AuditPerson.team_id == who.team_id, AuditPerson.user_id == who.user_id
        )
    )
    await session.delete(who)


async def count_asked(session: AsyncSession, team_id: str, user_id: str) -> int:
    """Questions with words that this person asked."""
    statement = select(func.count()).select_from(Question)
    theirs = (Question.team_id == team_id, Question.asker_id == user_id, Question.text != "")
    return await session.scalar(statement.where(*theirs)) or 0


async def count_answered(session: AsyncSession, team_id: str, user_id: str) -> int:
    """Replies with words that this person wrote."""
    statement = select(func.count()).select_from(Answer)
    theirs = (Answer.team_id == team_id, Answer.author_id == user_id, Answer.erased_at.is_(None))
    return await session.scalar(statement.where(*theirs)) or 0
