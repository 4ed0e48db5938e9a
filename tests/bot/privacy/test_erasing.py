"""After somebody had themselves erased, nothing of them is found anywhere, whatever happened."""

import asyncio
import logging
import random
import sys
from contextlib import suppress
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import JSON, LargeBinary, String, Text, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import (
    BeingErased,
    NobodyToErase,
    OnlyAdmins,
    OnlyWhoLeft,
    ReasonNeeded,
    UserError,
)
from bot.experts.claims import claim
from bot.experts.steps import take_due_steps
from bot.failures import keep
from bot.privacy.erasing import erase_me, erase_other, erase_some, preview, preview_other
from bot.privacy.staying_out import list_where
from bot.questions.capture import ask_by_command, note_posted
from bot.questions.messages import hear
from bot.questions.solutions import accept_solution
from bot.recognition.kudos import get_thanks, note_thanks_said, thank
from handlers.blocks.recognition.kudos import thanks_note
from storage import audit, outbox
from storage.database import Sessions
from storage.privacy.erasing import MAP, Rule
from storage.tables import Base, DigestRun, Faq, Kudos, ManagerNote, Person, Question
from storage.types import CleanText
from tests.bot.conftest import (
    ADA,
    ANA,
    BEN,
    EVA,
    HELP,
    NOW,
    PIA,
    TEAM,
    add_topic,
    ask,
    at,
    find,
    learn,
    learn_help_channel,
    owed,
    said,
    solve,
    ts,
)
from tests.examples import some as some_examples

HOLDS_TEXT = (String, Text, JSON, LargeBinary, CleanText)


def test_every_column_that_could_hold_something_of_a_person_is_in_the_map():
    there = {
        name: {each.name for each in table.c if isinstance(each.type, HOLDS_TEXT)}
        for name, table in Base.metadata.tables.items()
    }

    assert {name: set(columns) for name, columns in MAP.items()} == there


def test_every_person_in_the_map_is_taken_out_by_some_rule():
    persons = ("user_id", "_id", "_by", "asker", "author", "giver", "receiver")
    place = (
        "team_id",
        "channel_id",
        "bot_user_id",
        "file_id",
        "usergroup_id",
        "client_msg_id",
        "message_id",
    )
    place += ("enterprise_id", "app_id", "bot_id")
    kept = {
        f"{table}.{column}"
        for table, columns in MAP.items()
        for column, rule in columns.items()
        if rule is Rule.PLAIN and column.endswith(persons) and column not in place
    }

    held = {"outbox.held_by", "installations.turned_by"}  # by a replica
    assert kept == {"topics.hand_off_channel_id", "staying_out.user_id"} | held


class KilledError(Exception):
    pass


async def erased(sessions: Sessions, *, dies: random.Random | None = None) -> None:
    """Let it run to its end, a transaction a step; with `dies`, some are cut off."""
    steps, is_more = 0, True
    while is_more:
        try:
            async with sessions.begin() as session:
                is_more = await erase_some(session, now=at(9_000))
                if dies is not None and dies.random() < 0.4:
                    raise KilledError
        except KilledError:
            is_more = True
        steps += 1
        assert steps < 2_000


async def everything(session: AsyncSession) -> dict[str, str]:
    """All rows of each table, as text."""
    return {
        name: "\n".join(map(repr, (await session.execute(select(table))).all()))
        for name, table in Base.metadata.tables.items()
    }


async def found_in(session: AsyncSession, *words: str) -> set[str]:
    """The tables in which one of these stands."""
    stored = await everything(session)
    return {
        name for name, rows in stored.items() if any(each.lower() in rows.lower() for each in words)
    }


