"""Asking without a name: whatever happens, nothing tells others who it was."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from cryptography.fernet import Fernet
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.community.home import get_home
from bot.errors import (
    CannotAskNameless,
    NamelessLimit,
    NotNamelessHere,
    NoVault,
    OnlyAdmins,
    OnlyAskerMaySayMore,
    OnlyPublicNameless,
    QuestionIsGone,
    ReasonNeeded,
    StaysOut,
    UserError,
)
from bot.experts.claims import claim
from bot.experts.stuck import call_stuck
from bot.masks import acts_as, whose
from bot.privacy.audit import list_all
from bot.privacy.erasing import erase_me, erase_some
from bot.privacy.staying_out import stay_out_everywhere
from bot.questions.capture import note_posted
from bot.questions.closing import close_it, open_again, solve_elsewhere
from bot.questions.messages import hear
from bot.questions.nameless import (
    KEPT_FOR,
    ask_nameless,
    block,
    forget_expired,
    list_asked,
    look,
    note_said,
    say,
    set_allowed,
)
from bot.questions.solutions import accept_solution
from bot.text import is_mask
from bot.vault import Vault, new_key
from handlers.blocks.community.home import home_view
from handlers.blocks.experts.cards import question_card
from storage import audit
from storage.database import Sessions
from storage.tables import Base, NamelessAsk, Person, Question
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
    at,
    card_of,
    find,
    learn,
    learn_help_channel,
    owed,
    said,
    ts,
)
from tests.examples import some as some_examples

VAULT = Vault((Fernet.generate_key().decode(),))
ASKED = "How do I correct the tariff code of a form that I lost?"
URL = "https://acme.slack.com/"


async def allow(session: AsyncSession, *, is_allowed: bool = True, **changes: Any) -> None:
    about = {"team_id": TEAM, "channel_id": HELP, "user_id": ADA, "now": NOW, **changes}
    await set_allowed(session, VAULT, **about, is_allowed=is_allowed)


async def ask(session: AsyncSession, by: str = ANA, *, seconds: float = 0, **changes: Any) -> str:
    """Ask without a name, and have it posted; the mask."""
    about = {"channel_id": HELP, "user_id": by, "text": ASKED, "topic_id": None, **changes}
    delay = timedelta(seconds=60)
    mask = await ask_nameless(session, VAULT, team_id=TEAM, **about, delay=delay, now=at(seconds))
    question = await question_by(session, mask)
    posted = {"question_id": question.id, "message_ts": ts(seconds + 60), "now": at(seconds + 60)}
    await note_posted(session, team_id=TEAM, **posted)
    return mask


async def question_by(session: AsyncSession, mask: str) -> Question:
    return (await session.scalars(select(Question).where(Question.asker_id == mask))).one()


async def test_everybody_knows_a_mask_and_the_vault_alone_the_person(
    session: AsyncSession, help_channel: str
):
    await allow(session)

    mask = await ask(session)

    kept = await session.get(NamelessAsk, mask)
    assert is_mask(mask)
    assert kept is not None
    assert ANA not in f"{kept.sealed} {kept.tag}"
    assert await whose(session, VAULT, team_id=TEAM, mask=mask) == ANA
    assert await whose(session, Vault((new_key(),)), team_id=TEAM, mask=mask) is None
    assert await acts_as(session, VAULT, team_id=TEAM, mask=mask, user_id=ANA)
    for other in (BEN, ADA, mask):
        assert not await acts_as(session, VAULT, team_id=TEAM, mask=mask, user_id=other)
    assert not await acts_as(session, VAULT, team_id="T2", mask=mask, user_id=ANA)


def test_a_new_key_in_front_opens_what_an_old_one_sealed():
    old, new = new_key(), new_key()
    before, after = Vault((old,)), Vault((new, old))

    assert after.open(before.seal(ANA)) == ANA
    assert before.open(after.seal(ANA)) is None
    assert after.tag(TEAM, ANA) == before.tag(TEAM, ANA) != before.tag(TEAM, BEN)


async def test_it_is_asked_where_admins_allow_it_alone(session: AsyncSession, help_channel: str):
    with pytest.raises(NotNamelessHere):
        await ask(session)
    with pytest.raises(OnlyAdmins):
        await allow(session, user_id=BEN)
    await learn_help_channel(session, "C_PRIVATE", user_ids=(ANA, ADA), is_private=True)
    with pytest.raises(OnlyPublicNameless):
        await allow(session, channel_id="C_PRIVATE")
    await learn_help_channel(session, "C_SMALL", user_ids=(ANA, ADA))
    await allow(session, channel_id="C_SMALL")
    with pytest.raises(NotNamelessHere):  # among a few, who asks is soon guessed
        await ask(session, channel_id="C_SMALL")
    with pytest.raises(NoVault):
        who = {"team_id": TEAM, "channel_id": HELP, "user_id": ANA, "topic_id": None}
        await ask_nameless(session, None, **who, text=ASKED, delay=timedelta(), now=NOW)

    await allow(session)
    assert await ask(session)

    await allow(session, is_allowed=False)
    with pytest.raises(NotNamelessHere):
        await ask(session, seconds=120)
    told = [each.said.what for each in await audit.list_newest(session, TEAM, limit=9)]
    assert told.count("unnamed") == 3


async def test_three_a_day_and_not_by_who_stays_out(session: AsyncSession, help_channel: str):
    await allow(session)
    for number in range(3):
        await ask(session, seconds=number * 600)

    with pytest.raises(NamelessLimit):
        await ask(session, seconds=3_000)
    assert await ask(session, by=PIA, seconds=3_000)
    assert await ask(session, seconds=90_000)

    await stay_out_everywhere(session, team_id=TEAM, user_id=BEN, now=NOW)
    with pytest.raises(StaysOut):
        await ask(session, by=BEN, seconds=4_000)


def looking(question_id: int, **changes: Any) -> dict[str, Any]:
    about = {"team_id": TEAM, "admin_id": ADA, "question_id": question_id, "now": at(500)}
    return {**about, "reason": "A threat in it", **changes}


async def test_an_admin_looks_with_a_reason_alone(session: AsyncSession, help_channel: str):
    await allow(session)
    question = await question_by(session, await ask(session))
    with pytest.raises(OnlyAdmins):
        await look(session, VAULT, **looking(question.id, admin_id=BEN))
    with pytest.raises(OnlyAdmins):
        await list_asked(session, VAULT, team_id=TEAM, user_id=BEN)
    with pytest.raises(ReasonNeeded):
        await look(session, VAULT, **looking(question.id, reason=" \n"))

    assert await look(session, VAULT, **looking(question.id)) == ANA

    (entry, *_) = await audit.list_newest(session, TEAM, limit=1)
    assert (entry.said.what, entry.said.by, entry.said.reason) == ("looked", ADA, "A threat in it")
    assert entry.said.person is None
    assert "nameless_looked" in {kind for kind, _ in await owed(session, now=at(900))}


async def test_who_is_blocked_stays_unknown(session: AsyncSession, help_channel: str):
    await allow(session)
    question = await question_by(session, await ask(session))

    await block(session, VAULT, **looking(question.id))

    with pytest.raises(CannotAskNameless):
        await ask(session, seconds=900)
    assert await ask(session, by=PIA, seconds=900)
    (entry, *_) = await audit.list_newest(session, TEAM, limit=1)
    assert (entry.said.what, entry.said.person) == ("blocked", None)


async def test_after_a_while_nobody_can_tell_any_more(session: AsyncSession, help_channel: str):
    await allow(session)
    mask = await ask(session)
    question = await question_by(session, mask)

    await forget_expired(session, now=NOW + KEPT_FOR + timedelta(hours=1))

    assert await whose(session, VAULT, team_id=TEAM, mask=mask) is None
    with pytest.raises(QuestionIsGone):
        await look(session, VAULT, **looking(question.id))
    person = await session.get(Person, (TEAM, mask), populate_existing=True)
    assert person is not None
    assert person.is_deactivated


async def test_who_has_themselves_erased_is_erased_behind_their_masks_too(
    session: AsyncSession, help_channel: str
):
    await allow(session)
    mask = await ask(session)
    question = await question_by(session, mask)
    about = {"text": "It still fails.", "message_ts": ts(300), "now": at(300)}
    await note_said(session, team_id=TEAM, question_id=question.id, **about)
    how = {"keeps_words": False, "stays_out": False, "now": at(900)}

    await erase_me(session, VAULT, team_id=TEAM, user_id=ANA, **how)
    while await erase_some(session, now=at(900)):
        pass

    stored = "\n".join(
        [
            repr((await session.execute(select(each))).all())
            for each in Base.metadata.tables.values()
        ]
    )
    assert "that I lost" not in stored
    assert "It still fails" not in stored
    posts = {subject for kind, subject in await owed(session, now=at(900)) if kind == "take_back"}
    assert posts == {f"{HELP}:{ts(60)}", f"{HELP}:{ts(300)}"}
    assert mask not in stored


async def test_who_is_not_the_asker_says_nothing_for_them(session: AsyncSession, help_channel: str):
    await allow(session)
    mask = await ask(session)
    question = await question_by(session, mask)
    about = {"team_id": TEAM, "question_id": question.id, "text": "More", "now": at(300)}

    for other in (BEN, ANA):  # by her own name she is anybody
        with pytest.raises(OnlyAskerMaySayMore):
            await say(session, **about, user_id=other)
    await say(session, **about, user_id=mask)

    assert "nameless_word" in {kind for kind, _ in await owed(session, now=at(900))}


# Random lives, looked at from everywhere

ACTS = st.one_of(
    st.tuples(st.just("ask")),
    st.tuples(st.just("reply"), st.sampled_from([BEN, EVA, PIA]), st.integers(0, 5)),
    st.tuples(st.just("say"), st.integers(0, 5)),
    st.tuples(st.just("mark"), st.integers(0, 5)),
    st.tuples(st.just("stuck"), st.integers(0, 5)),
    st.tuples(st.just("close"), st.integers(0, 5)),
    st.tuples(st.just("open"), st.integers(0, 5)),
    st.tuples(st.just("elsewhere"), st.integers(0, 5)),
    st.tuples(st.just("claim"), st.integers(0, 5)),
)


class Life:
    """What Uma, whose name stands nowhere else, does without it."""

    def __init__(self, session: AsyncSession, uma: str) -> None:
        self.session, self.uma, self.seconds = session, uma, 0.0
        self.masks: list[str] = []
        self.replies: list[tuple[str, str]] = []  # ts, mask

    async def act(self, what: str, *about: Any) -> None:
        self.seconds += 40_000
        if what == "ask":
            self.masks.append(await ask(self.session, self.uma, seconds=self.seconds))
        elif self.masks:
            *who, number = about
            mask = self.masks[number % len(self.masks)]
            question = await question_by(self.session, mask)
            await getattr(self, what)(question, mask, *who)

    @property
    def now(self) -> Any:
        return at(self.seconds)

    def of(self, question: Question, mask: str) -> dict[str, Any]:
        return {"team_id": TEAM, "question_id": question.id, "user_id": mask, "now": self.now}

    async def reply(self, question: Question, mask: str, by: str) -> None:
        message = said(
            "Press Amend in the register.",
            by=by,
            seconds=self.seconds,
            thread_ts=question.thread_ts,
        )
        await hear(self.session, message, now=message.sent_at)
        self.replies.append((message.message_ts, mask))

    async def say(self, question: Question, mask: str) -> None:
        await say(self.session, **self.of(question, mask), text="It still fails.")
        about = {"text": "It still fails.", "message_ts": ts(self.seconds + 5), "now": self.now}
        await note_said(self.session, team_id=TEAM, question_id=question.id, **about)

    async def mark(self, question: Question, mask: str) -> None:
        theirs = [reply for reply, of in self.replies if of == mask]
        if theirs:
            about = {"team_id": TEAM, "channel_id": HELP, "message_ts": theirs[-1]}
            await accept_solution(
                self.session, **about, user_id=mask, is_pressed=True, now=self.now
            )

    async def stuck(self, question: Question, mask: str) -> None:
        await call_stuck(self.session, **self.of(question, mask))

    async def close(self, question: Question, mask: str) -> None:
        await close_it(self.session, **self.of(question, mask))

    async def open(self, question: Question, mask: str) -> None:
        await open_again(self.session, **self.of(question, mask))

    async def elsewhere(self, question: Question, mask: str) -> None:
        await solve_elsewhere(self.session, **self.of(question, mask))

    async def claim(self, question: Question, mask: str) -> None:
        await claim(self.session, **self.of(question, BEN))


async def shown_to(session: AsyncSession, life: Life, user_id: str) -> str:
    """All that this person could look at."""
    home = await get_home(session, team_id=TEAM, user_id=user_id, now=life.now)
    results = await find(session, "tariff", by=user_id)
    cards = []
    for mask in life.masks:
        question = await question_by(session, mask)
        cards.append(question_card(await card_of(session, question.id), URL))
    pages = [await list_all(session, team_id=TEAM, user_id=ADA)] if user_id == ADA else []
    return str([home_view(home), results, cards, pages])


@settings(
    max_examples=some_examples(8),
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(acts=st.lists(ACTS, min_size=5, max_size=20))
async def test_whatever_happens_nobody_is_shown_who_asked(sessions: Sessions, acts):
    uma = f"U{uuid4().hex[:10].upper()}"
    async with sessions.begin() as session:
        for table in reversed(Base.metadata.sorted_tables):
            await session.execute(table.delete())
    async with sessions.begin() as session:
        for user_id in (ANA, BEN, EVA, PIA, uma):
            await learn(session, user_id)
        await learn(session, ADA, is_admin=True)
        await learn_help_channel(session, user_ids=(ANA, BEN, EVA, PIA, ADA, uma))
        await add_topic(session, experts=[BEN], keywords="tariff", sponsor_id=PIA)
        await allow(session)
        life = Life(session, uma)
        for act in (("ask",), *acts):
            try:
                await life.act(*act)
            except UserError as refusal:  # over already: said in a sentence that names nobody
                assert uma not in str(refusal)

        for user_id in (ANA, BEN, EVA, PIA, ADA):
            told = await shown_to(session, life, user_id)
            assert uma.title() not in told
            assert uma not in told
        await session.flush()
        for name in ("answers", "marks", "kudos", "solutions", "question_parts", "outbox"):
            rows = (await session.execute(select(Base.metadata.tables[name]))).all()
            assert uma not in repr(rows)


async def test_who_helps_on_the_topic_is_asked_about_their_own_question(
    session: AsyncSession, help_channel: str
):
    """That they were not would give them away."""
    await add_topic(session, experts=[ANA, BEN], keywords="tariff")
    await allow(session)

    question = await question_by(session, await ask(session))

    assert ANA in str(await card_of(session, question.id))
