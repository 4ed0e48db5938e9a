"""What the log says: what we write into it, and of others only what went wrong and where.

Libraries write tokens, bodies and SQL with people's words into their debug lines and into the
messages of their exceptions. So theirs begin at WARNING, whatever LOG_LEVEL says, and of an
exception that is not ours the log has its kind and the lines it came through."""

import asyncio
import json
import logging
import re
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

from slack_sdk.errors import SlackApiError

from bot.errors import UserError
from handlers.payloads import code_of

FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
OURS = "askaround"
OUR_MODULES = ("app", "bot", "handlers", "storage")
# These write what they were given into warnings, and what they fail in we tell ourselves.
SILENT = ("slack_bolt", "slack_sdk", "asyncio")
SECRET = re.compile(
    r"\b(?:xox[a-z]|xapp|xwfp)-[\w.-]+|whsec_[\w+/=]+|askaround_[\w-]{43}|(?<=/link/\?)[^\s'\"]+"
    r"|(?<=//)[^\s/@:]+:[^\s/@]+(?=@)|(?<![\w.-])(?=[\w.-]*hooks\.slack)[\w.-]+/\S+"
)
Raised = tuple[type[BaseException], BaseException, TracebackType | None]


class Formatter(logging.Formatter):
    """Leaves out what somebody wrote, and what nobody should read."""

    def format(self, record: logging.LogRecord) -> str:
        record.exc_text = None  # another handler's would be used again
        return SECRET.sub("…", super().format(record))

    def formatException(self, ei: Any) -> str:
        raised: Raised = ei
        return "".join(told(traceback.TracebackException(*raised), raised[1])).rstrip()


class JsonFormatter(Formatter):
    """The same as one JSON object a line, for what collects logs."""

    def format(self, record: logging.LogRecord) -> str:
        record.exc_text = None
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info and record.exc_info[0] is not None:
            line["raised"] = self.formatException(record.exc_info)
        return json.dumps(
            {name: SECRET.sub("…", text) for name, text in line.items()}, ensure_ascii=False
        )


FORMATTERS: dict[str, Callable[[], Formatter]] = {
    "text": lambda: Formatter(FORMAT),
    "json": JsonFormatter,
}


def told(told_of: traceback.TracebackException, error: BaseException) -> list[str]:
    """As Python prints it, without the messages that are not ours."""
    lines = []
    earlier = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    earlier_told = told_of.__cause__ or told_of.__context__
    if earlier is not None and earlier_told is not None:
        lines += [*told(earlier_told, earlier), "\nAnd then:\n\n"]
    lines += [*told_of.stack.format(), f"{named(error)}\n"]
    return lines


def named(error: BaseException) -> str:
    """Its kind; with its message where we made that, or with a database's code."""
    kind = type(error)
    if kind.__module__.split(".")[0] in OUR_MODULES and not isinstance(error, UserError):
        return f"{kind.__name__}: {error}"
    code = code_of_any(error)
    return f"{kind.__module__}.{kind.__qualname__}" + (f" ({code})" if code else "")


def code_of_any(error: BaseException) -> str | None:
    """What Slack, the database or the system calls it, which holds nothing of ours."""
    if isinstance(error, SlackApiError):
        return code_of(error)
    if isinstance(error, OSError):
        return error.strerror
    database = getattr(error, "orig", None) or error
    code = getattr(database, "sqlstate", None) or getattr(database, "sqlite_errorname", None)
    return str(code) if code else None


def set_up(level: str, form: str = "text") -> None:
    """`form`: text or json."""
    handler = logging.StreamHandler()
    handler.setFormatter(FORMATTERS[form]())
    handler.addFilter(is_told)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(max(logging.WARNING, logging.getLevelName(level)))
    logging.getLogger(OURS).setLevel(level)


def is_told(record: logging.LogRecord) -> bool:
    """Asked of each line, because libraries set the levels of their loggers themselves."""
    library = record.name.split(".")[0]
    if library in SILENT:
        return False
    return library == OURS or record.levelno >= logging.WARNING


def on_stray_failure(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """What failed in a task that nobody waits for; asyncio would write its arguments down."""
    logging.getLogger(OURS).error("Failed in the background.", exc_info=context.get("exception"))
