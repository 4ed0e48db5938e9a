"""The doctor names what is wrong, and says what to do; where all is well it finds nothing."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.installations import Installed, Tokens, install
from bot.vault import Vault, new_key
from bot.workspaces import join_workspace
from operating.commands import note_made
from operating.doctor import COSTS, Check, examine, in_units, needed_scopes
from sandbox import Sandbox
from storage.database import Sessions
from storage.tables import FailedEvent, Outbox

Environ = dict[str, str | None]


async def examined(environ: Environ, slack: Sandbox) -> list[Check]:
    return [check async for check in examine(environ, slack.clock.now)]


async def faults(environ: Environ, slack: Sandbox) -> dict[str, str]:
    return {each.about: each.says for each in await examined(environ, slack) if not each.is_good}


async def test_where_all_is_well_each_thing_is_good(environ: Environ, slack: Sandbox):
    checks = await examined(environ, slack)

    assert [each for each in checks if not each.is_good] == []
    looked_at = {each.about for each in checks}
    assert looked_at >= {"python", "schema", "database", "owed", "settings", "slack", "clock"}
    assert looked_at >= {"scopes", "channels", "events"}


async def test_nothing_is_changed_by_looking(environ: Environ, slack: Sandbox, tmp_path):
    file = tmp_path / "none.db"

    await examined({**environ, "DATABASE_URL": f"sqlite:///{file}"}, slack)

    assert not file.exists()
    assert {call.method for call in slack.calls} == {
        "auth.test",
        "users.conversations",
        "apps.connections.open",
    }


@pytest.mark.parametrize(
    ("changes", "about", "says"),
    [
        ({"SLACK_BOT_TOKEN": None}, "settings", "SLACK_BOT_TOKEN is missing"),
        ({"SLACK_BOT_TOKEN": "xoxb-old"}, "slack", "does not accept SLACK_BOT_TOKEN"),
        ({"SLACK_APP_TOKEN": "xapp-old"}, "events", "does not accept SLACK_APP_TOKEN"),
        ({"SLACK_API_URL": "http://127.0.0.1:9/api/"}, "slack", "Slack cannot be reached"),
        ({"DATABASE_URL": "mysql://x/y"}, "database", "not an address I can use"),
        ({"DATABASE_URL": "postgresql://x:secret@127.0.0.1:9/y"}, "database", "cannot be opened"),
    ],
)
async def test_what_is_broken_is_named(
    environ: Environ, slack: Sandbox, changes: Environ, about: str, says: str
):
    found = await faults({**environ, **changes}, slack)

    assert says in found[about]
    assert "secret" not in str(found)


async def test_a_missing_scope_is_told_with_what_it_costs(environ: Environ, slack: Sandbox):
    slack.manifest = replace(slack.manifest, scopes=slack.manifest.scopes - {"dnd:read"})

    assert "dnd:read (people who paused their" in (await faults(environ, slack))["scopes"]


def test_each_scope_of_the_manifest_has_its_cost():
    assert set(COSTS) == needed_scopes()


@pytest.mark.parametrize(("ahead", "how"), [(90, "90 s fast"), (-400, "400 s slow")])
async def test_a_clock_that_is_wrong_is_told(
    environ: Environ, slack: Sandbox, ahead: float, how: str
):
    def clock():
        return slack.clock.now() + timedelta(seconds=ahead)

    checks = [check async for check in examine(environ, clock)]

    (clock_check,) = [each for each in checks if each.about == "clock"]
    assert not clock_check.is_good
    minutes = how.split()[0]
    assert abs(int(clock_check.says.split()[2]) - int(minutes)) <= 2
    assert how.split()[-1] in clock_check.says


async def test_in_no_channel_it_says_how_to_invite_it(environ: Environ, slack: Sandbox):
    for channel in slack.channels.values():
        channel.members.pop(slack.bot_user_id, None)

    assert "/invite @Askaround" in (await faults(environ, slack))["channels"]


async def test_what_failed_waits_or_was_given_up_is_counted(
    environ: Environ, slack: Sandbox, sessions: Sessions
):
    now = slack.clock.now()
    async with sessions.begin() as session:
        session.add(FailedEvent(reference="A1", team_id="T", body={}, error="", failed_at=now))
        session.add_all(
            Outbox(
                team_id="T",
                kind="card",
                subject=subject,
                lane="C",
                key=subject,
                payload={},
                version=1,
                owed_at=now - timedelta(minutes=40),
                due_at=now - timedelta(minutes=40),
                gave_up_at=gave_up_at,
            )
            for subject, gave_up_at in (("1", None), ("2", now))
        )

    found = await faults(environ, slack)

    assert "the oldest for 40 minutes" in found["owed"]
    assert "1 things could not be sent" in found["given up"]
    assert "1 events failed" in found["failed"]


@pytest.mark.parametrize(
    ("number", "told"), [(0, "0 bytes"), (999, "1 kB"), (1_500_000, "2 MB"), (4e12, "4 TB")]
)
def test_sizes_are_told_in_units_people_know(number: float, told: str):
    assert in_units(number) == told


async def test_how_old_the_backup_is_is_told(environ: Environ, slack: Sandbox, sessions: Sessions):
    url = environ["DATABASE_URL"] or ""
    now = slack.clock.now()
    await note_made(url, 1_000_000, now - timedelta(days=9))

    old = await faults(environ, slack)
    await note_made(url, 1_000_000, now - timedelta(hours=3))
    newer = {each.about: each.says for each in await examined(environ, slack)}

    assert "made 9 days ago. Make one" in old["backup"]
    assert "made 3 hours ago" in newer["backup"]


async def test_a_bot_that_hears_nothing_any_more_is_told(
    environ: Environ, slack: Sandbox, sessions: Sessions
):
    now = slack.clock.now()
    async with sessions.begin() as session:
        await join_workspace(session, team_id="T1", name="A", url="", bot_user_id="U1", now=now)
    slack.clock.advance(timedelta(days=3))

    assert "last heard 3 days ago. See" in (await faults(environ, slack))["heard"]


async def test_of_many_workspaces_it_tells_whose_tokens_cannot_be_opened(
    environ: Environ, slack: Sandbox, sessions: Sessions
):
    old, new = new_key(), new_key()
    tokens = Tokens("xoxb-secret")
    installed = Installed("T1", None, False, "A1", "B1", "U1", "Acme", "https://a/", tokens)
    async with sessions.begin() as session:
        now = slack.clock.now()
        await install(session, Vault((old,)), installed, installer_id=None, now=now)
    many = {
        "SLACK_BOT_TOKEN": None,
        "SLACK_APP_TOKEN": None,
        "SLACK_CLIENT_ID": "1.2",
        "SLACK_CLIENT_SECRET": "s",
        "SLACK_SIGNING_SECRET": "s",
        "PUBLIC_URL": "https://ask.example.com",
    }

    found = await faults({**environ, **many, "INSTALL_KEYS": new}, slack)
    both = await faults({**environ, **many, "INSTALL_KEYS": f"{new},{old}"}, slack)

    assert "The tokens of T1 were sealed with a key" in found["workspaces"]
    assert "workspaces" not in both
