"""What an engine tells of the questions that match."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement


@dataclass(frozen=True)
class Matching:
    table: Any
    question_id: ColumnElement[int]
    condition: ColumnElement[bool]
    score: ColumnElement[float]  # higher is better
