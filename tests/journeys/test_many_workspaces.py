"""Many workspaces that install Askaround by themselves, over real sockets: OAuth, tokens that
expire, organisations, and going again."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import timedelta

import aiohttp
import pytest
from sqlalchemy import event, func, select
from yarl import URL

from bot.installations import GRACE
from bot.privacy.leaving import erase_gone, has_left
from bot.settings import Settings
from bot.vault import new_key
from handlers.outbox import AT_A_TIME, AT_ALL
from operating.bot import Bot, running
from sandbox.town import Town
from storage.privacy.leaving import belongs, tables
from storage.tables import Base, Installation, Question, Workspace
from tests.journeys.conftest import PATIENCE, ROOT, TICK, Community, a_community, free_port

QUESTION = "How do I correct the tariff code of a rejected form?"


@pytest.fixture
def rotates() -> bool:
    """Whether tokens expire."""
    return False


@pytest.fixture
async def town(rotates: bool) -> AsyncIterator[Town]:
    async with Town(ROOT / "manifest.yml", rotates=rotates) as opened:
        yield opened


@pytest.fixture
def settings(town: Town, database_url: str) -> Settings:
    return settings_of(town, database_url)


def settings_of(town: Town, database_url: str) -> Settings:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    town.redirect_uris.append(f"{url}/slack/oauth_redirect")
    return Settings(
        client_id=town.client_id,
        client_secret=town.client_secret,
        signing_secret=town.keys.signing_secret,
        public_url=url,
        install_keys=(new_key(),),
        database_url=database_url,
        port=port,
        slack_api_url=town.api_url,
    )


@dataclass
class Place:
    """A town, the bot that is in it, and somebody's browser."""

    town: Town
    bot: Bot
    settings: Settings
    browser: aiohttp.ClientSession

    def new_workspace(self, name: str, enterprise_id: str = "") -> Community:
        slack = self.town.add_workspace(name, enterprise_id=enterprise_id)
        slack.ack_timeout = slack.patience = PATIENCE
        slack.request_url = f"{self.settings.public_url}/slack/events"
        return a_community(slack)

    async def get(self, path: str) -> aiohttp.ClientResponse:
        url = URL(self.settings.public_url + path, encoded=True)
        async with self.browser.get(url, allow_redirects=False) as answer:
            await answer.read()
            return answer

    async def allow_page(self) -> str:
        """Where the direct link leads: Slack's own page."""
        answer = await self.get("/slack/install/direct")
        assert answer.status == 302
        return answer.headers["Location"]

    async def back(self, url: str) -> aiohttp.ClientResponse:
        return await self.get(url.removeprefix(self.settings.public_url))

    async def install(self, community: Community, *, for_organisation: bool = False) -> None:
        page = await self.allow_page()
        url = self.town.allow(page, community.maria, for_organisation=for_organisation)
        answer = await self.back(url)
        assert answer.status == 200, await answer.text()

    async def installed(self, name: str, enterprise_id: str = "") -> Community:
        community = self.new_workspace(name, enterprise_id)
        await self.install(community)
        await self.known(community)
        return community

    async def known(self, community: Community) -> None:
        """The bot has learned which channels it is in."""
        await community.slack.until(
            lambda: community.slack.calls_to("conversations.members") or None
        )
        await community.slack.delivered()

    async def count(self, *conditions: object) -> int:
        async with self.bot.sessions.read() as session:
            found = select(func.count()).where(*conditions)
            return await session.scalar(found) or 0


@pytest.fixture
async def place(town: Town, settings: Settings) -> AsyncIterator[Place]:
    async with AsyncExitStack() as stack:
        bot = await stack.enter_async_context(running(settings, town.clock.now, ticks_every=TICK))
        jar = aiohttp.CookieJar(unsafe=True, treat_as_secure_origin=URL(settings.public_url))
        browser = await stack.enter_async_context(aiohttp.ClientSession(cookie_jar=jar))
        yield Place(town, bot, settings, browser)


# Installing


@pytest.mark.on_both
async def test_two_workspaces_install_it_and_each_is_served_by_its_own_token(place: Place):
    acme, beta = await place.installed("Acme"), await place.installed("Beta")
    await asyncio.gather(acme.set_up(), beta.set_up())

    asked = await asyncio.gather(acme.ask(acme.bob, QUESTION), beta.ask(beta.bob, QUESTION))
    await acme.solve(acme.ana, acme.ken, "Which form is for a T1?", "The green one")

    assert all(asked)
    assert "The green one" in await acme.find(acme.ana, "form T1")
    assert "The green one" not in await beta.find(beta.ana, "form T1")
    # The one who installed it is welcomed, and nobody else anywhere.
    for community in (acme, beta):
        await community.slack.until(lambda c=community: has_welcome(c))
    async with place.bot.sessions.read() as session:
        rows = (await session.scalars(select(Installation))).all()
    tokens = {token for each in (acme, beta) for token in each.slack.tokens}
    assert len(rows) == 2
    assert not any(token in str(vars(row)) for row in rows for token in tokens)


