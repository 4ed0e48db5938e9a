"""What somebody's help did, in sentences."""

from bot.kudos import Effect, Evidence
from handlers.blocks.text import (
    Block,
    context,
    count,
    date,
    escape,
    link,
    mention,
    message,
    permalink,
    section,
)


def effect_page(effect: Effect, viewer_id: str, workspace_url: str) -> Block:
    text = summary(effect, viewer_id)
    lines = [evidence_line(each, workspace_url) for each in effect.evidence]
    blocks = [section(text)]
    if lines:
        blocks.append(section("\n".join(lines)))
    if effect.user_id != viewer_id:
        blocks.append(context(f"To thank them: `/kudos` {mention(effect.user_id)} `and what for`"))
    return message(text, blocks)


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
    text = f":sparkles: {mention(giver_id)} thanks you:"
    return message(text, [section(text), section(f"> {escape(reason)}")])