class Logged(logging.Handler):
    """All that the bot logs from now on, however fine."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.text = ""
        self.logger = logging.getLogger("askaround")
        self.level_before = self.logger.level
        self.logger.setLevel(logging.DEBUG)
        self.logger.addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        self.text += f"{record.getMessage()}\n"

    def stop(self) -> None:
        self.logger.removeHandler(self)
        self.logger.setLevel(self.level_before)


PEOPLE = (ANA, BEN, EVA, PIA)
WHO = st.sampled_from(PEOPLE)
ACTS = st.one_of(
    st.tuples(st.just("ask"), WHO),
    st.tuples(st.just("answer"), WHO, st.integers(0, 9)),
    st.tuples(st.just("answer"), WHO, st.integers(0, 9)),
    st.tuples(st.just("follow"), WHO),
    st.tuples(st.just("mark"), WHO, st.integers(0, 9)),
    st.tuples(st.just("mark"), WHO, st.integers(0, 9)),
    st.tuples(st.just("claim"), WHO, st.integers(0, 9)),
    st.tuples(st.just("thank"), WHO, WHO),
    st.tuples(st.just("name"), WHO, WHO),
    st.tuples(st.just("fail"), WHO),
    st.tuples(st.just("digest"), WHO),
    st.tuples(st.just("tell"), WHO, WHO),
)


class Life:
    """What people did, and the secret word in everything that each of them wrote."""

    def __init__(self, sessions: Sessions) -> None:
        self.sessions = sessions
        self.seconds = 0
        self.words: dict[str, list[str]] = {each: [] for each in PEOPLE}
        self.asked_words: dict[str, list[str]] = {each: [] for each in PEOPLE}
        self.asked: list[str] = []
        self.replies: list[str] = []

    def word(self, user_id: str) -> str:
        word = f"zq{uuid4().hex[:10]}"
        self.words[user_id].append(word)
        return word

    async def act(self, act: tuple[Any, ...]) -> None:
        self.seconds += 400
        what, who, *rest = act
        async with self.sessions.begin() as session:
            await getattr(self, what)(session, who, *rest)

    async def ask(self, session: AsyncSession, who: str, names: str = "") -> None:
        word = self.word(who)
        self.asked_words[who].append(word)
        text = f"How do I file form {word} for customs?{names}"
        message = said(text, by=who, seconds=self.seconds)
        await hear(session, message, now=message.sent_at)
        self.asked.append(message.message_ts)

    async def name(self, session: AsyncSession, who: str, whom: str) -> None:
        await self.ask(session, who, names=f" Perhaps <@{whom}> knows.")

    async def follow(self, session: AsyncSession, who: str) -> None:
        await self.ask(session, who)
        message = said(f"It is about {self.word(who)}.", by=who, seconds=self.seconds + 20)
        await hear(session, message, now=message.sent_at)

    async def answer(self, session: AsyncSession, who: str, number: int) -> None:
        if not self.asked:
            return
        thread = self.asked[number % len(self.asked)]
        text = f"Open the register and press {self.word(who)}, as <@{who}> did."
        message = said(text, by=who, seconds=self.seconds, thread_ts=thread)
        await hear(session, message, now=message.sent_at)
        self.replies.append(message.message_ts)

    async def mark(self, session: AsyncSession, who: str, number: int) -> None:
        if self.replies:
            place = {"team_id": TEAM, "channel_id": HELP}
            reply = self.replies[number % len(self.replies)]
            now = at(self.seconds)
            await accept_solution(session, **place, message_ts=reply, user_id=who, now=now)

    async def claim(self, session: AsyncSession, who: str, number: int) -> None:
        ids = (await session.scalars(select(Question.id).order_by(Question.id))).all()
        if ids:
            about = {"team_id": TEAM, "question_id": ids[number % len(ids)], "user_id": who}
            try:
                await claim(session, **about, now=at(self.seconds))
            except UserError:
                return

    async def thank(self, session: AsyncSession, who: str, whom: str) -> None:
        if who != whom:
            both = {"giver_id": who, "receiver_id": whom, "reason": f"for {self.word(who)}"}
            with suppress(UserError):  # they thanked them enough
                await thank(session, team_id=TEAM, **both, now=at(self.seconds))

    async def fail(self, session: AsyncSession, who: str) -> None:
        body = {"event": {"user": who, "text": self.word(who)}}
        how = {"reference": uuid4().hex[:8], "team_id": TEAM, "error": "Failed"}
        await keep(session, **how, body=body, now=at(self.seconds))

    async def digest(self, session: AsyncSession, who: str) -> None:
        for subject in (HELP, who):
            session.add(
                DigestRun(
                    team_id=TEAM,
                    kind="weekly" if subject == HELP else "personal",
                    subject=subject,
                    slot=f"s{self.seconds}",
                    since=NOW,
                    until=at(self.seconds),
                    posted_at=at(self.seconds),
                    channel_id="D1",
                    message_ts=ts(self.seconds),
                    named=[who, ADA],
                    told=[],
                )
            )

    async def tell(self, session: AsyncSession, who: str, whom: str) -> None:
        session.add(
            ManagerNote(
                team_id=TEAM,
                user_id=who,
                manager_id=whom,
                text=f"I helped with {self.word(who)}",
                period="month",
                since=NOW,
                drafted_at=NOW,
                shown={},
                elsewhere=0,
                agreed_at=NOW,
                channel_id="D2",
                message_ts=ts(self.seconds),
            )
        )


async def settle_in(session: AsyncSession) -> None:
    for user_id in PEOPLE:
        await learn(session, user_id)
    await learn(session, ADA, is_admin=True)
    await learn_help_channel(session, user_ids=(*PEOPLE, ADA))
    await add_topic(session, experts=[BEN, EVA], keywords="customs", sponsor_id=PIA)


async def begin(sessions: Sessions) -> Life:
    async with sessions.begin() as session:
        for table in reversed(Base.metadata.sorted_tables):
            await session.execute(table.delete())
    async with sessions.begin() as session:
        await settle_in(session)
    return Life(sessions)


@settings(
    max_examples=some_examples(5),
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # a history shrinks for minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    acts=st.lists(ACTS, min_size=6, max_size=30),
    who=WHO,
    keeps_words=st.booleans(),
    seed=st.integers(0, 1_000),
)
async def test_nothing_of_them_is_left_anywhere(
    sessions: Sessions, acts, who: str, keeps_words: bool, seed: int
):
    logged = Logged()
    life = await begin(sessions)
    for act in acts:
        await life.act(act)

    async with sessions.begin() as session:
        how = {"keeps_words": keeps_words, "stays_out": False}
        await erase_me(session, team_id=TEAM, user_id=who, **how, now=at(8_000))
    await erased(sessions, dies=random.Random(seed))
    logged.stop()
    assert [word for word in (who.title(), *life.words[who]) if word in logged.text] == []

    async with sessions.begin() as session:
        rows = await outbox.claim_due(session, now=at(9_000), seconds=0, limit=500, claim="t")
        receipts = [each for each in rows if who in each.subject]
        assert [each.kind for each in receipts] == ["erased_note"]
        await session.delete(receipts[0])
    async with sessions.read() as session:
        words = [] if keeps_words else life.words[who]
        assert await found_in(session, who, who.title(), *words) == set()
        asked = "\n".join((await everything(session)).values())
        stays = [word for each in PEOPLE if each != who for word in life.asked_words[each]]
        assert [word for word in stays if word not in asked] == []
        assert (await audit.verify(session, TEAM)).broken_at is None


async def test_a_process_killed_in_the_middle_of_steps_leaves_nothing_in_the_end(
    sessions: Sessions, database_url: str
):
    life = await begin(sessions)
    for number in range(12):
        await life.act(("ask", ANA if number % 2 else BEN))
        await life.act(("answer", BEN if number % 2 else ANA, number))
    async with sessions.begin() as session:
        await erase_me(session, **me())

    said, kills = "in the middle", 0
    while said == "in the middle":
        said = await die_in_the_middle(database_url, steps=kills % 4)
        kills += said == "in the middle"

    assert (said, kills > 2) == ("done", True)
    async with sessions.begin() as session:
        rows = await outbox.claim_due(session, now=at(9_000), seconds=0, limit=500, claim="t")
        for each in rows:
            if BEN in each.subject:
                await session.delete(each)  # the receipt
    async with sessions.read() as session:
        assert await found_in(session, BEN, BEN.title(), *life.words[BEN]) == set()
        assert (await audit.verify(session, TEAM)).broken_at is None


async def die_in_the_middle(database_url: str, *, steps: int) -> str:
    """Let a process erase, and kill it while a step is not committed; what it said last."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.bot.privacy.eraser"),
        *(database_url, at(9_000).isoformat(), str(steps)),
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    said = (await process.stdout.readline()).decode().strip()
    if process.returncode is None:
        process.kill()
    await process.wait()
    return said


