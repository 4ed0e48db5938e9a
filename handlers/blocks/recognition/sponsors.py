"""The digest of a sponsor: one message to them alone, with a button for thanks beside what each
person did; the modal for these thanks, and the message they become."""

from collections.abc import Iterable, Sequence

from bot.recognition.channel_digest import WEEK, Week
from bot.recognition.sponsor_digests import (
    FULLY_TOLD,
    Deed,
    FoundAgain,
    GivenHelp,
    SponsorDigest,
    SponsoredQuestion,
    Stale,
)
from bot.recognition.sponsors import Sponsoring
from bot.schedules import WEEKDAYS
from bot.text import clip, plain, shorten
from handlers.blocks.buttons import draft_faq_button
from handlers.blocks.recognition.channel_digest import ACCESSIBLE_LABEL, asked_and_solved, twin
from handlers.blocks.text import (
    A_COLLEAGUE,
    LISTED_LIMIT,
    Block,
    button,
    context,
    count,
    date,
    divider,
    escape,
    fitting,
    header,
    link,
    listed,
    mention,
    message,
    permalink,
    plain_text,
    section,
)
from handlers.blocks.times import schedule_in_words

THANK_FROM_DIGEST = "thank_from_digest"
PREVIEW = "preview_sponsor_digest"
# Characters of each part; together they stay below the 13,200 that Slack takes in a message.
FULLY_LIMIT, BRIEFLY_LIMIT, PART_LIMIT, STUCK_LIMIT = 5000, 2200, 1200, 400
QUESTION_LIMIT, TOPICS_NAMED, SPONSORS_SHOWN = 100, 4, 40
NOTHING_YET = "Nothing to tell so far: now, no digest would come to you."


def sponsor_digest(digest: SponsorDigest, workspace_url: str) -> Block:
    told = help_sections(digest, workspace_url)
    left = digest.helpers - len(told)
    blocks = [
        section(f"*{digest_in_a_line(digest)}*"),
        *([context(f"{asked(digest)}.")] if digest.asked else []),
        *told,
        *([context(f"And {count(left, 'more colleague')} helped.")] if left else []),
        *stuck_sections(digest, workspace_url),
    ]
    return {"text": twin(summary(digest)), "blocks": blocks}


def digest_in_a_line(digest: SponsorDigest) -> str:
    weeks = round((digest.until - digest.since) / WEEK)
    when = f"In the last {weeks} weeks" if weeks > 1 else "Last week"
    topics = topics_in_words(digest.topics)
    if digest.helpers:
        return f"{when} {count(digest.helpers, 'colleague')} helped with {topics}"
    return f"{when} in {topics}"


def topics_in_words(names: Sequence[str]) -> str:
    shown = [escape(name) for name in names[:TOPICS_NAMED]]
    more = len(names) - len(shown)
    return listed([*shown, *([count(more, "other topic")] if more else [])])


def asked(digest: SponsorDigest) -> str:
    return asked_and_solved(Week(digest.asked, digest.solved))


def summary(digest: SponsorDigest) -> list[str]:
    """The digest in words alone: what matters most first, as the end may be cut."""
    lines = [f"{digest_in_a_line(digest)}."]
    if digest.asked:
        lines.append(f"{asked(digest)}.")
    if digest.unanswered_in_all:
        lines.append(f"{unanswered(digest.unanswered_in_all)}.")
    lines += without_experts(digest)
    lines += demand(digest)
    if digest.found_again:
        found = count(len(digest.found_again), "question was", "questions were")
        lines.append(f"{found} found again by several people.")
    if digest.stale_in_all:
        lines.append(f"{stale_answers(digest.stale_in_all)}.")
    return [*lines, *(credit_line(each) for each in digest.help)]


def help_sections(digest: SponsorDigest, workspace_url: str) -> list[Block]:
    """The first ones with what they did, the others with how much; each with its button."""
    told = [with_deeds(each, workspace_url) for each in digest.help[:FULLY_TOLD]]
    lines = fitting(told, FULLY_LIMIT)
    lines += fitting(map(with_unreadable, digest.help[len(lines) :]), BRIEFLY_LIMIT)
    return [
        section(line, accessory=thank_button(each, digest.slot))
        for each, line in zip(digest.help, lines, strict=False)
    ]


