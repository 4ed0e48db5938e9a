"""After a training: choosing it, and the weeks before and after side by side. No names."""

from bot.community.gaps import Went
from bot.community.trainings import AfterTraining, Why
from handlers.blocks.community.health import modal
from handlers.blocks.text import Block, context, plain_text, section

AFTER, CALLBACK = "after_training", "look_after_training"
TITLE = "After a training"
HOW = (
    "Counted are the people who are in that channel now: who of them asked, and who helped, where "
    "you can read. Numbers are to the nearest five. Other things may have changed at that time "
    "too: this shows what went with the training, not what came of it."
)
ASKING = {
    Went.MORE: "Clearly more of them ask.",
    Went.ALIKE: "About as many of them ask: a difference is not larger than chance makes it.",
    Went.FEWER: "Clearly fewer of them ask.",
    Went.UNKNOWN: "Too few ask to tell a difference.",
}
HELPING = {
    Went.MORE: "Clearly more of them help.",
    Went.ALIKE: "About as many of them help: a difference is not larger than chance makes it.",
    Went.FEWER: "Clearly fewer of them help.",
    Went.UNKNOWN: "Too few help to tell a difference.",
}
WHY = {
    Why.TOO_EARLY: "It is too early: three weeks after the training I can say more.",
    Why.TOO_FEW: "It cannot be told: fewer than five of them asked or helped on either side.",
}
SIDE_BY_SIDE = (
    "*Members of <#{channel_id}>, {weeks} weeks before and after {day}*\n"
    "People who asked: {asked_before} before, {asked_after} after\n"
    "People who helped: {helped_before} before, {helped_after} after"
)
FEW, ABOUT = "fewer than five", "about {people}"


def after_modal() -> Block:
    channel = {
        "type": "conversations_select",
        "action_id": "value",
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
    }
    inputs = (
        ("channel", "A channel whose members were trained", channel),
        ("taught_on", "The day of the training", {"type": "datepicker", "action_id": "value"}),
    )
    return {
        **modal(TITLE, []),
        "callback_id": CALLBACK,
        "submit": plain_text("Compare"),
        "blocks": [
            {"type": "input", "block_id": name, "label": plain_text(label), "element": element}
            for name, label, element in inputs
        ],
    }


def compared_modal(told: AfterTraining) -> Block:
    if told.why is not None:
        return modal(TITLE, [section(WHY[told.why]), context(HOW)])
    sides = SIDE_BY_SIDE.format(
        channel_id=told.channel_id,
        weeks=told.weeks,
        day=f"{told.taught_on.day} {told.taught_on:%B %Y}",
        asked_before=in_words(told.before.asked),
        asked_after=in_words(told.after.asked),
        helped_before=in_words(told.before.helped),
        helped_after=in_words(told.after.helped),
    )
    verdict = section(f"{ASKING[told.asking]} {HELPING[told.helping]}")
    return modal(TITLE, [section(sides), verdict, context(HOW)])


def in_words(people: int | None) -> str:
    return FEW if people is None else ABOUT.format(people=people)
