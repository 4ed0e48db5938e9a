"""The API over HTTP: who gets in, what they see, what is refused, and how."""

import asyncio
import json
import logging
import re
import sys
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.access.tokens import FIND, hash_of, list_tokens, make_token
from bot.people import PEOPLE_STAY_FRESH, learn_person
from handlers import ROUTES
from handlers.access.api import AT_ONCE
from handlers.access.limits import Limits
from handlers.routes import Route
from storage.access import tokens
from storage.database import Sessions
from storage.tables import Kudos
from tests.bot.conftest import ADA, ANA, BEN, PIA, TEAM, at, count, profile
from tests.bot.test_leaks import CHANNELS, FLAGS, PEOPLE, STEPS, Community, settle, take
from tests.conftest import NOW
from tests.examples import some as some_examples
from tests.handlers.access.conftest import GUS, Door, opened

RUN = "from schemathesis.cli import schemathesis; schemathesis()"
EVERYTHING = tuple(each.path for each in ROUTES if each.method == "GET" and not each.in_path)


async def test_a_question_and_its_answer_are_read_and_found(door: Door):
    question = await door.ask(f"/questions/{door.question_id}")
    found = await door.ask("/search?q=tariff+code")

    assert question.status == found.status == 200
    assert question.body["asker"] == {"user_id": ANA, "name": "U_Ana"}
    (reply,) = question.body["answers"]
    assert (reply["text"], reply["author"]["user_id"]) == ("Press Amend.", BEN)
    assert reply == (await door.ask(f"/answers/{reply['id']}")).body
    (result,) = found.body["results"]
    assert (result["question_id"], result["answer"]) == (door.question_id, "Press Amend.")
    assert (await door.ask("/questions?state=open")).body["questions"][0]["asker"][
        "name"
    ] == "U_Ben"


async def test_who_helps_with_what_and_how_it_goes(door: Door):
    topics = (await door.ask("/topics")).body["topics"]
    (customs,) = (each for each in topics if each["name"] == "Customs")

    experts = await door.ask(f"/topics/{customs['id']}/experts")
    kudos = await door.ask("/me/kudos", by=BEN)
    health = await door.ask("/health", by=ADA)

    assert experts.body == {"experts": [{"user_id": BEN, "name": "U_Ben"}]}
    assert (kudos.body["solved"], kudos.body["people"]) == (1, 1)
    assert health.body["parts"][0]["topic"] is None
    assert (await door.ask("/health", by=ANA)).status == 403
    assert (await door.ask("/me", by=ANA)).body["user_id"] == ANA


async def test_nobody_gets_in_without_a_token_that_holds(door: Door, sessions: Sessions):
    for headers in (
        {},
        {"Authorization": "Bearer"},
        {"Authorization": f"Basic {door.tokens[ANA]}"},
        {"Authorization": f"Bearer {door.tokens[ANA][:-1]}"},
    ):
        refused = await door.ask("/search?q=tariff", by="", **headers)
        assert refused.status == 401
        assert refused.headers["WWW-Authenticate"] == "Bearer"
        assert refused.headers["Content-Type"] == "application/problem+json"
        assert refused.body["type"] == "urn:askaround:problem:no-token"

    closed = replace(profile(ANA), is_deactivated=True)
    async with sessions.begin() as session:
        await learn_person(session, team_id=TEAM, profile=closed, now=at(1))
    assert (await door.ask("/me")).status == 401


async def test_a_token_is_for_its_scopes_alone(door: Door, sessions: Sessions):
    async with sessions.begin() as session:
        who = {"team_id": TEAM, "user_id": ANA}
        made = await make_token(session, **who, name="Find", scopes=[FIND], days=7, now=NOW)
    door.tokens["narrow"] = made.secret

    assert (await door.ask("/search?q=tariff", by="narrow")).status == 200
    refused = await door.ask(f"/questions/{door.question_id}/helped", by="narrow", method="PUT")
    assert (refused.status, refused.body["scope"]) == (403, "act")


async def test_a_guest_learns_of_nothing_that_they_cannot_read(door: Door):
    for path in (f"/questions/{door.question_id}", "/questions/999", "/questions/none"):
        refused = await door.ask(path, by=GUS)
        assert (refused.status, refused.body["detail"]) == (
            404,
            "That question is no longer here."
            if path != "/questions/none"
            else "There is nothing here that you can see.",
        )
    assert (await door.ask("/search?q=tariff", by=GUS)).body["total"] == 0
    assert (await door.ask("/questions", by=GUS)).body == {"questions": [], "next": None}


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("/search", "`q` is missing"),
        ("/search?q=", "`q` cannot be that"),
        ("/search?q=a&q=b", "`q` is there more than once"),
        ("/search?q=a&limit=51", "`limit` cannot be that"),
        ("/search?q=a&limit=٣", "`limit` cannot be that"),
        ("/search?q=a&cursor=*", "`cursor` cannot be that"),
        ("/search?q=a&colour=red", "It knows: cursor, limit, q"),
        ("/questions?state=karma", "`state` cannot be that: How it stands: solved"),
        ("/topics?limit=1", "This takes no parameters"),
    ],
)
async def test_what_cannot_be_read_is_refused_with_a_reason(door: Door, path: str, says: str):
    refused = await door.ask(path)

    assert refused.status == 400
    assert says in refused.body["detail"]


