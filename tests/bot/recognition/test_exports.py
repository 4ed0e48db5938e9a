from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from docx import Document
from docx.text.hyperlink import Hyperlink
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import NotAPeriod, NothingToExport
from bot.finding.reuse import note_helped
from bot.questions.capture import call_not_a_question
from bot.questions.messages import hear
from bot.recognition.exports import Export, begin_export, get_export, read_period
from bot.recognition.naming import choose_to_be_named
from handlers.blocks.recognition.exports import export_message, lines_of
from handlers.blocks.text import Block
from handlers.documents import to_docx, writable
from tests.bot.conftest import (
    ANA,
    BEN,
    HELP,
    NOW,
    OTHER_TEAM,
    PIA,
    TEAM,
    answer,
    ask,
    learn_help_channel,
    leave_help_channel,
    owed,
    said,
    solve,
    tick,
    ts,
)

DAY = timedelta(days=1)
LATER = NOW + DAY
URL = "https://acme.slack.com/"
JANUARY = datetime(2025, 12, 31, 23, tzinfo=UTC)  # when 2026 begins in Rome


async def export_of(session: AsyncSession, **changes) -> Export:
    asked = {"team_id": TEAM, "user_id": BEN, "since": JANUARY, "until": LATER}
    return await get_export(session, **{**asked, **changes})


async def text_of(session: AsyncSession) -> str:
    export = await export_of(session)
    text = copied(export_message(export, URL))
    assert written(export) == text
    return text


def written(export: Export) -> str:
    """What stands in the document, as it is copied."""
    lines = []
    for paragraph in Document(BytesIO(to_docx(lines_of(export, URL)))).paragraphs:
        pieces = [
            f"{each.text} <{each.url}>" if isinstance(each, Hyperlink) else each.text
            for each in paragraph.iter_inner_content()
        ]
        bullet = "• " if paragraph.style and paragraph.style.name == "List Bullet" else ""
        lines.append(bullet + "".join(pieces))
    return "\n".join(lines)


def copied(message: Block) -> str:
    """As it comes out of Slack: a line each, with bullets, and each link's address behind it."""
    lines = []
    for part in message["blocks"][0]["elements"]:
        is_list = part["type"] == "rich_text_list"
        for line in part["elements"] if is_list else [part]:
            pieces = [
                f"{each['text']} <{each['url']}>" if "url" in each else each["text"]
                for each in line["elements"]
            ]
            lines.append(("• " if is_list else "") + "".join(pieces))
    return "\n".join(lines)


async def test_it_tells_the_period_what_it_came_to_and_each_question(
    session: AsyncSession, help_channel
):
    question_id = await solve(session, "How do I paint?")
    await note_helped(session, team_id=TEAM, question_id=question_id, user_id=PIA, now=NOW)

    assert await text_of(session) == "\n".join(
        [
            "What my help did, 1 January 2026 to 24 November 2026",
            "• I solved 1 question for 1 person.",
            "• My earlier answers helped 1 more person.",
            "Questions I solved",
            f"• 23 November 2026, for U_Ana: How do I paint? <{URL}archives/{HELP}/"
            f"p{ts().replace('.', '')}>. It helped 1 more person.",
        ]
    )


async def test_who_does_not_want_to_be_named_is_a_colleague(session: AsyncSession, help_channel):
    await solve(session)
    await choose_to_be_named(session, team_id=TEAM, user_id=ANA, is_named=False, now=NOW)

    text = await text_of(session)
    assert "for a colleague: " in text
    assert "Ana" not in text


async def test_words_are_only_of_channels_they_can_still_read(session: AsyncSession, help_channel):
    await solve(session, "Where is the secret vault?")
    await learn_help_channel(session, is_private=True, user_ids=[ANA, BEN])
    await leave_help_channel(session, BEN)

    text = await text_of(session)
    assert "vault" not in text
    assert "Ana" not in text
    assert "• 1 question that can no longer be shown" in text


