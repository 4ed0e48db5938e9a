"""How a question is asked about that the bot came to late, because it was away: nobody is called
for it outside their hours, and what is older than a day waits for its asker's word first."""

from datetime import datetime, timedelta

from storage.tables import Question

STALE = timedelta(days=1)
ASKER_LOOKS_FOR = timedelta(hours=1)  # they may say that it is no question any more


def is_late(question: Question) -> bool:
    return question.caught_up_at is not None


def is_archived(question: Question) -> bool:
    """Taken in from before the bot was there: it is found, and nothing is said about it."""
    return question.import_id is not None


def is_unopened(question: Question) -> bool:
    """Asked while the bot was away, and nobody sees or hears of it before its thread is read; or
    before it came, and nobody ever does."""
    is_unread = question.caught_up_at is not None and question.routed_at is None
    return is_unread or is_archived(question)


def waits_until(question: Question) -> datetime | None:
    """Until when nobody is asked; None where nothing speaks against asking at once."""
    caught_up_at = question.caught_up_at
    if caught_up_at is None or caught_up_at - question.asked_at <= STALE:
        return None
    return caught_up_at + ASKER_LOOKS_FOR
