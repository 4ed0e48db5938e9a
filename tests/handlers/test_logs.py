"""What the log says, and what no line of it may hold."""

import asyncio
import io
import logging
from collections.abc import Iterator

import pytest
from slack_sdk.errors import SlackApiError
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bot.errors import UnknownTopic
from handlers import logs
from handlers.slack import Refused
from storage.database import Sessions

SECRET = "the words somebody wrote"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What is written at the loudest level; afterwards all is as it was."""
    loggers = [logging.getLogger(name) for name in ("", logs.OURS)]
    before = [(each, each.level, each.handlers) for each in loggers]
    logs.set_up("DEBUG")
    written = io.StringIO()
    [handler] = logging.getLogger().handlers
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(written)
    yield written
    for each, level, handlers in before:
        each.setLevel(level)
        each.handlers = handlers


def write(error: Exception) -> None:
    try:
        raise error
    except Exception as caught:
        logging.getLogger("askaround").error("Failed, reference X", exc_info=caught)


def test_our_own_lines_are_there_at_every_level(log: io.StringIO):
    logging.getLogger("askaround.outbox").debug("why nobody was asked")

    assert "DEBUG askaround.outbox: why nobody was asked" in log.getvalue()


def test_no_librarys_debug_lines_are_there(log: io.StringIO):
    """Not of those that are loaded, nor of those that somebody will add, nor where a library has
    set the level of its logger itself."""
    names = {*logging.root.manager.loggerDict, "something.new"}
    theirs = [logging.getLogger(name) for name in names if name.split(".")[0] != logs.OURS]
    levels = [each.level for each in theirs]

    for each in theirs:
        each.setLevel(logging.DEBUG)
        each.debug(SECRET)
        each.info(SECRET)
    for name in ("slack_bolt.AsyncApp", "slack_sdk.web.async_client", "asyncio"):
        logging.getLogger(name).error(SECRET)
    for each, level in zip(theirs, levels, strict=True):
        each.setLevel(level)

    assert len(theirs) > 20
    assert log.getvalue() == ""


def test_a_librarys_warning_is_there(log: io.StringIO):
    logging.getLogger("sqlalchemy.pool").warning("the pool is full")

    assert "WARNING sqlalchemy.pool: the pool is full" in log.getvalue()


@pytest.mark.parametrize(
    "error",
    [
        ValueError(SECRET),
        KeyError(SECRET),
        UnknownTopic(SECRET),
        SlackApiError(SECRET, {"ok": False, "error": "not_allowed", "text": SECRET}),
        ExceptionGroup(SECRET, [ValueError(SECRET)]),
    ],
    ids=lambda error: type(error).__name__,
)
def test_an_exceptions_own_words_are_left_out(log: io.StringIO, error: Exception):
    write(error)

    written = log.getvalue()
    assert SECRET not in written
    assert type(error).__name__ in written
    assert "in write\n    raise error" in written


def test_what_led_to_it_is_told_in_the_same_way(log: io.StringIO):
    def fail() -> None:
        try:
            raise ValueError(SECRET)
        except ValueError as error:
            raise Refused("chat.update", "too_long") from error

    try:
        fail()
    except Refused as error:
        write(error)

    written = log.getvalue()
    assert SECRET not in written
    assert written.index("builtins.ValueError") < written.index("Refused: chat.update: too_long")


async def test_a_databases_error_has_its_code_and_no_values(log: io.StringIO, sessions: Sessions):
    with pytest.raises(DBAPIError) as failed:
        async with sessions.begin() as session:
            await session.execute(
                text("INSERT INTO workspaces (team_id, name) VALUES ('T1', :words)"),
                {"words": SECRET},
            )

    write(failed.value)

    written = log.getvalue()
    assert SECRET not in written
    assert "(SQLITE_CONSTRAINT_NOTNULL)" in written or "(23502)" in written
    assert SECRET not in str(failed.value).split("DETAIL")[0]


async def test_what_fails_where_nobody_waits_has_no_words_either(log: io.StringIO):
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(logs.on_stray_failure)

    def fail(words: str) -> None:
        raise ValueError(words)

    loop.call_soon(fail, SECRET)
    await asyncio.sleep(0.01)
    loop.set_exception_handler(None)

    assert "Failed in the background." in log.getvalue()
    assert SECRET not in log.getvalue()


@pytest.mark.parametrize(
    "secret",
    [
        "xoxb-1-A.b_c",
        "xapp-1-A-2-b",
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw+/=",
        "me:hunter2",
        "0aBc-d_e",
        "/commands/T1/2/x",
    ],
)
def test_tokens_are_struck_out_wherever_they_come_from(log: io.StringIO, secret: str):
    logging.getLogger("somebody").warning(
        "xoxb-1-A.b_c, xapp-1-A-2-b whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw+/= "
        "wss://x.slack.com/link/?ticket=0aBc-d_e&x=1 postgresql://me:hunter2@host/db "
        "https://hooks.slack.com/commands/T1/2/x"
    )

    assert "somebody" in log.getvalue()
    assert secret not in log.getvalue()


def test_what_another_handler_wrote_before_is_not_used_again(log: io.StringIO):
    try:
        raise ValueError(SECRET)
    except ValueError as error:
        information = (type(error), error, error.__traceback__)
    record = logging.LogRecord("askaround", 40, "", 1, "Failed", (), information)
    logging.Formatter().format(record)

    assert SECRET not in logs.Formatter(logs.FORMAT).format(record)