# One thing at a time


def me(user_id: str = BEN, **changes: Any) -> dict[str, Any]:
    usual = {"keeps_words": False, "stays_out": False, "now": at(8_000)}
    return {"team_id": TEAM, "user_id": user_id, **usual, **changes}


async def erase_now(session: AsyncSession, user_id: str = BEN, **changes: Any) -> None:
    await erase_me(session, **me(user_id, **changes))
    while await erase_some(session, now=at(9_000)):
        pass


async def test_what_was_solved_stays_solved_and_asks_nobody_again(
    session: AsyncSession, help_channel: str
):
    question_id = await solve(session)
    assert (await find(session)).results

    await erase_now(session)

    question = await session.get(Question, question_id)
    assert question is not None
    assert question.solved_at == question.solved_elsewhere_at is not None
    assert not (await find(session)).results
    kinds = {kind for kind, _ in await owed(session, now=at(9_000))}
    assert {"question_card", "erased_note"} <= kinds
    assert "offer_note" not in kinds


async def test_words_that_may_stay_are_found_under_no_name(
    session: AsyncSession, help_channel: str
):
    await solve(session)

    await erase_now(session, keeps_words=True)

    (result,) = (await find(session)).results
    assert result.author_id.startswith("erased-")
    assert "Amend" in str(result)


