"""What admins, and who is spoken for, can be shown of who changed what: written down in the
transaction that changes it. See `storage/audit`."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from storage import audit
from storage.audit import Said

# What an entry may tell of. Settings of the workspace, and of a channel:
LEADERBOARD, MARKS, DIGEST, CONSENT = "leaderboard", "marks", "digest", "consent"
HELP_CHANNEL, HEARING, FORM, CHANNEL_TOPIC = "help_channel", "hearing", "form", "channel_topic"
# Of a topic, by its number; and who helps on it, is its sponsor, or runs the workspace.
TOPIC, NAME, KEYWORDS, WAITS, HINT = "topic", "name", "keywords", "waits", "hint"
HELPDESK, HELPDESK_ADDRESS, HELPDESK_SECRET = "helpdesk", "helpdesk_address", "helpdesk_secret"
EXPERT, SPONSOR, ADMIN = "expert", "sponsor", "admin"
# What was done with what is kept of people.
EXPORTED, TAKEN, ERASING, ERASED = "exported", "taken", "erasing", "erased"
ALL_TAKEN, PUBLISHED, FAQ = "all_taken", "published", "faq"
RETENTION, UNNAMED, LOOKED, BLOCKED = "retention", "unnamed", "looked", "blocked"
# What reaches in from outside Slack, and what is told there.
TOKEN, TOKEN_ENDED, WEBHOOK = "token", "token_ended", "webhook"
ASSISTANTS_ASK, ASSISTANTS_SHARE = "assistants_ask", "assistants_share"
IMPORTED, UNDONE = "imported", "undone"  # an archive, by its name
ON, OFF = "on", "off"


def on_off(is_on: bool) -> str:
    return ON if is_on else OFF


async def note(
    session: AsyncSession,
    what: str,
    *,
    team_id: str,
    by: str | None,
    now: datetime,
    person: str | None = None,
    channel_id: str | None = None,
    subject: int | str | None = None,
    named: str | None = None,
    before: str | None = None,
    after: str | None = None,
    reason: str | None = None,
) -> None:
    """Write down that it was done. A change from something to the same is none. `subject`: a
    topic's number, `named`: its name. People stand in texts as <@U…>."""
    if before is not None and before == after:
        return
    number = None if subject is None else str(subject)
    said = Said(
        team_id, what, by, now, person, channel_id, number, named, before, after, reason or None
    )
    await audit.append(session, said)
