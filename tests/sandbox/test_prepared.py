"""A workspace that is kept in a file is the same when it is put back."""

from datetime import UTC, datetime
from pathlib import Path

from sandbox import Sandbox
from sandbox.prepared import as_told, load, made_of, save
from sandbox.stage import PREPARED, story

MANIFEST = {"display_information": {"name": "Nobody"}}
NOW = datetime(2026, 3, 5, 9, 0, tzinfo=UTC)


async def a_workspace() -> Sandbox:
    slack = Sandbox(MANIFEST)
    slack.clock.set(NOW)
    maria, ken = slack.add_user("maria", is_admin=True), slack.add_user("ken")
    slack.add_usergroup("customs", [ken])
    docks = slack.add_channel("docks", [maria, ken, slack.bot], is_private=True)
    asked = await slack.act_as(maria).type(docks, "Where, @ken?", files=["seal.png"])
    reply = await slack.act_as(ken).type(docks, "Here.", thread_ts=asked)
    await slack.act_as(maria).react(docks, reply, "tada")
    await slack.act_as(ken).read(docks, reply)
    slack.parts = {ken.id: ["Expert"]}
    _ = slack.act_as(ken).dm_channel
    return slack


async def test_what_is_put_back_is_what_was_kept(tmp_path: Path):
    kept, again = await a_workspace(), Sandbox(MANIFEST)
    again.add_user("somebody", "Gone")
    database, file = tmp_path / "bot.db", tmp_path / "kept.zip"
    database.write_bytes(b"rows")
    save(kept, database, file, made_of="a story")

    load(again, file, tmp_path / "other.db")

    told = as_told(kept) | {"now": None}
    assert as_told(again) | {"now": None} == told
    assert (tmp_path / "other.db").read_bytes() == b"rows"
    assert made_of(file) == "a story"
    assert abs((again.clock.now() - kept.clock.now()).total_seconds()) < 5


async def test_life_goes_on_in_what_was_put_back(tmp_path: Path):
    kept, again = await a_workspace(), Sandbox(MANIFEST)
    database, file = tmp_path / "bot.db", tmp_path / "kept.zip"
    database.touch()
    save(kept, database, file, made_of="")
    load(again, file, database)
    docks = next(each for each in again.channels.values() if each.name == "docks")
    maria = next(each for each in again.users.values() if each.name == "maria")
    before = set(docks.messages)

    said = await again.act_as(maria).post(docks, "And now?")

    assert said > max(before)
    assert again.add_user("new").id not in kept.users
    assert again.act_as(maria).dm_channel.id not in kept.channels
    assert len(again.act_as(maria).sees(docks)) == 2


def test_the_demo_starts_from_the_story_as_it_is_written():
    assert made_of(PREPARED) == story(), "the story has changed: `make film` plays it anew"