async def test_a_wrong_method_or_address_is_told(door: Door):
    wrong = await door.ask("/search?q=a", method="POST")

    assert (wrong.status, wrong.headers["Allow"]) == (405, "GET, HEAD")
    for path in ("/nothing", "/questions/1/2", "/../openapi.json"):
        assert (await door.ask(path)).status == 404
    async with door.http.get(f"{door.address}/") as other:
        assert other.status == 404
    head = await door.ask(f"/questions/{door.question_id}", method="HEAD")
    assert (head.status, head.body) == (200, None)


async def test_what_is_still_the_same_is_not_sent_again(door: Door, sessions: Sessions):
    path = f"/questions/{door.question_id}"
    first = await door.ask(path)
    again = {"If-None-Match": f'"other", W/{first.headers["ETag"]}'}

    assert (await door.ask(path, **again)).status == 304
    assert (await door.ask(path, by=GUS, **again)).status == 404
    assert (await door.ask(f"{path}/doubted", method="PUT", by=ANA)).status == 200
    changed = await door.ask(path, **again)
    assert (changed.status, changed.body["doubted"]) == (200, True)
    assert first.headers["Cache-Control"] == "private, no-cache"


async def test_that_it_helped_counts_once_and_can_be_taken_back(door: Door, sessions: Sessions):
    path = f"/questions/{door.question_id}/helped"
    async with sessions.begin() as session:
        made = await make_token(
            session, team_id=TEAM, user_id=PIA, name="P", scopes=["act"], days=7, now=NOW
        )
        before = await count(session, Kudos)
    door.tokens[PIA] = made.secret

    for _ in range(2):
        helped = await door.ask(path, by=PIA, method="PUT")
        assert helped.body == {"credited": [{"user_id": BEN, "name": "U_Ben"}]}
    async with sessions.read() as session:
        assert await count(session, Kudos) == before + 1
    for _ in range(2):
        assert (await door.ask(path, by=PIA, method="DELETE")).status == 204
    async with sessions.read() as session:
        assert await count(session, Kudos) == before + 2  # a reversal

    own = await door.ask(path, by=BEN, method="PUT")
    assert (own.status, own.body["detail"]) == (
        409,
        "That answer is your own. Good that it still helps.",
    )
    assert (await door.ask(path, by=GUS, method="DELETE")).status == 404


async def test_too_many_requests_are_told_when_to_come_again(door: Door):
    said = [await door.ask("/me") for _ in range(AT_ONCE)]
    over = await door.ask("/me")

    assert {each.status for each in said} <= {200, 429}
    while over.status != 429:  # on a slow machine the bucket fills meanwhile
        over = await door.ask("/me")
    assert int(over.headers["Retry-After"]) == 1
    assert over.headers["RateLimit-Limit"] == str(AT_ONCE)
    assert over.headers["RateLimit-Remaining"] == "0"
    assert (await door.ask("/me", by=BEN)).status == 200


def test_a_bucket_fills_again_as_time_goes_by():
    seconds = [0.0]
    limits = Limits(at_once=2, a_second=0.5, clock=lambda: seconds[0])

    taken = [limits.take("ana") for _ in range(3)]
    assert [(each.is_over, each.left, each.retry) for each in taken] == [
        *[(False, 1, 0), (False, 0, 0), (True, 0, 2)]
    ]
    assert taken[-1].reset == 4
    assert not limits.take("ben").is_over
    seconds[0] += 2
    assert not limits.take("ana").is_over
    assert limits.take("ana").is_over


async def test_when_it_was_last_used_is_known(door: Door, sessions: Sessions):
    await door.ask("/me")

    async with sessions.read() as session:
        (token,) = await list_tokens(session, team_id=TEAM, user_id=ANA, now=NOW)
    assert token.used_at == NOW


async def test_what_nobody_expected_is_a_reference(door: Door, caplog: pytest.LogCaptureFixture):
    async def fail(_asked: Any) -> Any:
        raise RuntimeError("a secret of ours")

    broken = Route("GET", "/broken", "break", "Breaks.", None, fail, ("Nothing", {}))
    door.api._patterns.append((broken, broken.pattern))
    with caplog.at_level(logging.ERROR):
        refused = await door.ask("/broken")

    assert refused.status == 500
    assert "secret" not in json.dumps(refused.body)
    assert refused.body["reference"] in refused.body["detail"]
    assert refused.body["reference"] in caplog.text


async def test_while_the_database_is_away_programs_are_asked_to_wait(door: Door):
    class Away:
        def read(self) -> Any:
            raise ConnectionRefusedError

    door.api.sessions = Away()  # type: ignore[assignment]

    refused = await door.ask("/me")

    assert (refused.status, refused.headers["Retry-After"]) == (503, "2")