def thank_button(help: GivenHelp, slot: str) -> Block | None:
    if help.is_thanked or help.is_own or not slot:
        return None
    thank = button("Say thanks", THANK_FROM_DIGEST, f"{slot}:{help.fact_id}")
    about = f" for {plain(help.deeds[0].question.text)}" if help.deeds else ""
    return {**thank, "accessibility_label": shorten(f"Say thanks{about}", ACCESSIBLE_LABEL)}


def with_deeds(help: GivenHelp, workspace_url: str) -> str:
    bullets = [f"• {deed_line(each, workspace_url)}" for each in help.deeds]
    return "\n".join([with_unreadable(help), *bullets])


def with_unreadable(help: GivenHelp) -> str:
    line = credit_line(help)
    if help.unreadable:
        questions = count(help.unreadable, "question")
        line += f" That includes {questions} in channels that you cannot read."
    return f"{line} _You thanked them._" if help.is_thanked else line


def deed_line(deed: Deed, workspace_url: str) -> str:
    question = linked(deed.question, workspace_url)
    if deed.is_solved:
        return f"{question}, for {name(deed.asker_id)}"
    return f"{question}, which helped {count(deed.helped_too, 'more person', 'more people')}"


def credit_line(help: GivenHelp) -> str:
    who = name(help.user_id)
    if not help.solved:
        people = count(help.helped_too, "person", "people")
        return f"{sentence_case(who)}: earlier answers helped {people}."
    solved = f"solved {count(help.solved, 'question')}"
    people = f" for {count(help.people, 'person', 'people')}" if help.solved > 1 else ""
    more = count(help.helped_too, "more person", "more people")
    helped = f" That helped {more}." if help.helped_too else ""
    if help.is_first:
        return f":seedling: For the first time, {who} {solved}{people}.{helped}"
    return f"{sentence_case(who)} {solved}{people}.{helped}"


def name(user_id: str | None) -> str:
    """Who does not want to be named is a colleague."""
    return mention(user_id) if user_id else A_COLLEAGUE


def sentence_case(words: str) -> str:
    return words[:1].upper() + words[1:]


def linked(told: SponsoredQuestion, workspace_url: str) -> str:
    address = permalink(workspace_url, told.channel_id, told.message_ts)
    return link(address, told.text, QUESTION_LIMIT)


def stuck_sections(digest: SponsorDigest, workspace_url: str) -> list[Block]:
    blocks = [
        *unanswered_sections(digest, workspace_url),
        *(section(line) for line in fitting(without_experts(digest), STUCK_LIMIT)),
        *(section(line) for line in demand(digest)),
        *(found_again_section(each, digest, workspace_url) for each in digest.found_again),
        *stale_sections(digest, workspace_url),
    ]
    return [divider(), section("*Where people are stuck*"), *blocks] if blocks else []


def unanswered_sections(digest: SponsorDigest, workspace_url: str) -> list[Block]:
    if not digest.unanswered_in_all:
        return []
    lines = [
        f"• {linked(each, workspace_url)}, since {date(each.asked_at)}"
        for each in digest.unanswered
    ]
    return [section(bullets(unanswered(digest.unanswered_in_all), lines))]


def bullets(first: str, lines: Iterable[str]) -> str:
    shown = fitting(lines, PART_LIMIT)
    return "\n".join([f"{first}:" if shown else f"{first}.", *shown])


def unanswered(questions: int) -> str:
    return f"Nobody has answered {count(questions, 'question')} so far"


def without_experts(digest: SponsorDigest) -> list[str]:
    return [
        f"Nobody is an expert on {escape(topic)}, and {count(questions, 'question')} "
        f"{'was' if questions == 1 else 'were'} asked about it."
        for topic, questions in digest.without_experts
    ]


def demand(digest: SponsorDigest) -> list[str]:
    if digest.demand is None:
        return []
    words = listed([f"“{escape(clip(word, 40))}”" for word in digest.demand.words])
    fitted = f"{count(digest.demand.questions, 'question')} fitted no topic"
    return [f"{fitted}; five people or more wrote of {words}."]


