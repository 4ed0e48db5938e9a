import gzip
import json

import pytest

from bench.replay import mark_of, rank_in, read, threads_of


def thread(*lines: str):
    posts = [dict(zip("utx", (who, "2024-05-06T07:08:09", text), strict=True)) for who, text in
             (line.split(": ", 1) for line in lines)]  # fmt: skip
    return threads_of([{"id": 1, "posts": posts}])[0]


def test_the_asker_s_thanks_mark_the_last_reply_by_somebody_else_before_them():
    said = thread("ann: How?", "ben: So", "cho: Or so", "ann: hm", "ann: thanks, that worked")

    assert mark_of(said) == (4, 2)


@pytest.mark.parametrize(
    "last",
    ["ann: thanks in advance", "ann: still does not work", "ben: thanks", "ann: and now?"],
)
def test_other_words_or_other_people_s_thanks_mark_nothing(last):
    assert mark_of(thread("ann: How?", "ben: So", last)) is None


def test_thanks_before_anybody_replied_mark_nothing():
    assert mark_of(thread("ann: How?", "ann: thanks!")) is None


def test_packed_files_are_read_and_a_title_comes_before_the_first_post_as_plain_text(tmp_path):
    data = tmp_path / "threads.jsonl.gz"
    posts = [{"u": "ann", "t": "2024-05-06 07:08", "x": "a < b"}, {"u": "ben", "t": "2024-05-06 07:01", "x": "no"}]  # fmt: skip  # noqa: E501
    row = {"id": 7, "title": "Compare", "posts": posts}
    data.write_bytes(gzip.compress(json.dumps(row).encode()))

    (said,) = read(data)

    assert said.posts[0].text == "Compare\na &lt; b"
    assert said.posts[1].at == said.posts[0].at  # no reply is older than its question
    assert said.query == "Compare"


def test_the_rank_counts_the_questions_shown_not_the_links_to_replies():
    def heading(ts):
        return {"text": {"text": f"*<https://s.slack.com/archives/C1/p{ts}|Why?>*"}}

    page = {"blocks": [heading("10000001"), {"text": {"text": "> so"}}, heading("20000002")]}

    assert rank_in(page, ("C1", "2.0000002")) == 2
    assert rank_in(page, ("C1", "3.0000003")) == 0
