"""What was counted of how a community does."""

from datetime import datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, SlackId


class HealthReading(Base):
    """Counts of a whole workspace (the subject is empty) or of a topic (its id), up to a
    midnight; each day's takes the place of the one before."""

    __tablename__ = "health_readings"
    team_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    subject: Mapped[str] = mapped_column(String(20), primary_key=True)
    until: Mapped[datetime]
    figures: Mapped[dict[str, Any]]
