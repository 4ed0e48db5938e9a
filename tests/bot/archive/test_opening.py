"""Archives of other tools, each as it is written, and what of them cannot be read."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.archive.archives import DISCOURSE, MARKDOWN, STACK, ZULIP, Archive
from bot.archive.judging import SURE
from bot.archive.opening import Wanted, open_archive
from bot.archive.preparing import Who, prepare_all
from bot.errors import NoColumns, NoSuchArchive, UnknownArchive

ASKED, SOLVED = "How do I correct the tariff code?", "Press Amend and enter the new code."


def opened(path: Path, kind: str = "") -> Archive:
    return open_archive(path, Wanted(kind=kind))


def at(time: str) -> str:
    return f"2024-05-01T{time}:00Z"


def taken(archive: Archive) -> list[tuple[str, str, str]]:
    """Question, solution and how sure, of what would be taken in."""
    [place] = archive.places
    prepared = prepare_all(list(archive.conversations(place)), Who())
    return [
        (each.posts[0].text, each.posts[each.solution].text, each.how_sure)
        for each in (one.judged for one in prepared)
        if not each.left
    ]


def write(folder: Path, **files: Any) -> Path:
    for name, value in files.items():
        path = folder / name.replace("__", "/").replace("_DOT_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(value if isinstance(value, str) else json.dumps(value))
    return folder


def test_a_table_is_read_and_a_row_without_an_answer_is_listed(tmp_path: Path):
    path = tmp_path / "faq.csv"
    path.write_text(
        "Question;Answer;answered_by;answered_by_email;answered_at;link\n"
        f"{ASKED};{SOLVED};Ben;ben@a.example;2024-05-01;https://wiki.example/1\n"
        "No answer;;;;;\n"
        f"{ASKED} again;{SOLVED};Eva;;not a day;javascript:alert(1)\n"
    )

    archive = opened(path)

    assert taken(archive) == [(ASKED, SOLVED, SURE)]
    assert archive.trouble.counted == {"no_words": 1, "no_time": 1}
    assert archive.trouble.told[0].where == "faq.csv: line 3"
    assert "Ben" in [each.name for each in archive.people.values()]


def test_whose_address_is_known_is_that_person(tmp_path: Path):
    path = tmp_path / "faq.csv"
    path.write_text(f"question,answer,answered_by_email\n{ASKED},{SOLVED},Ben@a.example\n")

    archive = open_archive(path, Wanted(emails={"ben@a.example": "U_BEN"}))

    [conversation] = archive.conversations(archive.places[0])
    assert conversation.posts[1].author_id == "U_BEN"


def test_a_table_without_the_columns_says_so(tmp_path: Path):
    path = tmp_path / "faq.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(NoColumns):
        opened(path)


def test_a_folder_of_markdown(tmp_path: Path):
    front = f"---\nquestion: {ASKED}\nauthor: Ben\ndate: 2024-05-01\n---\n{SOLVED}\n"
    write(
        tmp_path, one_DOT_md=front, two_DOT_md=f"# {ASKED}\n\n{SOLVED}\n", three_DOT_md="---\n: [\n"
    )

    archive = opened(tmp_path, MARKDOWN)

    assert taken(archive) == [(ASKED, SOLVED, SURE)] * 2
    assert archive.trouble.counted == {"no_front": 1}


def test_stack_for_teams(tmp_path: Path):
    posts = [
        {"id": 1, "title": ASKED, "body": "<p>Rejected.</p>", "creationDate": at("08:00"),
         "ownerUserId": 7, "acceptedAnswerId": 3},
        {"id": 2, "parentId": 1, "body": "No idea", "creationDate": at("09:00")},
        {"id": 3, "parentId": 1, "body": f"<p>{SOLVED}</p>", "creationDate": at("10:00")},
        {"id": 4, "parentId": 99, "body": "lost", "creationDate": at("10:00")},
    ]  # fmt: skip
    write(tmp_path, posts_DOT_json=posts, users_DOT_json=[{"id": 7, "displayName": "Ana"}])

    archive = opened(tmp_path, STACK)

    assert taken(archive) == [(f"{ASKED}\nRejected.", SOLVED, SURE)]
    assert archive.trouble.counted == {"no_parent": 1}


def test_discourse(tmp_path: Path):
    posts = [
        {"username": "ana", "cooked": "<p>It was rejected.</p>", "created_at": at("08:00")},
        {"username": "ben", "cooked": f"<p>{SOLVED}</p>", "created_at": at("09:00"),
         "accepted_answer": True},
    ]  # fmt: skip
    write(tmp_path, t1_DOT_json={"title": ASKED, "post_stream": {"posts": posts}}, t2_DOT_json={})

    archive = opened(tmp_path, DISCOURSE)

    assert taken(archive) == [(f"{ASKED}\nIt was rejected.", SOLVED, SURE)]
    assert archive.trouble.counted == {"no_words": 1}


def test_zulip_and_that_its_people_ticked_a_topic(tmp_path: Path):
    def said(who: str, text: str, at: int, topic: str) -> dict[str, Any]:
        return {"sender_full_name": who, "content": f"<p>{text}</p>", "timestamp": at,
                "subject": topic, "stream_id": 1}  # fmt: skip

    messages = [
        said("Ana", ASKED, 1_700_000_000, "✔ tariff"),
        said("Ben", SOLVED, 1_700_000_060, "✔ tariff"),
        said("Ana", "I will look.", 1_700_000_120, "✔ tariff"),
    ]
    write(tmp_path, **{"messages-1_DOT_json": {"messages": messages}})

    assert taken(opened(tmp_path, ZULIP)) == [(ASKED, SOLVED, SURE)]


def test_what_is_none_of_these_says_so(tmp_path: Path):
    for kind in (STACK, ZULIP):
        with pytest.raises(NoSuchArchive):
            opened(tmp_path, kind)
    with pytest.raises(UnknownArchive):
        opened(tmp_path, "diary")
    assert opened(tmp_path, MARKDOWN).count(opened(tmp_path, MARKDOWN).places[0]) == 0
