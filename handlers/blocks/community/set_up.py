"""Setting Askaround up: the card for who invited it, the announcement, and an admin's checklist."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.community.set_up import EXPERTS_WANTED, SetUp, SetUpCard, TryOut
from bot.community.settings import DIGEST
from handlers.blocks.community.lists import NEW_TOPIC
from handlers.blocks.community.settings import CHANGE, CHECK
from handlers.blocks.text import (
    Block,
    actions,
    button,
    context,
    count,
    date,
    divider,
    escape,
    header,
    listed,
    mention,
    message,
    plain_text,
    section,
)
from handlers.blocks.times import schedule_in_words

MAKE_HELP_CHANNEL, CHOOSE_CHANNEL = "make_help_channel", "choose_channel"
CHOSEN, ANNOUNCE = "chosen_channel", "announce"
ADD_EXPERTS = "add_experts"
TRY_OUT = "try_out"
MOST_NAMED, CHECKS_SHOWN = 8, 20
WHAT_I_DO = (
    "I bring questions to the people who know, and keep what solved them, so that the next one "
    "finds it."
)


def set_up_card(card: SetUpCard) -> Block:
    """For who invited the bot, alone."""
    name = escape(card.channel)
    if card.is_admin:
        text = f"Thanks for the invitation. {WHAT_I_DO} Shall I listen for questions in #{name}?"
        label = f"Make #{card.channel} a help channel"
        press = button(shortened(label), MAKE_HELP_CHANNEL, card.channel_id, style="primary")
        later = "One window with two fields. Until then I answer here only when I am called."
        return message(text, [section(text), actions(press), context(later)])
    text = f"Thanks for the invitation. {WHAT_I_DO} An admin can let me listen in #{name}."
    admins = listed([mention(each) for each in card.admins])
    who = f"You could ask {admins}. " if admins else ""
    called = "Until then, call me by my name, or put :question: on a message that asks something."
    return message(text, [section(text), context(f"{who}{called}")])


def shortened(label: str) -> str:
    return label if len(label) <= 75 else "Make this a help channel"


def welcome_note() -> Block:
    text = (
        f"Welcome. {WHAT_I_DO} Invite me into a channel where people ask, with "
        "`/invite @Askaround`, or choose one here: it takes one window with two fields."
    )
    press = button("Choose a channel", CHOOSE_CHANNEL, "new", style="primary")
    return message(text, [section(text), actions(press)])


def channel_modal() -> Block:
    """Which channel to make a help channel."""
    return {
        "type": "modal",
        "callback_id": CHOSEN,
        "title": plain_text("A help channel"),
        "submit": plain_text("Next"),
        "close": plain_text("Cancel"),
        "blocks": [
            section("In a help channel, whoever asks something is heard, and nobody needs a word."),
            {
                "type": "input",
                "block_id": "channel",
                "label": plain_text("Channel"),
                "hint": plain_text("Invite me there first: /invite @Askaround"),
                "element": {
                    "type": "conversations_select",
                    "action_id": "value",
                    "filter": {"include": ["public", "private"]},
                },
            },
        ],
    }


def announce_modal(channel_id: str, channel: str, stands: str) -> Block:
    """It is set up: what its members would read, and whether to post it. `stands`: how many
    help."""
    preview = announcement(channel_id)["blocks"]
    return {
        "type": "modal",
        "callback_id": ANNOUNCE,
        "title": plain_text("It is a help channel"),
        "submit": plain_text("Announce it"),
        "close": plain_text("Not now"),
        "private_metadata": channel_id,
        "blocks": [
            section(f"#{escape(channel)} is a help channel now. {stands}"),
            section("Shall I tell its members? I would post this there, once:"),
            divider(),
            *preview,
        ],
    }


def announcement(channel_id: str) -> Block:
    """What the members of a new help channel read, once."""
    text = (
        f"Ask your questions here in <#{channel_id}>, in your own words, and I bring them to the "
        "people who know."
    )
    how = (
        "*When you ask:* if it was solved before, you alone see the answer first. Otherwise I ask "
        "two people who know and are at work, and go on until somebody helps or it is handed off.\n"
        "*When a reply worked:* put :white_check_mark: on it. Whoever has the same question later "
        "finds it with `/find`, and who helped gets the credit."
    )
    kept = (
        "I keep the questions and answers of this channel, for those who can read it. Delete your "
        "message, and it is gone from what I keep too."
    )
    return message(text, [section(text), section(how), context(kept)])


ANNOUNCED = "Done. It is posted in a moment."


def set_up_sections(set_up: SetUp | None) -> list[Block]:
    """On top of an admin's Home; one line once all is done."""
    if set_up is None:
        return []
    done = sum(set_up.steps)
    if set_up.is_done:
        said = ":white_check_mark: Set up: 4 of 4 done."
        return [section(said, accessory=button("Send a test question", TRY_OUT))]
    channel, topic, experts, digest = set_up.steps
    first = set_up.steps.index(False)
    buttons = [
        button("Choose a channel", CHOOSE_CHANNEL, "checklist"),
        button("Make a topic", NEW_TOPIC, "checklist"),
        button("Add experts", ADD_EXPERTS, set_up.topic_id or 0),
        button("Set the time", CHANGE, DIGEST),
    ]
    lines = [
        step(channel, channels_line(set_up)),
        step(topic, "A topic with people who help"),
        step(experts, experts_line(set_up)),
        step(digest, digest_line(set_up)),
    ]
    blocks = [header(f"Set up: {done} of 4 done")]
    for place, line in enumerate(lines):
        press = None if set_up.steps[place] else buttons[place]
        if place == first and press is not None:
            press = {**press, "style": "primary"}
        blocks.append(section(line, accessory=press))
    return [*blocks, actions(*(trials() if channel else trials()[1:]))]


