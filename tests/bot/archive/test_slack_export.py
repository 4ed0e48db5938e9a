"""Reading Slack's exports, as they are and as they should not be."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.archive.slack_export import SlackExport
from bot.errors import (
    ArchiveBroken,
    ArchiveIsBomb,
    ArchiveLeadsOutside,
    ArchiveNotThere,
    NoSlackExport,
    UserError,
    WhichWorkspace,
)
from bot.questions.emoji import USUAL
from tests.bot.archive.conftest import (
    ASKED,
    DAY,
    SOLVED,
    USERS,
    Files,
    files_of,
    marked,
    read_all,
    replied,
    said,
    ts,
    write_zip,
)

Export = Callable[[Files], SlackExport]


def test_a_thread_is_put_together_from_the_days_on_which_it_went_on(export: Export):
    archive = export(files_of())

    thread, notice = sorted(read_all(archive)["customs"], key=lambda each: -len(each.posts))

    assert [post.author_id for post in thread.posts] == ["U_ANA", "U_BEN", "U_ANA", "U_PIA"]
    assert [post.text for post in thread.posts][:2] == [ASKED, SOLVED]
    assert thread.posts[1].marked_by == ("U_ANA",)
    assert notice.posts[0].is_by_app


def test_channels_are_as_private_as_they_were_and_direct_messages_are_not_read(export: Export):
    files = files_of(
        **{
            "dms.json": [{"id": "D_1", "members": ["U_ANA", "U_BEN"]}],
            "D_1__2023-11-14.json": [said("U_ANA", "between us")],
        }
    )

    archive = export(files)

    assert {each.name: each.is_private for each in archive.places} == {
        "customs": False,
        "secret": True,
    }


def test_an_unpacked_export_reads_like_the_zip(export: Export, tmp_path: Path):
    zipped = export(files_of())
    folder = tmp_path / "unpacked"
    with zipfile.ZipFile(tmp_path / "export.zip") as archive:
        archive.extractall(folder)

    assert read_all(SlackExport(folder, marking=USUAL)) == read_all(zipped)


def test_edits_and_deletions_count_wherever_they_stand(export: Export):
    edit = {
        **said("U_ANA", "", 300, subtype="message_changed", hidden=True),
        "message": {"user": "U_BEN", "ts": ts(60), "text": "Press Undo.", "edited": {"ts": ts(9)}},
    }
    deletion = said("U_ANA", "", 301, subtype="message_deleted", deleted_ts=ts(DAY))
    gone = said("U_EVA", "This message was deleted.", 302, subtype="tombstone")

    archive = export(files_of(**{"customs__2023-11-16.json": [edit, deletion, gone]}))

    thread = max(read_all(archive)["customs"], key=lambda each: len(each.posts))
    assert [post.text for post in thread.posts] == [ASKED, "Press Undo.", "Same here."]


def test_what_comes_twice_or_cannot_be_read_is_listed(export: Export):
    again = [*files_of()["customs/2023-11-15.json"], said("U_ANA", "no time") | {"ts": None}]
    orphan = replied("U_BEN", "to nobody", 900, to=800)

    archive = export(files_of(**{"customs__2023-11-16.json": [*again, orphan]}))
    read_all(archive)

    assert archive.trouble.counted == {"twice": 2, "no_ts": 1, "no_parent": 1}
    assert archive.trouble.told[0].where.startswith("customs/2023-11-16.json")


def test_apps_files_and_marks_of_the_workspaces_own(export: Export, tmp_path: Path):
    files = [{"id": "F1", "title": "Screenshot of the form", "mimetype": "image/png"}]
    day = [
        said("U_ANA", "", 0, thread_ts=ts(0), files=files),
        replied("", "I am an app", 1, bot_id="B1", subtype="bot_message"),
        replied("U_BEN", "Done.", 2, reactions=marked("U_ANA", name="party")),
    ]
    export(files_of(**{"customs__2023-11-14.json": day, "customs__2023-11-15.json": None}))

    archive = SlackExport(tmp_path / "export.zip", marking=[*USUAL, "party"])

    [thread] = read_all(archive)["customs"]
    assert thread.posts[0].text == "Screenshot of the form"
    assert thread.posts[0].files == (("F1", "Screenshot of the form", "picture"),)
    assert [post.is_by_app for post in thread.posts] == [False, True, False]
    assert thread.posts[2].marked_by == ("U_ANA",)


def test_without_users_people_are_known_by_their_ids_alone(export: Export):
    archive = export(files_of(**{"users.json": None}))

    assert archive.people == {}
    assert len(read_all(archive)["customs"]) == 2


def grid(*workspaces: str) -> Files:
    files: Files = {"org_users.json": USERS, "channels.json": [{"id": "C_ALL", "name": "all"}]}
    for name in workspaces:
        root = f"teams/{name}"
        files[f"{root}/channels.json"] = [{"id": f"C_{name}", "name": f"help-{name}"}]
        files[f"{root}/help-{name}/2023-11-14.json"] = files_of()["customs/2023-11-14.json"]
    files["all/2023-11-14.json"] = files_of()["secret/2023-11-14.json"]
    return files


def test_of_a_grid_export_this_workspace_and_what_all_share_are_read(export: Export):
    archive = export(grid("acme", "rival"))

    assert sorted(each.name for each in archive.places) == ["all", "help-acme"]
    assert set(archive.people) == {user["id"] for user in USERS}
    assert len(read_all(archive)["help-acme"]) == 2


def test_of_a_grid_export_that_has_another_name_the_folder_is_asked_for(export: Export):
    with pytest.raises(WhichWorkspace, match="rival, third"):
        export(grid("rival", "third"))


# What is no archive


def unreadable(export: Export, tmp_path: Path, **changes: Any) -> UserError:
    with pytest.raises(UserError) as raised:
        archive = export(files_of(**changes))
        for place in archive.places:
            archive.count(place)
    return raised.value


def test_a_truncated_zip_ends_in_a_sentence(export: Export, tmp_path: Path):
    export(files_of())
    path = tmp_path / "export.zip"
    path.write_bytes(path.read_bytes()[:-200])

    with pytest.raises(ArchiveBroken, match="Nothing was taken in"):
        SlackExport(path, marking=USUAL)


def test_a_zip_with_a_damaged_file_ends_in_a_sentence(export: Export, tmp_path: Path):
    export(files_of(**{"customs__2023-11-14.json": b"[" + b"{}," * 50_000 + b"{}]"}))
    path = tmp_path / "export.zip"
    raw = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        info = archive.getinfo("customs/2023-11-14.json")
    start = info.header_offset + 30 + len(info.filename)
    raw[start + 20 : start + 60] = bytes(40)
    path.write_bytes(raw)

    archive = SlackExport(path, marking=USUAL)

    with pytest.raises(ArchiveBroken, match="2023-11-14"):
        archive.count(archive.places[0])


@pytest.mark.parametrize(
    "raw", [b'[{"ts": "1.0", "text": "cut', b'{"ts": "1.0"}', b"nothing", b"", b'[{"ts": 1}, oh]']
)
def test_a_day_that_is_cut_off_or_no_list_ends_in_a_sentence(
    export: Export, tmp_path: Path, raw: bytes
):
    error = unreadable(export, tmp_path, **{"customs__2023-11-14.json": raw})

    assert isinstance(error, ArchiveBroken)
    assert "2023-11-14.json" in str(error)


def test_a_list_of_channels_that_is_no_json_ends_in_a_sentence(export: Export, tmp_path: Path):
    assert isinstance(unreadable(export, tmp_path, **{"channels.json": b"[{"}), ArchiveBroken)


def test_a_zip_bomb_is_not_opened(tmp_path: Path):
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("channels.json", "[]")
        archive.writestr("help/2023-11-14.json", b" " * 120_000_000)

    with pytest.raises(ArchiveIsBomb):
        SlackExport(path, marking=USUAL)


@pytest.mark.parametrize(
    "name", ["../users.json", "/etc/users.json", "a/../../b.json", "..\\x.json"]
)
def test_a_path_that_leads_outside_is_not_opened(tmp_path: Path, name: str):
    path = write_zip(tmp_path / "outside.zip", files_of() | {name: []})

    with pytest.raises(ArchiveLeadsOutside):
        SlackExport(path, marking=USUAL)


def test_a_link_out_of_an_unpacked_folder_is_not_followed(tmp_path: Path):
    folder, outside = tmp_path / "unpacked", tmp_path / "outside.json"
    folder.mkdir()
    outside.write_text("[]")
    (folder / "channels.json").symlink_to(outside)

    with pytest.raises(ArchiveLeadsOutside):
        SlackExport(folder, marking=USUAL)


def test_what_is_no_export_says_so(tmp_path: Path):
    with pytest.raises(ArchiveNotThere):
        SlackExport(tmp_path / "none.zip", marking=USUAL)
    with pytest.raises(NoSlackExport):
        SlackExport(write_zip(tmp_path / "photos.zip", {"cat.json": []}), marking=USUAL)


def test_other_encodings_keep_what_is_readable(export: Export):
    latin = json.dumps([said("U_ANA", "Grüße", 5)], ensure_ascii=False).encode("latin-1")
    marked_utf8 = b"\xef\xbb\xbf" + json.dumps([said("U_ANA", "Grüße", 6)]).encode()

    archive = export(
        files_of(
            **{
                "customs__2023-11-14.json": latin,
                "customs__2023-11-15.json": marked_utf8,
                "users.json": json.dumps(USERS).encode("utf-16"),
            }
        )
    )

    read = [each.posts[0].text for each in read_all(archive)["customs"]]
    assert read == ["Gr��e", "Grüße"]
    assert archive.people["U_ANA"].name == "Ana"


def test_a_file_of_40_mb_is_read_message_by_message(export: Export):
    day = json.dumps([said("U_ANA", "x" * 4_000, at) for at in range(10_000)]).encode()

    archive = export(files_of(**{"customs__2023-11-14.json": day}))

    assert len(day) > 40_000_000
    assert archive.count(archive.places[0]) == 10_002
