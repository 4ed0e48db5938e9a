"""What every table shares."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, BigInteger, Integer, String
from sqlalchemy.orm import DeclarativeBase

from storage.types import CleanText, UtcDateTime

Id = BigInteger().with_variant(Integer, "sqlite")  # SQLite numbers only INTEGER keys itself
SlackId = String(32)
Ts = String(32)  # Slack's ts: a string and an identifier, never a number


class Base(DeclarativeBase):
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcDateTime,
        str: CleanText,
        dict[str, Any]: JSON,
        dict[str, list[float]]: JSON,
        list[str]: JSON,
        list[int]: JSON,
    }