async def test_what_they_asked_or_took_goes_on_at_once(session: AsyncSession, help_channel: str):
    asked = await ask(session)
    taken = await ask(session, "Where is form 7?", by=ANA, seconds=600)
    await claim(session, team_id=TEAM, question_id=taken, user_id=BEN, now=at(700))

    rows = [await session.get(Question, each) for each in (asked, taken)]

    await erase_now(session, BEN)
    await take_due_steps(session, now=at(9_000))
    assert [row and row.claimed_by for row in rows] == [None, None]

    await erase_now(session, ANA, keeps_words=True)
    await take_due_steps(session, now=at(9_000))
    assert [row and row.closed_why for row in rows] == ["left", "left"]


async def test_kudos_to_others_stay_and_what_was_said_of_them_goes(
    session: AsyncSession, help_channel: str
):
    both = {"team_id": TEAM, "now": at(60)}
    await solve(session)  # Ana asked, Ben solved it
    await thank(session, **both, giver_id=ANA, receiver_id=BEN, reason="for the tariffs")
    await thank(session, **both, giver_id=BEN, receiver_id=EVA, reason="for the forms")

    await erase_now(session, ANA)
    await erase_now(session, BEN)

    stored = (await session.execute(select(Kudos.__table__))).mappings().all()
    assert {each["reason"] for each in stored} == {None}
    assert [each["receiver_id"] for each in stored if each["receiver_id"] == EVA] == [EVA]
    assert await found_in(session, "tariffs", "for the forms", ANA) == set()


async def test_thanks_that_were_said_lose_the_name(session: AsyncSession, help_channel: str):
    both = {"team_id": TEAM, "now": at(60)}
    await thank(session, **both, giver_id=BEN, receiver_id=EVA, reason="for the forms")
    await thank(session, **both, giver_id=ANA, receiver_id=BEN, reason="for the tariffs")
    to_eva, to_ben = (await session.scalars(select(Kudos.id).order_by(Kudos.id))).all()
    for kudos_id in (to_eva, to_ben):
        await note_thanks_said(
            session, team_id=TEAM, kudos_id=kudos_id, channel_id=f"D{kudos_id}", message_ts=ts()
        )
    told = {"text": "I helped", "period": "month", "since": NOW, "drafted_at": NOW, "shown": {}}
    note = ManagerNote(team_id=TEAM, user_id=EVA, manager_id=PIA, elsewhere=0, **told)
    note.thanks, note.agreed_at = {str(to_eva): "mark"}, NOW
    session.add(note)
    await session.flush()
    for said_already in await outbox.claim_due(
        session, now=at(9_000), seconds=0, limit=500, claim="t"
    ):
        await session.delete(said_already)

    await erase_now(session)

    now_owed = await owed(session, now=at(9_000))
    assert ("thanks", str(to_eva)) in now_owed
    assert ("take_back", f"D{to_ben}:{ts()}") in now_owed
    assert ("thanks", str(to_ben)) not in now_owed
    assert ("manager_note", str(note.id)) in now_owed
    said = await get_thanks(session, TEAM, to_eva)
    assert said is not None
    assert thanks_note(said.giver_id, said.reason)["text"] == ":sparkles: a colleague thanks you."
    assert said.post == (f"D{to_eva}", ts())


