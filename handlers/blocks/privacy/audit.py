"""The audit as admins read it: who did what, when, from what to what."""

import csv
import io
from collections.abc import Iterable, Mapping

from bot import audit
from bot.audit import OFF, ON
from bot.privacy.audit import Entry, Page
from handlers.blocks.text import (
    Block,
    actions,
    button,
    context,
    date,
    inline,
    mention,
    plain_text,
    section,
)

AUDIT, OLDER, CSV = "audit", "audit_older", "audit_csv"
FILE_NAME, FILE_TITLE = "audit.csv", "Audit"
DEEPEST = 3  # Slack lays no more windows on one another
MOST_SHOWN = 120  # characters of what something was, or is
COMES = "The audit comes to you as a file, in a message from me."
HERE_IT_IS = "This is the whole audit, as a table. The newest entries come first."

# What each entry says; {about} is a topic, a channel or a person.
SENTENCES: Mapping[str, str] = {
    audit.LEADERBOARD: "{by} changed the leaderboard",
    audit.MARKS: "{by} changed the emoji that mark a solution",
    audit.DIGEST: "{by} changed when the weekly digest comes",
    audit.CONSENT: "{by} changed whether a day without a word makes somebody an expert",
    audit.HELP_CHANNEL: "{by} changed whether {place} is a help channel",
    audit.HEARING: "{by} changed how much of {place} is heard",
    audit.FORM: "{by} changed which workflows ask in {place}",
    audit.CHANNEL_TOPIC: "{by} made {about} the topic of {place}",
    audit.TOPIC: "{by} added or ended the topic {about}",
    audit.NAME: "{by} renamed the topic {about}",
    audit.KEYWORDS: "{by} changed the keywords of {about}",
    audit.WAITS: "{by} changed the waiting times of {about}",
    audit.HINT: "{by} changed the hint of {about}",
    audit.HELPDESK: "{by} changed the helpdesk's channel of {about}",
    audit.HELPDESK_ADDRESS: "{by} changed the helpdesk's address of {about}",
    audit.HELPDESK_SECRET: "{by} made a new secret for the helpdesk of {about}",
    audit.EXPERT: "{by} changed who helps on {about}: {person}",
    audit.SPONSOR: "{by} changed the sponsor of {about}",
    audit.ADMIN: "Slack says whether {person} is an admin",
    audit.EXPORTED: "{by} took the audit as a file",
    audit.ALL_TAKEN: "Whoever runs me took everything along, as a file",
    audit.PUBLISHED: "Whoever runs me wrote what was solved into a folder, for {place}",
    audit.FAQ: "{by} changed what is in the FAQ of {place}",
    audit.TAKEN: "{by} took what is kept of them",
    audit.ERASING: "{by} had all of {person} erased",
    audit.ERASED: "Nothing of {person} is left",
    audit.RETENTION: "{by} changed how long things are kept, {about}",
    audit.UNNAMED: "{by} changed whether one can ask in {place} without a name",
    audit.LOOKED: "{by} looked who asked a question without a name in {place}",
    audit.IMPORTED: "{by} took in {about}",
    audit.UNDONE: "{by} had {about} taken out again",
    audit.BLOCKED: "{by} changed whether the asker of a question in {place} can ask without a name",
    audit.TOKEN: "{by} made a token for a program, {about}",
    audit.WEBHOOK: "{by} changed what the webhook at {about} is told",
    audit.ASSISTANTS_ASK: "{by} changed whether assistants may ask",
    audit.ASSISTANTS_SHARE: "{by} changed how much of what people are asked assistants may take",
    audit.TOKEN_ENDED: "{by} ended a token of {person}, {about}",
}
ERASED_PERSON, NOBODY, SWITCHED = "somebody who was erased", "nothing", {ON: "on", OFF: "off"}


def audit_modal(page: Page, *, depth: int = 1) -> Block:
    """`depth`: how many windows lie on one another, this one too."""
    lines = [section(line(each)) for each in page.entries]
    has_older = page.number is not None and depth < DEEPEST - 1  # a note may lie on it
    older = [button("Older", OLDER, f"{page.number}:{depth}")] if has_older else []
    return {
        "type": "modal",
        "title": plain_text("Audit"),
        "close": plain_text("Close"),
        "blocks": [
            context(
                "Who changed what, and who took, erased or looked at what is kept of people. "
                "Nothing of what people wrote is here, and nobody can change an entry unseen."
            ),
            *(lines or [section("Nothing was changed yet.")]),
            actions(*older, button("Take it as a table", CSV, "all")),
        ],
    }


def line(entry: Entry) -> str:
    said = entry.said
    sentence = SENTENCES.get(said.what, "{by} changed something").format(
        by=name(said.by, is_erased=entry.is_by_erased, nobody="The bot"),
        person=name(said.person, is_erased=entry.is_about_erased, nobody="a user group"),
        place=place_of(entry),
        about=f"*{inline(said.named, MOST_SHOWN)}*" if said.named else "the whole workspace",
    )
    shown = f"{sentence}{change_of(entry)}\n_{date(said.at)}_ · {entry.number}"
    return shown + (f" · because: {inline(said.reason, 300)}" if said.reason else "")


def place_of(entry: Entry) -> str:
    if entry.is_hidden:
        return "a channel that you are not in"
    return f"<#{entry.said.channel_id}>" if entry.said.channel_id else "the workspace"


def change_of(entry: Entry) -> str:
    before, after = entry.said.before, entry.said.after
    if before is None and after is None:
        return "."
    if before is None:
        return f": {value(after)}."
    return f": {value(before)} → {value(after)}."


def value(text: str | None) -> str:
    if not text:
        return NOBODY
    if text.startswith("<@") and text.endswith(">"):
        return text
    return SWITCHED.get(text) or inline(text, MOST_SHOWN)


def name(user_id: str | None, *, is_erased: bool, nobody: str) -> str:
    if user_id is not None:
        return mention(user_id)
    return ERASED_PERSON if is_erased else nobody


def to_csv(entries: Iterable[Entry]) -> str:
    written = io.StringIO()
    table = csv.writer(written, lineterminator="\n")
    table.writerow(
        ["number", "at", "what", "by", "person", "channel", "about", "before", "after", "reason"]
    )
    for entry in entries:
        said = entry.said
        cells = [
            said.what,
            said.by or ("erased" if entry.is_by_erased else ""),
            said.person or ("erased" if entry.is_about_erased else ""),
            *(said.channel_id, said.named, said.before, said.after, said.reason),
        ]
        table.writerow([entry.number, said.at.isoformat(), *map(safe, cells)])
    return written.getvalue()


def safe(cell: str | None) -> str:
    """What a spreadsheet would take for a formula is text."""
    text = cell or ""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
