"""The weekly digest of a channel, told as a story: who helped whom with what, and whom it helped
besides, thanks, who is new, and last who still waits. Where the week was long, it has three
stories, and the rest is folded in its thread."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from bot.recognition.channel_digest import (
    WEEK,
    Credit,
    Hardest,
    LinkedQuestion,
    Reused,
    Thanked,
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
    inline,
    link,
    listed,
    mention,
    permalink,
    profile,
    section,
)
from handlers.blocks.times import schedule_in_words

NOTHING_YET = "Nothing to tell so far: now, no digest would come here."
STORIES_SHOWN = 3
# Characters of each part; together they stay below the 13,200 that Slack takes in a message.
STORY_LIMIT, THANKS_LIMIT, WAITING_LIMIT = 1800, 1500, 2700
QUESTION_LIMIT, REASON_LIMIT = 100, 150
TEXT_LIMIT = 1000  # of the twin: a whole summary
ACCESSIBLE_LABEL = 75
PAGE_LIMIT, LINES_ON_A_PAGE, PAGES, LINES_IN_A_SECTION = 9000, 40, 2, 20
WAITING_SHOWN, STILL_WAITING = 5, "Still waiting for an answer too:"
MORE_HELP = "More of the week's help:"
LONGEST_BAR, SOLVED_BAR, OPEN_BAR = 20, "█", "░"
WEEKS = ("last week", "the week before", "2 weeks before", "3 weeks before")
CHART_TITLE = "Asked and solved here"


def weekly_digest(
    digest: WeeklyDigest, workspace_url: str, *, has_charts: bool = False
) -> list[Block]:
    """Its messages: the one in the channel, then those in its thread. `has_charts`: whether the
    workspace's Slack draws them."""
    told = stories(digest, workspace_url)
    pages, unsaid = folded_stories(digest, told)
    blocks = [
        section(f"*{digest_in_a_line(digest)}*"),
        *(chart(digest) if has_charts else picture(digest)),
        *(section(story) for story, _ in told[:STORIES_SHOWN]),
        *thanks_sections(digest, workspace_url),
        *rest(digest, told, is_in_thread=bool(pages)),
        *([section(f":wave: {welcome(digest)}")] if digest.newcomers_in_all else []),
        *waiting_sections(digest, workspace_url),
    ]
    return [
        {"text": twin(summary(digest)), "blocks": blocks},
        *(page_message(page, unsaid if page is pages[-1] else 0) for page in pages),
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
        who = listed([mention(each.user_id) for each in digest.first_timers])
        told.append(f"For the first time: {who}.")
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
    weeks = weeks_of(digest)
    when = f"In the last {weeks} weeks" if weeks > 1 else "Last week"
    if digest.solved:
        helped = count(digest.solvers, "colleague")
        return f"{when} {helped} solved {count(digest.solved, 'question')} here"
    if digest.helpers:
        people = count(digest.helped_too, "person", "people")
        return f"{when} earlier answers helped {people} here"
    if digest.waiting_in_all:
        return still_waiting(digest.waiting_in_all)
    if digest.newcomers_in_all:
        return f"{when} {count(digest.newcomers_in_all, 'colleague')} asked here for the first time"
    return f"{when} {count(digest.thanks_in_all, 'colleague')} heard thanks here"


def weeks_of(digest: WeeklyDigest) -> int:
    return round((digest.until - digest.since) / WEEK)


def labels(digest: WeeklyDigest) -> list[str]:
    """Of the bars: each is as long as the digest's own time."""
    weeks = weeks_of(digest)
    if weeks <= 1:
        return list(WEEKS)
    return [f"last {weeks} weeks", *(f"{weeks * number} weeks before" for number in (1, 2, 3))]


def has_weeks_to_compare(digest: WeeklyDigest) -> bool:
    return sum(bool(week.asked or week.solved) for week in digest.weeks) > 1


def picture(digest: WeeklyDigest) -> list[Block]:
    """The last weeks as bars of text, where there is more than one to compare."""
    if not has_weeks_to_compare(digest):
        return [context(f"{asked_and_solved(digest.asked)}.")] if digest.asked.asked else []
    most = max(max(week.asked, week.solved) for week in digest.weeks)
    lines = [
        f"{label:<15} {bar(week, most):<{LONGEST_BAR}} {asked_and_solved(week)}"
        for label, week in zip(labels(digest), digest.weeks, strict=False)
    ]
    return [section("```" + "\n".join(lines) + "```")]


def bar(week: Week, most: int) -> str:
    solved = round(LONGEST_BAR * week.solved / most)
    return SOLVED_BAR * solved + OPEN_BAR * (round(LONGEST_BAR * week.asked / most) - solved)


def chart(digest: WeeklyDigest) -> list[Block]:
    """The same as Slack draws it, the latest last; each number stands below it in words."""
    if not has_weeks_to_compare(digest):
        return picture(digest)
    drawn = list(zip(labels(digest), digest.weeks, strict=False))[::-1]
    series = [
        {"name": name, "data": [{"label": label, "value": value(week)} for label, week in drawn]}
        for name, value in (("asked", asked_in), ("solved", solved_in))
    ]
    axis = {"categories": [label for label, _ in drawn]}
    drawing = {"type": "bar", "series": series, "axis_config": axis}
    return [
        {"type": "data_visualization", "title": CHART_TITLE, "chart": drawing},
        context(f"{asked_and_solved(digest.asked)}."),
    ]


def asked_in(week: Week) -> int:
    return week.asked


def solved_in(week: Week) -> int:
    return week.solved


def asked_and_solved(week: Week) -> str:
    return f"{count(week.asked, 'question')} asked, {week.solved} solved"


Story = tuple[str, set[str]]  # what it says, and whom it names


def stories(digest: WeeklyDigest, workspace_url: str) -> list[Story]:
    """What there is to tell of help, the best first: a first-time helper, the hardest question,
    what was found again, and then the others."""
    first = [
        (
            f":seedling: For the first time: {credit_story(each, digest, workspace_url)}",
            {each.user_id},
        )
        for each in digest.first_timers
    ]
    hardest = hardest_story(digest, workspace_url)
    reused = [reused_story(each, digest, workspace_url) for each in digest.reused]
    others = [
        (credit_story(each, digest, workspace_url), {each.user_id}) for each in digest.credits
    ]
    best = [*first[:1], *hardest, *reused[:1]]
    return [*best, *first[1:], *others, *reused[1:]]


def credit_story(credit: Credit, digest: WeeklyDigest, workspace_url: str) -> str:
    """`@ken helped Bob with …, and it helped 2 more.`"""
    if not credit.solved:
        helped = count(credit.helped_too, "person", "people")
        return f"Earlier answers of {mention(credit.user_id)} helped {helped}."
    if credit.solved == 1 and len(credit.questions) == 1:
        [told] = credit.questions
        return helped_whom(mention(credit.user_id), told, digest, workspace_url)
    lines = [f"• {asker_and_question(each, digest, workspace_url)}" for each in credit.questions]
    return "\n".join(fitting([credit_line(credit), *lines], STORY_LIMIT))


def helped_whom(who: str, told: LinkedQuestion, digest: WeeklyDigest, workspace_url: str) -> str:
    asker, question = asker_of(told, workspace_url), linked_to(told, digest, workspace_url)
    if not told.helped_too:
        return f"{who} helped {asker} with {question}"
    return f"{who} helped {asker} with {question}, and it helped {told.helped_too} more."


def asker_and_question(told: LinkedQuestion, digest: WeeklyDigest, workspace_url: str) -> str:
    asker, question = asker_of(told, workspace_url), linked_to(told, digest, workspace_url)
    if not told.helped_too:
        return f"{asker}: {question}"
    return f"{asker}: {question}, and it helped {told.helped_too} more"


def asker_of(told: LinkedQuestion, workspace_url: str) -> str:
    return profile(workspace_url, told.asker_id, told.asker) if told.asker_id else A_COLLEAGUE


def credit_line(credit: Credit) -> str:
    if not credit.solved:
        helped = count(credit.helped_too, "person", "people")
        return f"Earlier answers of {mention(credit.user_id)} helped {helped}."
    solved, people = count(credit.solved, "question"), count(credit.people, "person", "people")
    if not credit.helped_too:
        return f"{mention(credit.user_id)} helped {people} with {solved}."
    more = credit.helped_too
    return f"{mention(credit.user_id)} helped {people} with {solved}, and it helped {more} more."


def linked_to(told: LinkedQuestion | Waiting, digest: WeeklyDigest, workspace_url: str) -> str:
    address = permalink(workspace_url, digest.channel_id, told.message_ts)
    return link(address, told.text, QUESTION_LIMIT)


def hardest_story(digest: WeeklyDigest, workspace_url: str) -> list[Story]:
    hardest = digest.hardest
    if hardest is None:
        return []
    question = linked_to(hardest.question, digest, workspace_url)
    lines = [f":mountain: The hardest: {question}", f"It {was_open(hardest)}"]
    if hardest.asked > 1:
        lines.append(f"{hardest.asked} colleagues were asked to take it.")
    return [("\n".join(lines), {each for each in hardest.authors if each})]


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


def reused_story(reused: Reused, digest: WeeklyDigest, workspace_url: str) -> Story:
    question = linked_to(reused.question, digest, workspace_url)
    people = count(reused.people, "more person", "more people")
    authors = names(reused.authors)
    said = f":recycle: Found again: {question}\nThe answer of {authors} helped {people}."
    return said, {each for each in reused.authors if each}


def thanks_sections(digest: WeeklyDigest, workspace_url: str) -> list[Block]:
    lines = [f":heart: {thanks_line(each, workspace_url)}" for each in digest.thanks]
    shown = fitting(lines, THANKS_LIMIT)
    left = digest.thanks_in_all - len(shown)
    more = [context(f"And {count(left, 'more thank-you', 'more thank-yous')}.")] if left else []
    return [section("\n".join(shown)), *more] if shown else []


def thanks_line(thanks: Thanked, workspace_url: str) -> str:
    giver = profile(workspace_url, thanks.giver_id, thanks.giver) if thanks.giver_id else ""
    receiver = profile(workspace_url, thanks.receiver_id, thanks.receiver)
    reason = inline(thanks.reason, REASON_LIMIT)
    return f"{giver or A_COLLEAGUE} thanked {receiver}: “{reason}”"


def rest(digest: WeeklyDigest, told: Sequence[Story], *, is_in_thread: bool) -> list[Block]:
    """Those who helped and are not named above."""
    named = {user_id for _, who in told[:STORIES_SHOWN] for user_id in who}
    left = digest.helpers - len(named)
    if left <= 0:
        return []
    helped = f"{count(left, 'more colleague')} helped"
    return [context(f"And {helped}: see the thread." if is_in_thread else f"And {helped}.")]


def folded_stories(digest: WeeklyDigest, told: Sequence[Story]) -> tuple[list[list[str]], int]:
    """What did not fit, as pages of lines for the thread; and how many helped and stand nowhere."""
    named = {user_id for _, who in told[:STORIES_SHOWN] for user_id in who}
    later = [(credit_line(each), {each.user_id}) for each in digest.more_credits]
    pages: list[list[str]] = []
    length = PAGE_LIMIT
    for line, who in [*told[STORIES_SHOWN:], *later]:
        if length + len(line) > PAGE_LIMIT or len(pages[-1]) == LINES_ON_A_PAGE:
            if len(pages) == PAGES:
                break
            pages.append([])
            length = 0
        pages[-1].append(line)
        length += len(line) + 1
        named |= who
    return pages, digest.helpers - len(named)


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


def page_message(lines: Sequence[str], unsaid: int) -> Block:
    """One message in the thread. `unsaid`: how many helped and stand nowhere."""
    more = [context(f"And {count(unsaid, 'more colleague')} helped.")] if unsaid > 0 else []
    blocks = [section(MORE_HELP), *(section(part) for part in joined(lines)), *more]
    return {"text": twin([MORE_HELP, *lines]), "blocks": blocks}


def joined(lines: Iterable[str]) -> list[str]:
    """As few texts as hold these lines, each as long as a section may be."""
    parts: list[str] = []
    for line in lines:
        if parts and len(parts[-1]) + len(line) < SECTION_LIMIT:
            parts[-1] += f"\n{line}"
        else:
            parts.append(line)
    return parts


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