async def test_every_page_of_questions_is_reached_by_its_cursor(door: Door):
    shown, cursor = [], ""
    while cursor is not None:
        page = (await door.ask(f"/questions?limit=1{cursor and f'&cursor={cursor}'}")).body
        shown += [each["id"] for each in page["questions"]]
        cursor = page["next"]

    assert len(shown) == len(set(shown)) == 2


@settings(
    max_examples=some_examples(4),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    flags=st.tuples(*(st.sampled_from(FLAGS) for _ in PEOPLE)),
    private=st.tuples(*(st.booleans() for _ in CHANNELS)),
    members=st.tuples(*(st.sets(st.sampled_from(PEOPLE)) for _ in CHANNELS)),
    steps=st.lists(STEPS, min_size=3, max_size=12),
)
async def test_a_token_shows_exactly_what_its_person_sees(
    sessions: Sessions, flags, private, members, steps
):
    community = Community(
        team_id=f"T{uuid4().hex[:12]}",
        flags=dict(zip(PEOPLE, flags, strict=True)),
        private=dict(zip(CHANNELS, private, strict=True)),
        members=dict(zip(CHANNELS, map(set, members), strict=True)),
    )
    async with sessions.begin() as session:
        await settle(session, community)
        for number, step in enumerate(steps):
            await take(session, community, number, step)
        given_out = {each: await a_token(session, community.team_id, each) for each in PEOPLE}
    async with opened(sessions, given_out) as door:
        for user_id in PEOPLE:
            await check_sight(door, community, user_id)


async def a_token(session, team_id: str, user_id: str) -> str:
    """Also for whom none can be made."""
    secret = f"askaround_{uuid4().hex}{uuid4().hex[:11]}"
    await tokens.add(
        session,
        team_id=team_id,
        user_id=user_id,
        name="A program",
        scopes=["find", "experts", "kudos", "health", "act"],
        secret_hash=hash_of(secret),
        ending=secret[-4:],
        made_at=NOW,
        ends_at=at(86_400),
    )
    return secret


async def check_sight(door: Door, community: Community, user_id: str) -> None:
    allowed = {
        word
        for channel_id, word in community.words.values()
        if community.can_read(user_id, channel_id)
    }
    said = [await door.ask(path, by=user_id) for path in (*EVERYTHING, "/search?q=open+the+gate")]
    if community.flags[user_id] in ("unknown", "is_bot", "is_deactivated"):
        assert {each.status for each in said} == {401}
        return
    told = json.dumps([each.body for each in said])
    replied = {
        community.replied[message_ts]
        for message_ts, (channel_id, _) in community.words.items()
        if message_ts in community.replied and community.can_read(user_id, channel_id)
    }
    assert set(re.findall(r"secret\w+", told)) <= allowed | replied
    assert await pages_of(door, user_id, "/questions?state=solved", "questions") == allowed
    assert await pages_of(door, user_id, "/search?q=open+the+gate", "results") == allowed


async def pages_of(door: Door, user_id: str, path: str, name: str) -> set[str]:
    """The secret word of each question, which is also read by itself."""
    found: list[str] = []
    cursor = ""
    while cursor is not None:
        page = await door.ask(f"{path}&limit=2{cursor and f'&cursor={cursor}'}", by=user_id)
        for each in page.body[name]:
            whole = await door.ask(
                f"/questions/{each.get('question_id') or each['id']}", by=user_id
            )
            assert whole.status == 200
            (reply,) = whole.body["answers"]
            assert (await door.ask(f"/answers/{reply['id']}", by=user_id)).body == reply
            found += re.findall(r"secret\w+", whole.body["text"])
        cursor = page.body["next"]
    assert len(found) == len(set(found))
    return set(found)


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
async def test_whatever_schemathesis_asks_is_answered_as_described(door: Door, tmp_path: Path):
    door.api.limits = door.api.strangers = Limits(at_once=10**9, a_second=1)
    running = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", RUN, "run", f"{door.address}/v1/openapi.json"),
        *("--header", f"Authorization: Bearer {door.tokens[ADA]}"),
        *("--phases", "coverage,fuzzing,stateful", "--max-examples", str(some_examples(3))),
        *("--generation-deterministic", "--no-color"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        cwd=tmp_path,  # it leaves files
    )
    told, _ = await running.communicate()

    assert running.returncode == 0, told.decode()
    assert "No issues found" in told.decode()


async def test_slack_is_asked_who_they_are_unless_it_told_lately(door: Door, sessions: Sessions):
    asked, says = [], [False, True]

    async def meet(team_id: str, user_id: str, now: datetime) -> bool:
        asked.append((team_id, user_id))
        closed = replace(profile(user_id), is_deactivated=True)
        if is_told := says.pop(0):
            async with sessions.begin() as session:
                await learn_person(session, team_id=team_id, profile=closed, now=now)
        return is_told

    door.api.meet = meet
    assert (await door.ask("/me")).status == 200
    door.api.clock = lambda: NOW + PEOPLE_STAY_FRESH + timedelta(seconds=1)

    silent = await door.ask("/me")
    assert (silent.status, silent.headers["Retry-After"]) == (503, "60")
    assert (await door.ask("/me")).status == 401  # the account is closed by now
    assert asked == [(TEAM, ANA)] * 2
