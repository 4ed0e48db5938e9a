"""The weekly digest of a channel: one message, and where the week was long, up to two more in
its thread. It tells a story: who helped for the first time, the hardest question, what was
found again, then the others, who is new, and who still waits."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from bot.recognition.channel_digest import (
    WEEK,
    Credit,
    Hardest,
    LinkedQuestion,
    Reused,
    Waiting,
    Week,
    WeeklyDigest,
)
from bot.recognition.digests import Planned
from bot.text import plain, shorten
from handlers.blocks.buttons import claim_button
from handlers.blocks.text import (
    A_COLLEAGUE,
    SECTION_LIMIT,
    Block,
    context,
    count,
    date,
    divider,
    fitting,
    link,
    listed,
    mention,
    permalink,
    section,
)
from handlers.blocks.times import schedule_in_words

# Characters of each part; together they stay below the 13,200 that Slack takes in a message.
NOTHING_YET = "Nothing to tell so far: now, no digest would come here."
FIRST_TIMERS_LIMIT, CREDITS_LIMIT, REUSED_LIMIT, WAITING_LIMIT = 2000, 4500, 1200, 2700
QUESTION_LIMIT = 100
TEXT_LIMIT = 1000  # of the twin: a whole summary
ACCESSIBLE_LABEL = 75
MORE_IN_A_MESSAGE, MORE_MESSAGES, LINES_IN_A_SECTION = 40, 2, 20
WAITING_SHOWN, STILL_WAITING = 5, "Still waiting for an answer too:"
LONGEST_BAR, SOLVED_BAR, OPEN_BAR = 20, "█", "░"
WEEKS = ("last week", "the week before", "2 weeks before", "3 weeks before")


def weekly_digest(digest: WeeklyDigest, workspace_url: str) -> list[Block]:
    """Its messages: the one in the channel, then those in its thread."""
    first = told_fully(digest.first_timers, digest, workspace_url, FIRST_TIMERS_LIMIT)
    others = told_fully(digest.credits, digest, workspace_url, CREDITS_LIMIT)
    told = {*authors_of(digest), *(each.user_id for each, _ in [*first, *others])}
    credited = (*digest.first_timers, *digest.credits, *digest.more_credits)
    later = [each for each in credited if each.user_id not in told]
    later = later[: MORE_MESSAGES * MORE_IN_A_MESSAGE]
    left = digest.helpers - len(told)
    blocks = [
        section(f"*{digest_in_a_line(digest)}*"),
        *picture(digest),
        *(section(f":seedling: For the first time, {line}") for _, line in first),
        *hardest_section(digest, workspace_url),
        *reused_sections(digest, workspace_url),
        *(section(line) for _, line in others),
        *rest(left, is_in_thread=bool(later)),
        *([section(f":wave: {welcome(digest)}")] if digest.newcomers_in_all else []),
        *waiting_sections(digest, workspace_url),
    ]
    return [
        {"text": twin(summary(digest)), "blocks": blocks},
        *more_messages(later, left=left - len(later)),
        *folded_messages(digest, workspace_url),
    ]


def twin(sentences: Iterable[str]) -> str:
    """The whole message in words alone, for notifications and screen readers."""
    return " ".join(fitting(sentences, TEXT_LIMIT))


def summary(digest: WeeklyDigest) -> list[str]:
    told = [f"{digest_in_a_line(digest)}."]
    if digest.asked.asked:
        told.append(f"{asked_and_solved(digest.asked)}.")
    if digest.first_timers:
        names = listed([mention(each.user_id) for each in digest.first_timers])
        told.append(f"For the first time: {names}.")
    if digest.hardest:
        told.append(f"The hardest question {was_open(digest.hardest)}")
    if digest.reused:
        people = count(sum(each.people for each in digest.reused), "more person", "more people")
        told.append(f"Earlier answers helped {people}.")
    if digest.newcomers_in_all:
        told.append(welcome(digest))
    if digest.waiting and digest.helpers:
        told.append(f"{still_waiting(digest.waiting_in_all)}.")
    return told


def digest_in_a_line(digest: WeeklyDigest) -> str:
    weeks = round((digest.until - digest.since) / WEEK)
    when = f"In the last {weeks} weeks" if weeks > 1 else "Last week"
    if digest.solved:
        helped = count(digest.solvers, "colleague")
        return f"{when} {helped} solved {count(digest.solved, 'question')} here"
    if digest.helpers:
        people = count(digest.helped_too, "person", "people")
        return f"{when} earlier answers helped {people} here"
    if digest.waiting_in_all:
        return f"{count(digest.waiting_in_all, 'question')} waiting for an answer"
    return f"{when} {count(digest.newcomers_in_all, 'colleague')} asked here for the first time"


def picture(digest: WeeklyDigest) -> list[Block]:
    """The last weeks as bars, where there is more than one to compare."""
    most = max(week.asked for week in digest.weeks)
    if sum(bool(week.asked) for week in digest.weeks) < 2:
        return [context(f"{asked_and_solved(digest.asked)}.")] if digest.asked.asked else []
    lines = [
        f"{label:<15} {bar(week, most):<{LONGEST_BAR}} {asked_and_solved(week)}"
        for label, week in zip(WEEKS, digest.weeks, strict=False)
    ]
    return [section("```" + "\n".join(lines) + "```")]


def bar(week: Week, most: int) -> str:
    solved = round(LONGEST_BAR * week.solved / most)
    return SOLVED_BAR * solved + OPEN_BAR * (round(LONGEST_BAR * week.asked / most) - solved)


def asked_and_solved(week: Week) -> str:
    return f"{count(week.asked, 'question')} asked, {week.solved} solved"


def told_fully(
    credits: Sequence[Credit], digest: WeeklyDigest, workspace_url: str, most: int
) -> list[tuple[Credit, str]]:
    """As many as there is room for, each with what it says."""
    lines = [with_questions(each, digest, workspace_url) for each in credits]
    return list(zip(credits, fitting(lines, most), strict=False))


def with_questions(credit: Credit, digest: WeeklyDigest, workspace_url: str) -> str:
    linked = [f"• {linked_to(told, digest, workspace_url)}" for told in credit.questions]
    return "\n".join([credit_line(credit), *linked])


def credit_line(credit: Credit) -> str:
    if not credit.solved:
        helped = count(credit.helped_too, "person", "people")
        return f"{mention(credit.user_id)}: earlier answers helped {helped}."
    solved = count(credit.solved, "question")
    people = f" for {count(credit.people, 'person', 'people')}" if credit.solved > 1 else ""
    return f"{mention(credit.user_id)} solved {solved}{people}.{helped_too(credit)}"


def helped_too(credit: Credit) -> str:
    if not credit.helped_too:
        return ""
    return f" That helped {count(credit.helped_too, 'more person', 'more people')}."


def linked_to(told: LinkedQuestion | Waiting, digest: WeeklyDigest, workspace_url: str) -> str:
    address = permalink(workspace_url, digest.channel_id, told.message_ts)
    return link(address, told.text, QUESTION_LIMIT)


def hardest_section(digest: WeeklyDigest, workspace_url: str) -> list[Block]:
    hardest = digest.hardest
    if hardest is None:
        return []
    question = linked_to(hardest.question, digest, workspace_url)
    asked = f" {hardest.asked} colleagues were asked to take it." if hardest.asked > 1 else ""
    return [section(f":mountain: The hardest: {question}\nIt {was_open(hardest)}{asked}")]


def was_open(hardest: Hardest) -> str:
    return f"was open for {in_time(hardest.was_open)} until {names(hardest.authors)} solved it."


def in_time(span: timedelta) -> str:
    if span >= timedelta(days=2):
        return count(span.days, "day")
    return count(round(span / timedelta(hours=1)), "hour")


def names(user_ids: Iterable[str | None]) -> str:
    """Who does not want to be named is a colleague."""
    known = list(user_ids)
    mentions = [mention(user_id) for user_id in known if user_id]
    others = len(known) - len(mentions)
    colleagues = A_COLLEAGUE if others == 1 else f"{others} colleagues"
    return listed([*mentions, *([colleagues] if others else [])])


def reused_sections(digest: WeeklyDigest, workspace_url: str) -> list[Block]:
    lines = [reused_line(each, digest, workspace_url) for each in digest.reused]
    return [section(line) for line in fitting(lines, REUSED_LIMIT)]


def reused_line(reused: Reused, digest: WeeklyDigest, workspace_url: str) -> str:
    question = linked_to(reused.question, digest, workspace_url)
    people = count(reused.people, "more person", "more people")
    return (
        f":recycle: Found again: {question}\nThe answer of {names(reused.authors)} helped {people}."
    )


def authors_of(digest: WeeklyDigest) -> set[str]:
    """Those named as authors of single questions."""
    hardest = digest.hardest.authors if digest.hardest else ()
    reused = [user_id for each in digest.reused for user_id in each.authors]
    return {user_id for user_id in [*hardest, *reused] if user_id}


def rest(left: int, *, is_in_thread: bool = False) -> list[Block]:
    if left <= 0:
        return []
    helped = f"{count(left, 'more colleague')} helped"
    return [context(f"And {helped}: see the thread." if is_in_thread else f"And {helped}.")]


def welcome(digest: WeeklyDigest) -> str:
    unnamed = digest.newcomers_in_all - len(digest.newcomers)
    newcomers = names([*digest.newcomers, *[None] * unnamed])
    return f"Welcome to {newcomers}, who asked for the first time."


def waiting_sections(digest: WeeklyDigest, workspace_url: str) -> list[Block]:
    if not digest.waiting:
        return []
    lines = shown_waiting(digest, workspace_url)
    left = digest.waiting_in_all - len(lines)
    return [
        divider(),
        section("*Still waiting for an answer*"),
        *(
            section(line, accessory=None if each.is_claimed else take(each))
            for each, line in zip(digest.waiting, lines, strict=False)
        ),
        *left_waiting(left, is_in_thread=len(digest.waiting) > len(lines)),
    ]


def left_waiting(left: int, *, is_in_thread: bool) -> list[Block]:
    if not left:
        return []
    waiting = still_waiting(left)
    return [context(f"And {waiting}: see the thread." if is_in_thread else f"And {waiting}.")]


def shown_waiting(digest: WeeklyDigest, workspace_url: str) -> list[str]:
    """Of the first few that wait, as many as there is room for."""
    first = digest.waiting[:WAITING_SHOWN]
    return fitting([waiting_line(each, digest, workspace_url) for each in first], WAITING_LIMIT)


def folded_messages(digest: WeeklyDigest, workspace_url: str) -> list[Block]:
    """The others that wait, one line each, in the thread."""
    folded = digest.waiting[len(shown_waiting(digest, workspace_url)) :]
    lines = [f"• {waiting_line(each, digest, workspace_url, between=', ')}" for each in folded]
    if not lines:
        return []
    starts = range(0, len(lines), LINES_IN_A_SECTION)
    parts = [fitting(lines[start : start + LINES_IN_A_SECTION], SECTION_LIMIT) for start in starts]
    left = digest.waiting_in_all - len(digest.waiting)
    more = [context(f"And {count(left, 'more question')}.")] if left > 0 else []
    blocks = [section(STILL_WAITING), *(section("\n".join(part)) for part in parts), *more]
    return [{"text": twin([STILL_WAITING, *lines]), "blocks": blocks}]


def waiting_line(
    waiting: Waiting, digest: WeeklyDigest, workspace_url: str, *, between: str = "\n"
) -> str:
    line = f"{linked_to(waiting, digest, workspace_url)}{between}_since {date(waiting.asked_at)}_"
    return f"{line} · {names([waiting.claimed_by])} is on it" if waiting.is_claimed else line


def take(waiting: Waiting) -> Block:
    label = shorten(f"Take: {plain(waiting.text)}", ACCESSIBLE_LABEL)
    return {**claim_button(waiting.question_id), "accessibility_label": label}


def still_waiting(questions: int) -> str:
    verb = "is" if questions == 1 else "are"
    return f"{count(questions, 'question')} {verb} still waiting for an answer"


def more_messages(later: Sequence[Credit], *, left: int) -> list[Block]:
    """Those who did not fit into the first message."""
    starts = range(0, len(later), MORE_IN_A_MESSAGE)
    pages = [later[start : start + MORE_IN_A_MESSAGE] for start in starts]
    return [more_message(page, left=left if page is pages[-1] else 0) for page in pages]


def more_message(page: Sequence[Credit], *, left: int) -> Block:
    lines = [credit_line(each) for each in page]
    starts = range(0, len(lines), LINES_IN_A_SECTION)
    parts = ["\n".join(lines[start : start + LINES_IN_A_SECTION]) for start in starts]
    return {
        "text": twin(["More of the week's help:", *lines]),
        "blocks": [*(section(part) for part in parts), *rest(left)],
    }


def digest_plan(planned: Planned) -> str:
    """When the weekly digest comes, in a sentence or two."""
    comes = f"The weekly digest comes {schedule_in_words(planned.schedule)}"
    if planned.paused_at is not None:
        return (
            f"{comes}, and is paused since {date(planned.paused_at)}. "
            "`/askaround digest resume` lets it come again."
        )
    if planned.skipped_at is not None:
        return (
            f"{comes}. The one of {date(planned.skipped_at)} is skipped, next "
            f"{date(planned.next_at)}. `/askaround digest resume` brings it back."
        )
    return f"{comes}; next {date(planned.next_at)}."
