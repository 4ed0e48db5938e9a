"""The weekly digest of a channel."""

from bot.digests import Credit, Waiting, WeeklyDigest
from bot.text import plain, shorten
from handlers.blocks.questions import CLAIM
from handlers.blocks.text import (
    LISTED_LIMIT,
    Block,
    button,
    context,
    count,
    date,
    divider,
    fitting,
    link,
    listed,
    mention,
    message,
    permalink,
    section,
)

CREDITS_SHOWN = 15
OTHERS_NAMED = 40
ACCESSIBLE_LABEL = 75  # characters
QUESTIONS_LINKED = 3


def weekly_digest(digest: WeeklyDigest, workspace_url: str) -> Block:
    text = headline(digest)
    lines = [credit_line(each, digest, workspace_url) for each in digest.credits[:CREDITS_SHOWN]]
    shown = fitting(lines, LISTED_LIMIT)
    blocks = [section(f"*{text}*"), *asked(digest), *(section(line) for line in shown)]
    if len(digest.credits) > len(shown):
        others = [mention(each.user_id) for each in digest.credits[len(shown) :]]
        more = len(others) - OTHERS_NAMED
        named = [*others[:OTHERS_NAMED], *([f"{more} more"] if more > 0 else [])]
        blocks.append(context(f"{listed(named)} helped too."))
    if digest.waiting:
        blocks += [divider(), section("*Still waiting for an answer*")]
        blocks += [waiting_line(each, digest, workspace_url) for each in digest.waiting]
    return message(text, blocks)


def headline(digest: WeeklyDigest) -> str:
    people = len(digest.credits)
    if not people:
        return f"{count(len(digest.waiting), 'question')} waiting for an answer"
    # Two who solved one question together solved one question.
    solved = len({each.question_id for credit in digest.credits for each in credit.solved})
    if not solved:
        reused = count(sum(credit.helped_too for credit in digest.credits), "person", "people")
        return f"Last week earlier answers helped {reused} here"
    people = sum(bool(credit.solved) for credit in digest.credits)
    helped = count(people, "colleague")
    return f"Last week {helped} solved {count(solved, 'question')} here"


def asked(digest: WeeklyDigest) -> list[Block]:
    if not digest.asked:
        return []
    return [context(f"{count(digest.asked, 'question')} asked, {digest.asked_and_solved} solved.")]


def credit_line(credit: Credit, digest: WeeklyDigest, workspace_url: str) -> str:
    if not credit.solved:
        helped = count(credit.helped_too, "person", "people")
        return f"{mention(credit.user_id)}: earlier answers helped {helped}."
    solved = count(len(credit.solved), "question")
    people = f" for {count(credit.people, 'person', 'people')}" if len(credit.solved) > 1 else ""
    first = ":seedling: For the first time, " if credit.is_first_time else ""
    lines = [f"{first}{mention(credit.user_id)} solved {solved}{people}.{helped_too(credit)}"]
    told = [each for each in credit.solved if not each.is_deleted]
    for question in told[:QUESTIONS_LINKED]:
        address = permalink(workspace_url, digest.channel_id, question.message_ts)
        lines.append(f"• {link(address, question.text, 150)}")
    if len(told) > QUESTIONS_LINKED:
        lines.append(f"• and {len(told) - QUESTIONS_LINKED} more")
    return "\n".join(lines)


def helped_too(credit: Credit) -> str:
    if not credit.helped_too:
        return ""
    return f" That helped {count(credit.helped_too, 'more person', 'more people')}."


def waiting_line(waiting: Waiting, digest: WeeklyDigest, workspace_url: str) -> Block:
    address = permalink(workspace_url, digest.channel_id, waiting.message_ts)
    asked = f"{link(address, waiting.text, 150)}\n_since {date(waiting.asked_at)}_"
    if waiting.claimed_by:
        return section(f"{asked} · {mention(waiting.claimed_by)} is on it")
    label = shorten(f"Take: {plain(waiting.text)}", ACCESSIBLE_LABEL)
    take = {**button("I'll take it", CLAIM, waiting.question_id), "accessibility_label": label}
    return section(asked, accessory=take)
