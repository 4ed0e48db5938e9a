import json

import pytest

from bench.__main__ import main, measure, names


def test_the_list_names_every_benchmark_with_what_it_measures_and_reads(capsys):
    assert main([]) == 0

    listed = capsys.readouterr().out
    assert "detection: How well the bot tells requests for help from other messages." in listed
    assert "    Input: JSON lines" in listed


def test_names_are_typed_with_hyphens_and_private_modules_are_not_listed():
    assert "detection" in names()
    assert not [name for name in names() if "_" in name]


def test_without_data_the_built_in_messages_are_measured(capsys):
    assert main(["detection"]) == 0

    figures = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert figures["n"] >= 40
    assert figures["f1"] > 0.8


def test_the_figures_of_a_file_are_one_json_object_on_the_last_line(tmp_path, capsys):
    data = tmp_path / "messages.jsonl"
    rows = [
        {"text": "How do I book a room?", "label": "Q", "community": "office"},
        {"text": "My desk is by the window", "label": "Q", "community": "office"},
        {"text": "Good morning!", "label": "N", "community": "lobby", "extra": 1},
        {"text": "Where is the exit?", "label": "F", "community": "lobby"},
    ]
    data.write_text("\n".join(json.dumps(row) for row in rows) + "\n\n")

    assert main(["detection", "--data", str(data)]) == 0

    *progress, last = capsys.readouterr().out.splitlines()
    figures = json.loads(last)
    assert (figures["precision"], figures["recall"], figures["f1"]) == (0.5, 0.5, 0.5)
    assert figures["by_community"]["office"]["recall"] == 0.5
    assert [line.split()[0] for line in progress] == ["missed", "false"]


@pytest.mark.parametrize(
    "content",
    ["not json", '{"text": "no label"}', '{"text": 5, "label": "Q"}', "[1]", "", b"\xff\xfe\x00"],
)
def test_a_malformed_file_is_one_sentence_and_exit_code_2(tmp_path, capsys, content):
    data = tmp_path / "bad.jsonl"
    data.write_bytes(content if isinstance(content, bytes) else content.encode())

    assert main(["detection", "--data", str(data)]) == 2

    captured = capsys.readouterr()
    assert captured.err.count("\n") == 1
    assert "bad.jsonl" in captured.err


def test_a_missing_file_is_one_sentence_and_exit_code_2(capsys):
    assert main(["detection", "--data", "/nowhere/at/all.jsonl"]) == 2

    assert capsys.readouterr().err == "There is no file /nowhere/at/all.jsonl.\n"


def test_an_unknown_name_is_one_sentence_that_lists_the_known_ones(capsys):
    assert main(["detektion"]) == 2

    error = capsys.readouterr().err
    assert error.startswith("There is no benchmark 'detektion'; there are: ")
    assert "detection" in error


def test_a_benchmark_may_be_async_or_not():
    class Plain:
        @staticmethod
        def run(data):
            return {"data": data}

    class Async:
        @staticmethod
        async def run(data):
            return {"data": data}

    assert measure(Plain, None) == measure(Async, None) == {"data": None}
