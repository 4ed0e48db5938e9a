"""What one person's help did, in sentences, and the digest that tells them each week."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from math import ceil

from bot.recognition.digests import AGAIN
from bot.recognition.personal import (
    WEEK,
    Again,
    HelpedQuestion,
    OwnHelp,
    PersonalDigest,
    Thanked,
)
from bot.text import shorten
from handlers.blocks.buttons import claim_button, mute_button
from handlers.blocks.text import (
    SECTION_LIMIT,
    Block,
    actions,
    button,
    context,
    count,
    date,
    divider,
    escape,
    fitting,
    link,
    mention,
    permalink,
    plain_text,
    section,
)

TELL, NO_MORE, PREVIEW = "tell_manager", "no_more_digests", "preview_own_digest"
AS_IT_WOULD_COME = "This is what would come now. Its buttons come with the digest."
NOTHING_YET = "Nothing to tell so far: now, no digest would come to you."
PERIODS = ("week", "weeks2", "weeks3", "weeks")  # one to four; see `bot/recognition/managers`
SOLVED_SHOWN, REUSED_SHOWN, THANKS_SHOWN = 5, 3, 5
QUESTION_LIMIT, REASON_LIMIT = 100, 300
TEXT_LIMIT = 1500  # of the twin: the whole digest in words
A_YEAR_OR_SO = timedelta(days=300)
MAY_KNOW = {
    1: "A question that you may know the answer to",
    2: "Two questions that you may know the answer to",
    3: "Three questions that you may know the answer to",
}
THANK_YOU = "Thank you for taking the time."


def personal_digest(digest: PersonalDigest, workspace_url: str) -> Block:
    own, lines = own_help(digest.help, workspace_url) if digest.help.is_any else ([], [])
    again, waiting = told_again(digest.again, workspace_url) if digest.again else ([], [])
    return {
        "text": "\n".join(fitting([*lines, *waiting], TEXT_LIMIT)),
        "blocks": [*own, *([divider()] if own and again else []), *again],
    }


def preview_modal(digest: PersonalDigest, workspace_url: str) -> Block:
    """What would come now; its buttons come with it."""
    shown = personal_digest(digest, workspace_url)["blocks"] if digest.has_news else []
    blocks = [
        {name: part for name, part in block.items() if name != "accessory"}
        for block in shown
        if block["type"] != "actions"
    ]
    return {
        "type": "modal",
        "title": plain_text("Your next digest"),
        "close": plain_text("Close"),
        "blocks": [*blocks, context(AS_IT_WOULD_COME)] if blocks else [section(NOTHING_YET)],
    }


def own_help(told: OwnHelp, workspace_url: str) -> tuple[list[Block], list[str]]:
    """Its blocks, and the same in words."""
    opening = help_in_a_line(told)
    solved = solved_lines(told, workspace_url)
    others = [*reused_lines(told, "Your", workspace_url), *thanks_lines(told.thanks)]
    blocks = [
        section(f"*Your help {in_period(told)}:* {opening}"),
        *([section("\n".join(solved))] if solved else []),
        *(section(line) for line in others),
        context(THANK_YOU),
        actions(
            button("Tell my manager", TELL, period_of(told)),
            button("No more of these", NO_MORE),
        ),
    ]
    return blocks, [f"Your help {in_period(told)}: {opening}", *solved, *others, THANK_YOU]


def told_again(again: Sequence[Again], workspace_url: str) -> tuple[list[Block], list[str]]:
    """What still waits, each with a button to take it; and the same in words."""
    opening = MAY_KNOW[len(again)]
    lines = [waiting_line(each, workspace_url) for each in again]
    blocks = [
        section(f"*{opening}*"),
        *(
            section(line, claim_button(each.question_id))
            for each, line in zip(again, lines, strict=True)
        ),
        context("Nobody could take them so far."),
        actions(mute_button("No more of these questions", AGAIN)),
    ]
    return blocks, [f"{opening}:", *lines]


def waiting_line(waiting: Again, workspace_url: str) -> str:
    address = permalink(workspace_url, waiting.channel_id, waiting.message_ts)
    return f"{link(address, waiting.text, QUESTION_LIMIT)}\n_since {date(waiting.asked_at)}_"


def period_of(told: OwnHelp) -> str:
    """The weeks that the digest tells of, as what to tell of them is chosen by."""
    return PERIODS[min(weeks_of(told), len(PERIODS)) - 1]


def weeks_of(told: OwnHelp) -> int:
    return max(1, ceil((told.until - told.since) / WEEK))


def in_period(told: OwnHelp) -> str:
    weeks = weeks_of(told)
    return f"in the last {weeks} weeks" if weeks > 1 else "this week"


def help_in_a_line(told: OwnHelp) -> str:
    """The sentences that count, after a colon."""
    words = " ".join(sentences(told, "you", "your"))
    return words or f"{mention(told.thanks[0].giver_id)} thanked you."


def sentences(told: OwnHelp, who: str, whose: str) -> list[str]:
    """What it comes to; the first begins small."""
    said = []
    if told.solved:
        people = count(told.people, "person", "people")
        said.append(f"{who} solved {count(told.solved, 'question')} for {people}.")
    if told.helped_too:
        others = count(told.helped_too, "other person", "other people")
        said.append(f"{others} said that it helped them too.")
    if told.reused:
        people = count(told.reused, "more person", "more people")
        whose_words = f"{whose[0].upper()}{whose[1:]}" if said else whose
        said.append(f"{whose_words} earlier answers helped {people}.")
    return said


def solved_lines(told: OwnHelp, workspace_url: str) -> list[str]:
    """The questions that are not told of as found again."""
    again = {each.question_id for each in told.reused_told[:REUSED_SHOWN]}
    own = [each for each in told.solved_told if each.question_id not in again]
    lines = [f"• {linked(each, workspace_url)}" for each in own[:SOLVED_SHOWN]]
    left = len(own) - len(lines)
    more = [*([f"• and {count(left, 'more question')}"] if left else []), *gone(told)]
    return [*fitting(lines, SECTION_LIMIT - 200), *more]


def gone(told: OwnHelp) -> list[str]:
    if not told.solved_elsewhere:
        return []
    return [f"• {count(told.solved_elsewhere, 'question')} that I can no longer show you"]


def reused_lines(told: OwnHelp, whose: str, workspace_url: str) -> list[str]:
    lines = [
        f"{whose} answer {of_when(each.solved_at, told.until)} helped "
        f"{count(each.people, 'more person', 'more people')}: {linked(each, workspace_url)}"
        for each in told.reused_told[:REUSED_SHOWN]
    ]
    if told.reused_elsewhere:
        people = count(told.reused_elsewhere, "more person", "more people")
        lines.append(f"Answers that I can no longer show you helped {people}.")
    return lines


def of_when(solved_at: datetime, now: datetime) -> str:
    if solved_at > now - WEEK:
        return "of this week"
    return f"of {solved_at:%B}" if solved_at > now - A_YEAR_OR_SO else f"of {solved_at:%B %Y}"


def thanks_lines(thanks: Sequence[Thanked]) -> list[str]:
    lines = [
        f"{mention(each.giver_id)} thanked you: {escape(shorten(each.reason, REASON_LIMIT))}"
        for each in thanks[-THANKS_SHOWN:]
    ]
    left = len(thanks) - len(lines)
    return [*lines, *([f"You were thanked {times(left)} more."] if left else [])]


def times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"


def evidence_lines(questions: Iterable[HelpedQuestion], workspace_url: str) -> list[str]:
    return [f"• {evidence(each, workspace_url)}" for each in questions]


def evidence(told: HelpedQuestion, workspace_url: str) -> str:
    """A question with when it was solved, and how often that helped others."""
    line = f"{linked(told, workspace_url)}, {date(told.solved_at)}"
    if not told.people:
        return line
    return f"{line}; it helped {count(told.people, 'more person', 'more people')}"


def linked(told: HelpedQuestion, workspace_url: str) -> str:
    address = permalink(workspace_url, told.channel_id, told.message_ts)
    return link(address, told.text, QUESTION_LIMIT)
