"""What each workspace learned that figures count, for the operator."""

import csv
import io

from bot.experts.learning import list_learned
from storage.database import Sessions

COLUMNS = ("workspace", "figure", "began", "counts", "doubt", "questions", "learned")


async def export_weights(sessions: Sessions) -> str:
    """As CSV: what a figure counted at first, what it counts now and how unsure that is, and from
    how many questions that was learned, until when."""
    async with sessions.read() as session:
        learned = await list_learned(session)
    written = io.StringIO()
    table = csv.writer(written, lineterminator="\n")
    table.writerow(COLUMNS)
    for each in learned:
        numbers = (f"{each.began:.2f}", f"{each.value:.2f}", f"{each.doubt:.4f}", each.questions)
        until = each.learned_at.date().isoformat() if each.learned_at else ""
        table.writerow((each.team_id, each.figure, *numbers, until))
    return written.getvalue()