async def test_what_was_withdrawn_leaves_no_words_and_what_was_taken_back_nothing(
    session: AsyncSession, help_channel
):
    question_id = await solve(session, "Where is the secret vault?")
    await call_not_a_question(
        session, team_id=TEAM, question_id=question_id, user_id=ANA, now=LATER
    )
    await ask(session, "How do I paint?", seconds=1000)
    reply = said("So.", by=BEN, seconds=1060, thread_ts=ts(1000))
    await hear(session, reply, now=reply.sent_at)
    await tick(session, reply.message_ts, seconds=1070)
    await tick(session, reply.message_ts, seconds=1080, on=False)

    text = await text_of(session)
    assert "vault" not in text and "paint" not in text
    assert "• I solved 1 question for 1 person." in text


async def test_words_that_mean_something_to_slack_stay_words_without_a_backslash(
    session: AsyncSession, help_channel
):
    hostile = "How do I [x](https://evil.example) &lt;!channel&gt; **b** `c` # :tada: | ~~s~~?"
    await solve(session, hostile)

    text = await text_of(session)
    assert "How do I [x](https://evil.example) <!channel> **b** `c` # :tada: | ~~s~~?" in text
    assert "\\" not in text


async def test_of_a_long_one_the_document_has_all(session: AsyncSession, help_channel):
    await ask(session)
    await tick(session, await answer(session))
    export = await export_of(session)
    [told] = export.help.solved_told
    many = Export(
        type(export.help)(BEN, NOW, LATER, 900, 1, solved_told=(told,) * 900),
        export.since,
        export.until,
        export.names,
    )

    read = copied(export_message(many, URL))

    assert read.endswith("more lines in the document below.")
    assert len(read) < 40_000
    assert written(many).count(told.text) == 900


def test_what_no_document_can_hold_is_left_out():
    assert (
        writable("Why \x0bdoes\x07 it\ufffe beep \ud800\U0001f514?\n") == "Why does it beep 🔔?\n"
    )


async def test_it_is_owed_to_who_asked(session: AsyncSession, help_channel):
    await solve(session)
    asked = {"team_id": TEAM, "user_id": BEN, "now": LATER}

    await begin_export(session, written="2026", **asked)

    subject = f"{BEN}:{int(JANUARY.timestamp())}:{int(LATER.timestamp())}"
    assert ("export_file", subject) in await owed(session)


async def test_where_nothing_happened_it_says_so(session: AsyncSession, help_channel):
    await solve(session)

    for changed in ({"written": "2025"}, {"user_id": PIA}, {"team_id": OTHER_TEAM}):
        asked = {"team_id": TEAM, "user_id": BEN, "written": "", "now": LATER, **changed}
        with pytest.raises(NothingToExport):
            await begin_export(session, **asked)


@pytest.mark.parametrize(
    ("written", "since", "until"),
    [
        ("", "2026-01-01", None),
        ("2026", "2026-01-01", None),
        ("2025", "2025-01-01", "2026-01-01"),
        ("since 2025-07-15", "2025-07-15", None),
        ("SINCE  2026-2-3", "2026-02-03", None),
    ],
)
def test_a_period_is_read_in_local_time(written: str, since: str, until: str | None):
    first, last = read_period(written, timezone="Asia/Tokyo", now=NOW)

    assert first.isoformat() == f"{since}T00:00:00+09:00"
    assert last == (datetime.fromisoformat(f"{until}T00:00:00+09:00") if until else NOW)


@pytest.mark.parametrize(
    "written", ["2027", "9999", "0000", "since 2026-02-30", "since 2026-12-01", "soon", "20260"]
)
def test_a_period_that_is_none_or_has_not_begun_is_not_taken(written: str):
    with pytest.raises(NotAPeriod, match=written):
        read_period(written, timezone="Asia/Tokyo", now=NOW)