def has_welcome(community: Community) -> bool:
    told = community.slack.direct_channel(community.maria).messages
    return bool(told)


async def test_the_page_leads_to_slack_and_says_what_comes(place: Place):
    community = place.new_workspace("Acme")

    page = await place.get("/slack/install")

    html = await page.text()
    assert (page.status, page.content_type) == (200, "text/html")
    assert "Add to Slack" in html
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    link = html.split('href="')[1].split('"')[0].replace("&amp;", "&")
    done = await place.back(place.town.allow(link, community.maria))
    assert "It is in Acme now" in await done.text()


async def test_what_is_not_begun_here_by_this_browser_and_now_installs_nothing(place: Place):
    community = place.new_workspace("Acme")
    page = await place.allow_page()
    url = place.town.allow(page, community.maria)

    async with aiohttp.ClientSession() as other, other.get(url) as answer:
        by_another_browser = answer.status, await answer.text()
    forged = await place.back(str(URL(url).update_query(state="x")))
    missing = await place.back(str(URL(url).with_query(state=URL(url).query["state"])))
    refused = await place.back(place.town.refuse(await place.allow_page()))

    assert by_another_browser[0] == 400
    assert "did not begin in this browser" in by_another_browser[1]
    assert (forged.status, missing.status, refused.status) == (400, 401, 200)
    assert "said no to it" in await refused.text()
    assert await place.count(Installation.team_id.is_not(None)) == 0


async def test_a_state_is_good_for_once(place: Place):
    community = place.new_workspace("Acme")
    page = await place.allow_page()
    first, again = (place.town.allow(page, community.maria) for _ in range(2))
    cookies = {each.key: each.value for each in place.browser.cookie_jar}

    done = await place.back(first)
    place.browser.cookie_jar.update_cookies(cookies, URL(place.settings.public_url))
    repeated = await place.back(again)

    assert (done.status, repeated.status) == (200, 401)
    assert "was done already" in await repeated.text()


async def test_while_slack_is_away_nothing_is_installed_and_it_says_so(place: Place):
    community = place.new_workspace("Acme")
    url = place.town.allow(await place.allow_page(), community.maria)
    community.slack.faults.add("auth.test", "server_error", times=5)

    answer = await place.back(url)

    assert answer.status in (401, 503)
    assert await place.count(Installation.team_id.is_not(None)) == 0


# Organisations


async def test_an_organisation_installs_it_once_for_all_its_workspaces(place: Place):
    north = place.new_workspace("North", "E0ACME")
    south = place.new_workspace("South", "E0ACME")
    elsewhere = await place.installed("Elsewhere")
    await place.install(north, for_organisation=True)

    for community in (north, south):  # the first event makes it at home there
        await community.as_(community.bob).post(community.channel, "Good morning")
        await place.known(community)
        await community.set_up()
    asked = [await each.ask(each.bob, QUESTION) for each in (north, south)]
    later = place.new_workspace("Later", "E0ACME")
    place.town.add_to_organisation(later.slack)
    await later.as_(later.bob).post(later.channel, "Good morning")
    await place.known(later)

    assert all(asked)
    assert await place.count(Installation.team_id.is_not(None)) == 2
    assert await place.count(Workspace.enterprise_id == "E0ACME") == 3
    taken = {"type": "team_access_revoked", "team_ids": [south.slack.team_id], "event_ts": "1.1"}
    await north.slack.send_event(taken)
    await north.slack.delivered()
    assert await place.count(Workspace.gone_at.is_not(None)) == 1
    assert await elsewhere.find(elsewhere.ana, "anything")


# Going


