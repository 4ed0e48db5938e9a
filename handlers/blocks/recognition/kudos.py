"""What somebody's help did, in sentences."""

from bot.recognition.kudos import Effect, Evidence, Page
from bot.recognition.personal import OwnHelp
from handlers.blocks.recognition.personal import (
    REUSED_SHOWN,
    TELL,
    reused_lines,
    sentences,
    thanks_lines,
)
from handlers.blocks.text import (
    SECTION_LIMIT,
    Block,
    actions,
    button,
    context,
    count,
    date,
    escape,
    fitting,
    link,
    mention,
    message,
    permalink,
    section,
)

CHOSEN = {
    ("private", "on"): (
        "Done. No digest names you from now on, and those of the last four weeks are edited. "
        "Your help still counts, as that of a colleague; `/kudos` shows it to you alone. "
        "`/kudos private off` takes this back."
    ),
    ("private", "off"): "Done. Digests name you again, from the next one on.",
    ("digests", "on"): "Done. You get digests again.",
    ("digests", "off"): "Done. You get no digests from me. `/kudos digests on` takes this back.",
}
HOW_TO = (
    "`/kudos` shows what your help did, `/kudos @person` what theirs did, and "
    "`/kudos @person and what for` thanks them. With `/kudos private on` no digest names you; "
    "with `/kudos digests off` you get none."
)


def kudos_page(page: Page, viewer_id: str, workspace_url: str) -> Block:
    """What it comes to, what was found again this year, what was solved last, and thanks."""
    effect, year = page.effect, page.year
    is_mine = effect.user_id == viewer_id
    said = [summary(effect, viewer_id), *this_year(effect, year, is_mine)]
    blocks = [section("\n".join(said))]
    if year is not None:
        whose = "Your" if is_mine else "Their"
        blocks += [section(line) for line in reused_lines(year, whose, workspace_url)]
        blocks += latest(effect, year, workspace_url)
        blocks += next_steps(effect, year, is_mine)
    return {"text": " ".join(said), "blocks": blocks}


def this_year(effect: Effect, year: OwnHelp | None, is_mine: bool) -> list[str]:
    """Only where that is not all."""
    if year is None or not year.is_any:
        return []
    if (year.solved, year.helped_too, year.reused) == (
        effect.solved,
        effect.helped_too,
        effect.reused,
    ):
        return []
    who, whose = ("you", "your") if is_mine else (mention(effect.user_id), "their")
    return [f"This year: {' '.join(sentences(year, who, whose))}"]


def latest(effect: Effect, year: OwnHelp, workspace_url: str) -> list[Block]:
    """What was solved last, but for what is told of already."""
    told = {(each.channel_id, each.message_ts) for each in year.reused_told[:REUSED_SHOWN]}
    lines = [
        evidence_line(each, workspace_url)
        for each in effect.evidence
        if (each.channel_id, each.message_ts) not in told
    ]
    return [section("\n".join(fitting(lines, SECTION_LIMIT - len(lines))))] if lines else []


def next_steps(effect: Effect, year: OwnHelp, is_mine: bool) -> list[Block]:
    if not is_mine:
        return [context(f"To thank them: `/kudos` {mention(effect.user_id)} `and what for`")]
    thanks = [section(line) for line in thanks_lines(year.thanks)]
    if not (effect.solved or effect.reused or effect.thanked):
        return thanks
    return [
        *thanks,
        actions(button("Tell my manager", TELL, "year")),
        context("`/kudos export` sends you this as text, for a review or a CV."),
    ]


def summary(effect: Effect, viewer_id: str) -> str:
    if effect.is_private:
        return f"{mention(effect.user_id)} prefers not to be named for their help."
    is_viewer = effect.user_id == viewer_id
    who = "You" if is_viewer else mention(effect.user_id)
    if not (effect.solved or effect.thanked):
        nothing = "have not solved a question yet" if is_viewer else "has not solved a question yet"
        return f"{who} {nothing}."
    solved = count(effect.solved, "question")
    parts = [f"{who} solved {solved} for {count(effect.people, 'person', 'people')}."]
    if not effect.solved:
        parts = []
    if effect.helped_too:
        parts.append(
            f"{count(effect.helped_too, 'other person', 'other people')} were helped too."
            if effect.helped_too > 1
            else "One other person was helped too."
        )
    if effect.reused:
        whose = "your" if is_viewer else "their"
        parts.append(
            f"Later, {whose} answers helped {count(effect.reused, 'more person', 'more people')}."
        )
    if effect.thanked:
        times = "once" if effect.thanked == 1 else f"{effect.thanked} times"
        verb = "were" if is_viewer else "was"
        parts.append(f"{who} {verb} thanked {times}.")
    return " ".join(parts)


def evidence_line(evidence: Evidence, workspace_url: str) -> str:
    address = permalink(workspace_url, evidence.channel_id, evidence.message_ts)
    question = link(address, evidence.question) if evidence.question else "a deleted question"
    return f"• {question}, {date(evidence.solved_at)}"


def thanks_note(giver_id: str, reason: str) -> Block:
    if not reason:  # whoever wrote it had that erased
        text = f":sparkles: {mention(giver_id)} thanks you."
        return message(text, [section(text)])
    text = f":sparkles: {mention(giver_id)} thanks you:"
    return message(text, [section(text), section(f"> {escape(reason)}")])
