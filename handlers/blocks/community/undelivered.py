"""In an admin's Home: what could not be said in Slack, and why."""

from bot import kinds
from bot.community.undelivered import GivenUp, Undelivered
from handlers.blocks.text import Block, button, context, count, date, escape, header, section

TRY_AGAIN = "try_undelivered_again"
NAMES = {
    kinds.QUESTION_CARD.name: "A question's card",
    kinds.QUESTION_MARKER.name: "My reaction on a question",
    kinds.QUESTION_POST.name: "A question asked by command",
    kinds.HAND_OFF.name: "A hand-off",
    kinds.SHARE.name: "A shared solution",
    kinds.FAQ.name: "A question for the FAQ",
    kinds.CHANNEL_DIGEST.name: "The weekly digest",
    kinds.MORE_OF_DIGEST.name: "The rest of a weekly digest",
    kinds.SPONSOR_DIGEST.name: "A sponsor's digest",
    kinds.PERSONAL_DIGEST.name: "Somebody's own digest",
    kinds.THANKS.name: "Somebody's thanks",
    kinds.SPONSOR_THANKS.name: "A sponsor's thanks",
    kinds.MANAGER_NOTE.name: "A note to a manager",
    kinds.READ_CHANNEL.name: "A look at who is in a channel",
}


def undelivered_sections(undelivered: Undelivered | None) -> list[Block]:
    if undelivered is None:
        return []
    lines = "\n".join(f"• {line(each)}" for each in undelivered.newest)
    more = undelivered.count - len(undelivered.newest)
    return [
        header("Could not be delivered"),
        section(lines, accessory=button("Try again", TRY_AGAIN, "all")),
        *([context(f"And {count(more, 'older one')}.")] if more > 0 else []),
    ]


def line(given_up: GivenUp) -> str:
    what = NAMES.get(given_up.kind, "A private message or a look at something")
    where = f" in <#{given_up.place}>" if given_up.place.startswith(("C", "G")) else ""
    return f"{what}{where}, {date(given_up.gave_up_at)}: {escape(given_up.reason)[:200]}"