@pytest.mark.on_both
async def test_what_is_kept_goes_when_the_grace_is_over_and_nothing_of_others(place: Place):
    acme, beta = await place.installed("Acme"), await place.installed("Beta")
    for community in (acme, beta):
        await community.set_up()
        await community.solve(community.bob, community.ken, "Which form is for a T1?", "Green")
    gone = acme.slack.team_id

    await place.town.uninstall(acme.slack)
    await acme.slack.delivered()
    assert await place.count(Workspace.gone_at.is_not(None)) == 1
    assert await place.count(Question.team_id == gone) == 1
    before = await rows_of(place, beta.slack.team_id)
    await erase_all(place, place.town.clock.now() + GRACE / 2)
    assert await place.count(Question.team_id == gone) == 1  # it may be installed again
    await erase_all(place, place.town.clock.now() + GRACE + timedelta(days=1))

    assert await rows_of(place, gone) == {}
    assert (await rows_of(place, beta.slack.team_id)).items() >= before.items()
    assert "Green" in await beta.find(beta.ana, "form T1")


async def erase_all(place: Place, now: object) -> None:
    while True:
        async with place.bot.sessions.begin() as session:
            if not await has_left(session, now=now) or not await erase_gone(session, now=now):
                return


async def rows_of(place: Place, team_id: str) -> dict[str, int]:
    """How many rows each table has of a workspace, but for what is on its way."""
    found = {}
    async with place.bot.sessions.read() as session:
        for table in tables():
            if table.name in ("outbox", "gates"):
                continue
            number = await session.scalar(
                select(func.count()).select_from(table).where(belongs(table, team_id))
            )
            if number:
                found[table.name] = number
    return found


async def test_late_news_of_an_uninstallation_does_not_end_the_next_installation(place: Place):
    acme = await place.installed("Acme")
    await acme.set_up()
    late = await place.town.uninstall(acme.slack, tell=False)
    await place.install(acme)

    await acme.slack.send_event(late)
    tokens = {"oauth": ["U1"], "bot": [acme.slack.bot_user_id]}
    await acme.slack.send_event({"type": "tokens_revoked", "tokens": tokens, "event_ts": "1.1"})
    await acme.slack.delivered()

    assert await place.count(Workspace.gone_at.is_not(None)) == 0
    assert await acme.ask(acme.bob, QUESTION)


async def test_what_was_kept_is_there_when_it_is_installed_again(place: Place):
    acme = await place.installed("Acme")
    await acme.set_up()
    await acme.solve(acme.bob, acme.ken, "Which form is for a T1?", "The green one")
    await place.town.uninstall(acme.slack)
    await acme.slack.delivered()
    assert await place.count(Workspace.gone_at.is_not(None)) == 1

    await place.install(acme)

    assert "The green one" in await acme.find(acme.ana, "form T1")
    assert await acme.ask(acme.bob, QUESTION)


# Tokens and keys


@pytest.mark.parametrize("rotates", [True])
@pytest.mark.on_both
async def test_two_replicas_get_the_next_token_once(place: Place, settings: Settings, town: Town):
    acme = await place.installed("Acme")
    await acme.set_up()
    other = replace(settings, port=free_port())
    town.clock.advance(timedelta(hours=11))
    async with running(other, town.clock.now, ticks_every=TICK) as second:
        assert place.bot.many and second.many
        await asyncio.gather(*(each.many.turning.turn_all() for each in (place.bot, second)))

        assert town.refreshes == [acme.slack.team_id]
        town.clock.advance(timedelta(hours=2))  # the first token is over
        assert await acme.ask(acme.bob, QUESTION)


@pytest.mark.parametrize("rotates", [True])
async def test_a_token_that_expired_while_it_was_off_is_replaced_at_the_start(
    town: Town, settings: Settings
):
    async with AsyncExitStack() as stack:
        bot = await stack.enter_async_context(running(settings, town.clock.now, ticks_every=TICK))
        jar = aiohttp.CookieJar(unsafe=True, treat_as_secure_origin=URL(settings.public_url))
        browser = await stack.enter_async_context(aiohttp.ClientSession(cookie_jar=jar))
        acme = await Place(town, bot, settings, browser).installed("Acme")
        await acme.set_up()
    town.clock.advance(timedelta(days=3))

    async with running(settings, town.clock.now, ticks_every=TICK):
        assert await acme.ask(acme.bob, QUESTION)


async def test_a_new_key_in_front_seals_what_the_old_one_sealed(
    place: Place, settings: Settings, town: Town
):
    acme = await place.installed("Acme")
    new = new_key()
    both = replace(settings, port=free_port(), install_keys=(new, *settings.install_keys))
    alone = replace(settings, port=free_port(), install_keys=(new,))
    async with running(both, town.clock.now, ticks_every=TICK):
        pass

    async with running(alone, town.clock.now, ticks_every=TICK) as bot:
        assert bot.many is not None
        slack = await bot.many.workspaces.slack_of(acme.slack.team_id)
        assert slack is not None
        assert (await slack.call("auth.test"))["team_id"] == acme.slack.team_id