def found_again_section(found: FoundAgain, digest: SponsorDigest, workspace_url: str) -> Block:
    people = count(found.people, "person", "people")
    line = f"Found again by {people} in four weeks: {linked(found.question, workspace_url)}"
    if found.has_faq:
        return section(f"{line} _There is an FAQ entry._")
    if not digest.slot:
        return section(line)
    return section(line, accessory=draft_faq_button(found.question.question_id))


def stale_sections(digest: SponsorDigest, workspace_url: str) -> list[Block]:
    if not digest.stale_in_all:
        return []
    lines = [f"• {linked(each.question, workspace_url)}{why(each)}" for each in digest.stale]
    return [section(bullets(stale_answers(digest.stale_in_all), lines))]


def stale_answers(answers: int) -> str:
    return f"{count(answers, 'answer waits', 'answers wait')} to be looked at again"


def why(stale: Stale) -> str:
    if stale.is_outdated:
        return ", which is outdated"
    return ", which somebody doubts" if stale.is_doubted else ""


def preview_modal(digest: SponsorDigest, workspace_url: str) -> Block:
    """What would come now; without a slot it has no buttons."""
    shown = sponsor_digest(digest, workspace_url)["blocks"] if digest.has_news else []
    note = context("This is what would come now. Its buttons come with the digest.")
    return {
        "type": "modal",
        "title": plain_text("Your next digest"),
        "close": plain_text("Close"),
        "blocks": [*shown, note] if shown else [section(NOTHING_YET)],
    }


def sponsoring_sections(sponsoring: Sponsoring | None, change: Block) -> list[Block]:
    """The part of App Home. `change`: the button for when their digest comes."""
    if sponsoring is None:
        return []
    sponsor_of = f"You sponsor {topics_in_words(sponsoring.topics)}."
    stands = " ".join([sponsor_of, *since_the_last(sponsoring)])
    return [
        header("What you sponsor"),
        section(stands, accessory=button("Preview", PREVIEW)),
        section(next_digest(sponsoring), accessory=change),
    ]


def since_the_last(sponsoring: Sponsoring) -> list[str]:
    said = []
    if sponsoring.helpers:
        helped = count(sponsoring.helpers, "colleague")
        said.append(f"{helped} helped there since your last digest.")
    if sponsoring.unanswered:
        said.append(f"{unanswered(sponsoring.unanswered)}.")
    return said


def next_digest(sponsoring: Sponsoring) -> str:
    planned = sponsoring.planned
    if not sponsoring.is_wanted:
        return "You want no digests; `/kudos digests on` lets them come."
    if planned.paused_at is not None:
        return "Your digest is paused."
    if planned.skipped_at is not None:
        skipped, next_at = date(planned.skipped_at), date(planned.next_at)
        return f"Your digest of {skipped} is skipped; the next one comes {next_at}."
    schedule = planned.schedule
    day = WEEKDAYS[schedule.weekday].capitalize()
    return f"Your next digest: {day} {schedule.hour}:{schedule.minute:02}."


def sponsor_plans(sponsoring: Sequence[Sponsoring]) -> Block:
    """When the sponsors' digests come, for an admin."""
    if not sponsoring:
        text = "No topic has a sponsor yet. `/askaround topic` and its name sets one."
        return message(text, [section(text)])
    text = "The sponsors' digests:"
    lines = fitting((sponsor_plan(each) for each in sponsoring[:SPONSORS_SHOWN]), LISTED_LIMIT)
    left = len(sponsoring) - len(lines)
    more = [context(f"And {count(left, 'more sponsor')}.")] if left else []
    return message(" ".join([text, *lines]), [section(text), *map(section, lines), *more])


def sponsor_plan(sponsoring: Sponsoring) -> str:
    planned = sponsoring.planned
    who = f"{mention(sponsoring.sponsor_id)}, for {topics_in_words(sponsoring.topics)}"
    if not sponsoring.is_wanted:
        return f"{who}: wants no digests."
    if planned.paused_at is not None:
        return f"{who}: paused since {date(planned.paused_at)}."
    return f"{who}: {schedule_in_words(planned.schedule)}, next {date(planned.next_at)}."
