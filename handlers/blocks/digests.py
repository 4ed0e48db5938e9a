"""The weekly digest of a channel."""

from bot.digests import Helper, Waiting, WeeklyDigest
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

HELPERS_SHOWN = 15
OTHERS_NAMED = 40
ACCESSIBLE_LABEL = 75  # characters
QUESTIONS_LINKED = 3


def weekly_digest(digest: WeeklyDigest, workspace_url: str) -> Block:
    text = headline(digest)
    lines = [helper_line(each, digest, workspace_url) for each in digest.helpers[:HELPERS_SHOWN]]
    shown = fitting(lines, LISTED_LIMIT)
    blocks = [section(f"*{text}*"), *asked(digest), *(section(line) for line in shown)]
    if len(digest.helpers) > len(shown):
        others = [mention(each.user_id) for each in digest.helpers[len(shown) :]]
        more = len(others) - OTHERS_NAMED
        named = [*others[:OTHERS_NAMED], *([f"{more} more"] if more > 0 else [])]
        blocks.append(context(f"{listed(named)} helped too."))
    if digest.waiting:
        blocks += [divider(), section("*Still waiting for an answer*")]
        blocks += [waiting_line(each, digest, workspace_url) for each in digest.waiting]
    return message(text, blocks)


def headline(digest: WeeklyDigest) -> str:
    helpers = len(digest.helpers)
    if not helpers:
        return f"{count(len(digest.waiting), 'question')} waiting for an answer"
    solved = sum(len(helper.solved) for helper in digest.helpers)
    helped = "1 colleague" if helpers == 1 else f"{helpers} colleagues"
    return f"Last week {helped} solved {count(solved, 'question')} here"


def asked(digest: WeeklyDigest) -> list[Block]:
    if not digest.asked:
        return []
    return [context(f"{count(digest.asked, 'question')} asked, {digest.asked_and_solved} solved.")]


def helper_line(helper: Helper, digest: WeeklyDigest, workspace_url: str) -> str:
    solved = count(len(helper.solved), "question")
    people = f" for {count(helper.people, 'person', 'people')}" if len(helper.solved) > 1 else ""
    first = ":seedling: For the first time, " if helper.is_first_time else ""
    lines = [f"{first}{mention(helper.user_id)} solved {solved}{people}.{helped_too(helper)}"]
    told = [each for each in helper.solved if not each.is_deleted]
    for question in told[:QUESTIONS_LINKED]:
        address = permalink(workspace_url, digest.channel_id, question.message_ts)
        lines.append(f"• {link(address, question.text, 150)}")
    if len(told) > QUESTIONS_LINKED:
        lines.append(f"• and {len(told) - QUESTIONS_LINKED} more")
    return "\n".join(lines)


def helped_too(helper: Helper) -> str:
    if not helper.helped_too:
        return ""
    return f" That helped {count(helper.helped_too, 'more person', 'more people')}."


def waiting_line(waiting: Waiting, digest: WeeklyDigest, workspace_url: str) -> Block:
    address = permalink(workspace_url, digest.channel_id, waiting.message_ts)
    asked = f"{link(address, waiting.text, 150)}\n_since {date(waiting.asked_at)}_"
    if waiting.claimed_by:
        return section(f"{asked} · {mention(waiting.claimed_by)} is on it")
    label = shorten(f"Take: {plain(waiting.text)}", ACCESSIBLE_LABEL)
    take = {**button("I'll take it", CLAIM, waiting.question_id), "accessibility_label": label}
    return section(asked, accessory=take)