# Fairness


async def test_the_storm_of_one_workspace_holds_up_no_other(place: Place):
    """Slack is slow to answer the storm's posts, and there are more than the sender has hands."""
    storm, calm = place.new_workspace("Storm"), await place.installed("Calm")
    people = [storm.slack.add_user(f"asker{number}") for number in range(AT_ALL + 6)]
    members = [storm.maria, *people, storm.slack.bot]
    channels = [storm.slack.add_channel(f"storm{number}", members) for number in range(10)]
    await place.install(storm)
    await storm.slack.until(
        lambda: len(storm.slack.calls_to("conversations.members")) > len(channels)
    )
    for community in (storm, calm):
        await community.set_up()
    for channel in channels:
        said = await storm.as_(storm.maria).command("/askaround", "channel on", channel)
        assert "is a help channel now" in str(said)
    storm.slack.time_scale = 0.01  # what is told to come again comes at once
    storm.slack.faults.add("chat.postMessage", "delay", times=1000, seconds=8.0)
    for number, person in enumerate(people):
        await storm.as_(person).post(channels[number % 10], QUESTION)
    most = 0  # of the sender's hands that the storm ever had

    def count() -> int:
        nonlocal most
        held = [team_id for _, team_id in place.bot.sender._running.values()]
        most = max(most, held.count(storm.slack.team_id))
        return most

    # Everything that the storm says is owed, and as many of its posts as may be are under way.
    await storm.slack.until(lambda: count() and not storm.slack.outbound.pending)
    faults = storm.slack.faults
    await storm.slack.until(lambda: count() and faults.waiting[0].times <= 1000 - AT_A_TIME)
    ts = await calm.ask(calm.bob, QUESTION)
    count()

    assert calm.card(ts)
    assert most <= AT_A_TIME
    storm.slack.faults.clear()


# Whose rows a statement looks at

# What looks at all workspaces at once, by an index of its own: the sender, the clock, probes.
LOOKS_AROUND = {
    *("outbox", "workspaces", "questions", "failed_events", "digest_schedules"),
    *("absences", "erasures", "channels", "reviews", "imports", "archived"),
}
BY_KEY = re.compile(r"\b(id|mask|reference|signature|\w+_id)\s*(=|IN)", re.IGNORECASE)
TABLES = re.compile(r"\b(?:FROM|JOIN|UPDATE|INTO)\s+(\w+)", re.IGNORECASE)


def crosses(statement: str) -> set[str]:
    """The tables that it looks at without saying of which workspace, nor by a key."""
    if statement.startswith("INSERT"):
        return set()  # it says whose it is: by a column that may not be empty, or by its parent
    _, _, about = statement.rpartition(" WHERE ") if " WHERE " in statement else ("", "", "")
    if "FILTER (WHERE" not in statement and ("team_id" in statement.partition(" FROM ")[2]):
        return set()
    if "team_id" in about or BY_KEY.search(about):
        return set()
    return set(TABLES.findall(statement)) & Base.metadata.tables.keys()


async def test_what_is_done_for_a_workspace_looks_at_no_other(place: Place):
    asked: list[str] = []
    acme = await place.installed("Acme")
    engines = {place.bot.sessions.writer.sync_engine, place.bot.sessions.reader.sync_engine}

    def note(_: object, __: object, statement: str, *___: object) -> None:
        asked.append(" ".join(statement.split()))

    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    await acme.set_up()
    await acme.solve(acme.bob, acme.ken, "Which form is for a T1?", "The green one")
    await acme.find(acme.ana, "form T1")
    await acme.as_(acme.maria).open_home()
    await acme.as_(acme.ken).command("/kudos", "", acme.channel)
    await acme.slack.delivered()
    for engine in engines:
        event.remove(engine, "before_cursor_execute", note)

    assert len(asked) > 100
    assert {table: each for each in asked for table in crosses(each) - LOOKS_AROUND} == {}


def test_a_statement_that_forgets_the_workspace_is_told():
    assert crosses("SELECT name FROM people WHERE people.name = ?") == {"people"}
    assert crosses("UPDATE people SET name = ? WHERE people.team_id = ?") == set()


def test_what_a_workspace_owns_says_whose_it_is():
    """In its key or an index; what has none is found by the key of something that has."""
    parents = {"question_id", "topic_id", "answer_id", "term_id"}
    without = {
        table.name
        for table in Base.metadata.tables.values()
        if "team_id" not in table.c and not parents & {each.name for each in table.primary_key}
    }

    assert without == {"taken_requests", "backups"}
