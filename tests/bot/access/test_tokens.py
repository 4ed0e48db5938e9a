"""Tokens: one person's, for some scopes and some time, shown once."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from bot.access.tokens import (
    ACT,
    DAYS,
    FIND,
    MOST_TOKENS,
    NewToken,
    end_token,
    get_bearer,
    list_all_tokens,
    list_tokens,
    make_token,
    note_used,
)
from bot.errors import (
    OnlyAdmins,
    OnlyOpenAccounts,
    TokenIsGone,
    TokenNeedsEnd,
    TokenNeedsName,
    TokenNeedsScope,
    TooManyTokens,
)
from bot.people import learn_person
from bot.privacy.erasing import erase_me
from storage.tables import AuditEntry, Token
from tests.bot.conftest import ADA, ANA, BEN, OTHER_TEAM, TEAM, at, profile
from tests.conftest import NOW


async def make(session, *, by=ANA, **changes) -> NewToken:
    wishes = {"name": "My script", "scopes": [FIND], "days": 30, "now": NOW} | changes
    return await make_token(session, team_id=TEAM, user_id=by, **wishes)


async def bearer(session, made: NewToken, *, now=NOW):
    return await get_bearer(session, made.secret, now=now)


async def audited(session) -> list[tuple[str, str | None]]:
    rows = await session.execute(select(AuditEntry.what, AuditEntry.named))
    return [(what, named) for what, named in rows if what.startswith("token")]


async def test_a_token_is_its_persons_for_its_scopes(session, help_channel):
    made = await make(session, scopes=[ACT, FIND])

    found = await bearer(session, made)
    assert found is not None
    assert (found.team_id, found.user_id, found.scopes) == (TEAM, ANA, {FIND, ACT})
    assert await get_bearer(session, made.secret[:-1] + "!", now=NOW) is None


async def test_its_secret_is_kept_nowhere(session, help_channel):
    made = await make(session)

    (kept,) = (await session.execute(select(Token.__table__))).all()
    assert made.secret not in str(tuple(kept))
    assert made.secret not in repr(made)
    assert made.token.ending == made.secret[-4:]


async def test_it_ends(session, help_channel):
    made = await make(session, days=7)

    assert await bearer(session, made, now=at(7 * 86_400 - 1)) is not None
    assert await bearer(session, made, now=at(7 * 86_400)) is None
    who = {"team_id": TEAM, "user_id": ANA}
    assert (await list_tokens(session, **who, now=at(8 * 86_400)))[0].has_ended
    assert await list_tokens(session, **who, now=at(30 * 86_400)) == ()


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"name": "  "}, TokenNeedsName),
        ({"scopes": ["everything"]}, TokenNeedsScope),
        ({"days": 10_000}, TokenNeedsEnd),
    ],
)
async def test_it_needs_a_name_a_scope_and_an_end(session, help_channel, wrong, error):
    with pytest.raises(error):
        await make(session, **wrong)


async def test_nobody_has_any_number_of_them(session, help_channel):
    for _ in range(MOST_TOKENS):
        await make(session)

    with pytest.raises(TooManyTokens):
        await make(session)
    await make(session, by=BEN)
    await make(session, now=at(86_400 * (max(DAYS) + 1)))  # those that ended make room


async def test_its_person_or_an_admin_ends_it(session, help_channel):
    made, other = await make(session), await make(session)

    about = {"team_id": TEAM, "token_id": made.token.token_id, "now": NOW}
    with pytest.raises(TokenIsGone):
        await end_token(session, user_id=BEN, **about)
    with pytest.raises(TokenIsGone):
        await end_token(session, user_id=ANA, **{**about, "team_id": OTHER_TEAM})
    await end_token(session, user_id=ANA, **about)
    assert await bearer(session, made) is None
    with pytest.raises(TokenIsGone):
        await end_token(session, user_id=ANA, **about)

    await end_token(session, user_id=ADA, **{**about, "token_id": other.token.token_id})
    assert await bearer(session, other) is None
    assert [what for what, _ in await audited(session)] == [
        *["token", "token"],
        *["token_ended", "token_ended"],
    ]


async def test_admins_see_everybodys(session, help_channel):
    await make(session)

    with pytest.raises(OnlyAdmins):
        await list_all_tokens(session, team_id=TEAM, user_id=ANA, now=NOW)
    (shown,) = await list_all_tokens(session, team_id=TEAM, user_id=ADA, now=NOW)
    assert shown.user_id == ANA


async def test_a_closed_account_has_none_and_gets_none_back(session, help_channel):
    made = await make(session)

    closed = replace(profile(ANA), is_deactivated=True)
    await learn_person(session, team_id=TEAM, profile=closed, now=at(1))
    assert await bearer(session, made, now=at(1)) is None
    with pytest.raises(OnlyOpenAccounts):
        await make(session)
    await learn_person(session, team_id=TEAM, profile=profile(ANA), now=at(2))
    assert await bearer(session, made, now=at(2)) is None
    ending = f"…{made.secret[-4:]}"
    assert await audited(session) == [("token", ending), ("token_ended", ending)]


async def test_erasing_oneself_ends_it_at_once(session, help_channel):
    made = await make(session)

    who = {"team_id": TEAM, "user_id": ANA}
    await erase_me(session, **who, keeps_words=True, stays_out=False, now=NOW)

    assert await bearer(session, made) is None


async def test_its_last_use_is_known_to_the_minute(session, help_channel):
    made = await make(session)

    for seconds, noted in ((10, 10), (30, 10), (65, 10), (75, 75)):
        shown = await bearer(session, made, now=at(seconds))
        assert shown is not None
        await note_used(session, shown, now=at(seconds))
        session.expire_all()
        (token,) = await list_tokens(session, team_id=TEAM, user_id=ANA, now=at(seconds))
        assert token.used_at == at(noted)


async def test_what_was_never_given_opens_nothing(session, help_channel):
    await make(session)

    for secret in ("", "askaround_", "askaround_" + "x" * 43, "x" * 10_000):
        assert await get_bearer(session, secret, now=NOW) is None