def trials() -> list[Block]:
    return [
        button("Send a test question", TRY_OUT),
        button("Check the installation", CHECK, "all"),
    ]


def check_modal(found: Sequence[tuple[bool, str]] | None) -> Block:
    """`found`: whether each thing is good, and what is said of it; None while it is looked at."""
    if found is None:
        blocks = [section("I am looking. This takes a few seconds.")]
    else:
        wrong = [says for is_good, says in found if not is_good]
        fine = [says for is_good, says in found if is_good]
        all_good = "Everything that I can see from here is in place."
        blocks = [
            *(section(f":warning: {escape(says)}") for says in wrong[:CHECKS_SHOWN]),
            *([] if wrong else [section(f":white_check_mark: {all_good}")]),
            *([context(escape(" ".join(fine)))] if fine else []),
        ]
    return {
        "type": "modal",
        "title": plain_text("The installation"),
        "close": plain_text("Close"),
        "blocks": blocks,
    }


def step(is_done: bool, words: str) -> str:
    return f":white_check_mark: {words}" if is_done else f":white_circle: *{words}*"


def channels_line(set_up: SetUp) -> str:
    if not set_up.channels:
        return "A help channel, where people ask"
    return count(set_up.channels, "help channel")


def experts_line(set_up: SetUp) -> str:
    if set_up.experts >= EXPERTS_WANTED:
        return f"{set_up.experts} experts said yes"
    if set_up.experts:
        return "Two experts who said yes: 1 so far"
    return "Two experts who said yes"


def digest_line(set_up: SetUp) -> str:
    if set_up.digest is None:
        return "When the week's help is told"
    if set_up.digest.paused_at is not None:
        return "The weekly digest is paused"
    return f"The week's help is told {schedule_in_words(set_up.digest.schedule)}"


def try_out_modal(run: TryOut) -> Block:
    """What would happen to a question, step by step; nobody but the admin sees it."""
    blocks = [
        section(
            f"Somebody asks about *{escape(run.topic)}* in <#{run.channel_id}>, now. This is what "
            "would happen. I have told nobody."
        ),
        section(f"*1. At once*\n{asked_first(run)}"),
        section(f"*2. After {in_words(run.times.next_few)} at work*\n{asked_next(run)}"),
        section(f"*3. After {in_words(run.times.everybody)}*\nAll other experts are asked."),
        section(f"*4. After {in_words(run.times.hand_off)}*\n{in_the_end(run)}"),
    ]
    if run.later:
        blocks.append(context(f"Not there now: {there_later(run)}."))
    return {
        "type": "modal",
        "title": plain_text("A test question"),
        "close": plain_text("Close"),
        "blocks": blocks,
    }


def asked_first(run: TryOut) -> str:
    if not run.able and not run.later:
        return "0 experts: nobody would be asked. Add experts, and try again."
    if not run.able:
        return "Nobody is at work: the first of them is asked when they begin."
    first = listed([mention(each) for each in run.able[:2]])
    if len(run.able) <= 2:
        return f"{first} would be asked."
    return f"Two of the {len(run.able)} who are there would be asked: for example {first}."


def asked_next(run: TryOut) -> str:
    left = len(run.able[2:])
    if not left:
        return "Nobody else is there; I wait for those asked."
    return f"The next few of {count(left, 'other expert')} who are there now."


def in_the_end(run: TryOut) -> str:
    if run.hand_off_channel_id:
        return f"It goes to the helpdesk in <#{run.hand_off_channel_id}>."
    if run.calls_helpdesk:
        return "It goes to the helpdesk outside Slack."
    return "There is no helpdesk: it waits, and each weekly digest tells of it."


def there_later(run: TryOut) -> str:
    told = [later(user_id, at) for user_id, at in run.later[:MOST_NAMED]]
    more = len(run.later) - len(told)
    return listed([*told, *([count(more, "other")] if more else [])])


def later(user_id: str, at: datetime | None) -> str:
    if at is None:
        return mention(user_id)
    return f"{mention(user_id)} (from {date(at, '{date_short_pretty} at {time}')})"


def in_words(time: timedelta) -> str:
    minutes = round(time.total_seconds() / 60)
    if minutes % 60:
        return count(minutes, "minute")
    return count(minutes // 60, "hour")