async def test_notes_to_managers_are_taken_back(session: AsyncSession, help_channel: str):
    note = {"text": "I helped", "period": "month", "since": NOW, "drafted_at": NOW, "shown": {}}
    where = {"channel_id": "D2", "message_ts": ts(), "agreed_at": NOW}
    session.add(
        ManagerNote(team_id=TEAM, user_id=BEN, manager_id=PIA, elsewhere=0, **note, **where)
    )
    await session.flush()

    await erase_now(session)

    assert ("take_back", f"D2:{ts()}") in await owed(session, now=at(9_000))


async def test_faq_entries_that_they_wrote_are_taken_back(session: AsyncSession, help_channel: str):
    question_id = await solve(session)
    about = {"team_id": TEAM, "question_id": question_id, "written_by": PIA, "written_at": NOW}
    session.add(Faq(**about, message_ts=ts(900)))
    await session.flush()

    await erase_now(session, PIA, keeps_words=True)

    assert ("take_back", f"{HELP}:{ts(900)}") in await owed(session, now=at(9_000))


async def test_what_the_bot_posted_for_them_is_taken_back(session: AsyncSession, help_channel: str):
    asked = {"team_id": TEAM, "channel_id": HELP, "asker_id": ANA, "topic_id": None}
    question_id = await ask_by_command(session, text="Where is form 7?", **asked, now=NOW)
    about = {"team_id": TEAM, "question_id": question_id}
    await note_posted(session, **about, message_ts=ts(5), now=at(5))

    await erase_now(session, ANA)

    assert ("take_back", f"{HELP}:{ts(5)}") in await owed(session, now=at(9_000))


async def test_the_audit_says_that_it_was_done_and_names_nobody(
    session: AsyncSession, help_channel: str
):
    await solve(session)

    await erase_now(session)

    done, asked, *_ = await audit.list_newest(session, TEAM, limit=2)
    assert (done.said.what, done.said.after) == ("erased", "0 questions, 1 replies")
    assert (asked.said.what, asked.is_by_erased, asked.is_about_erased) == ("erasing", True, True)


async def test_who_stays_out_too_is_out_everywhere(session: AsyncSession, help_channel: str):
    await erase_now(session, stays_out=True)

    assert await list_where(session, team_id=TEAM, user_id=BEN) == [""]


async def test_the_same_person_is_erased_once_at_a_time(session: AsyncSession, help_channel: str):
    await erase_me(session, **me())

    with pytest.raises(BeingErased):
        await erase_me(session, **me())


async def test_another_workspace_keeps_what_it_has(session: AsyncSession, help_channel: str):
    await learn(session, BEN, team_id="T2")

    await erase_now(session)

    assert await session.get(Person, ("T2", BEN)) is not None
    assert await session.get(Person, (TEAM, BEN)) is None


async def test_an_admin_erases_who_has_left_and_says_why(session: AsyncSession, help_channel: str):
    await solve(session)
    other = {"team_id": TEAM, "admin_id": ADA, "user_id": BEN}
    said_why = {**other, "keeps_words": False, "now": NOW}
    with pytest.raises(OnlyWhoLeft):
        await preview_other(session, **other)
    await learn(session, BEN, is_deactivated=True)
    with pytest.raises(ReasonNeeded):
        await erase_other(session, **said_why, reason=" ")
    with pytest.raises(OnlyAdmins):
        await preview_other(session, **{**other, "admin_id": PIA})
    with pytest.raises(NobodyToErase):
        await preview_other(session, **{**other, "user_id": "U_NOBODY"})

    await erase_other(session, **said_why, reason="Left in May")
    while await erase_some(session, now=at(9_000)):
        pass

    done, asked, *_ = await audit.list_newest(session, TEAM, limit=2)
    assert (asked.said.by, asked.said.reason, asked.is_about_erased) == (ADA, "Left in May", True)
    assert ("erased_note", ADA) in await owed(session, now=at(9_000))
    assert done.said.what == "erased"


async def test_the_preview_counts(session: AsyncSession, help_channel: str):
    await solve(session)

    seen = await preview(session, team_id=TEAM, user_id=BEN)

    assert (seen.asked, seen.answered, seen.thanked) == (0, 1, 1)
