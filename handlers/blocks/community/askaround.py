"""What `/askaround` answers."""

from bot.community.channels import Hearing
from bot.questions.verdicts import ASKING, CALLED, EVERYTHING
from handlers.blocks.experts.availability import CHANGE
from handlers.blocks.finding.find import ASK, SEARCH
from handlers.blocks.text import (
    Block,
    actions,
    button,
    context,
    divider,
    escape,
    header,
    inline,
    listed,
    message,
    plain_text,
    section,
)

MODE_WORDS = {"everything": EVERYTHING, "questions": ASKING, "called": CALLED}
HEARD = {
    EVERYTHING: "In #{name} I ask around about everything but chatter.",
    ASKING: "In #{name} I ask around about what asks something.",
    CALLED: "In #{name} I ask around only when called: by my name, :question:, "
    "“Ask around about this” or `/ask`.",
}
LEARNED = (
    "I have learned that nearly everything here is a question, so I take what I am unsure of too."
)
HOW_TO_CHANGE = (
    "Change it with `/askaround channel everything`, `questions` or `called`, or in App Home under "
    "*Settings*, *Channels*."
)
ALL_COMMANDS = "all_commands"
IN_SHORT = "*Askaround* brings questions to the people who know, and keeps what solved them."
HOW = """\
• Ask in a help channel, or from anywhere with `/ask`.
• Put :white_check_mark: on the reply that worked. `/find` finds it again.
• `/experts join` and a topic's name: you are asked about it. `/experts away until friday`: a break.
• `/kudos` shows what your help did. `/kudos @person and what for` thanks them."""
EVERYBODY = """\
• `/ask`: ask from anywhere
• `/find words`: search what was solved, with `topic:customs`, `from:@maria`, `in:#logistics` or \
`solved:2026`
• `/experts`: who helps with what; with a topic's name, who helps with that
• `/experts join customs`, `leave customs`: help with a topic, or no longer
• `/experts away until friday`, `back`: a break, and its end
• `/experts hours mon-fri 9-17`, `limit 3`: when you are asked, and about how many questions a day
• `/experts holidays Italy`, `calendar` and its address: when you do not work
• `/experts messages on`, `off`: a message for each question, or none
• `/kudos`: what your help did; `/kudos @person`: what theirs did
• `/kudos @person and what for`: thank them
• `/kudos export 2026`: what your help did, for a review or a CV
• `/kudos private on`: no digest names you; `/kudos digests off`: you get none
• `/askaround me`: what is kept of you, to take with you, keep out or have erased"""
ADMINS = """\
• `/askaround channel on`, `off`: whether I listen for questions in this channel
• `/askaround channel everything`, `questions`, `called`: how much of it I hear
• `/askaround channel form Pallet request`: what that workflow posts here is a question
• `/askaround channel nameless on`, `off`: whether one can ask here without a name
• `/askaround topic customs`: create or change a topic, and say who helps
• `/askaround topic rename customs to duty`, `merge customs into duty`, `delete customs`
• `/askaround digest monday 9:00`, `preview`, `pause`, `resume`, `skip`: the weekly digest here
• `/askaround digest sponsor`: when sponsors get theirs
• `/askaround kudos @person`: why their help counts
• `/askaround marks :done:`: your own emoji that mark a solution, beside :white_check_mark:
• `/askaround leaderboard on`, `off`: whether `/kudos top customs` shows who helped most
• `/askaround health`: how your community is doing (sponsors see their topics)
All of this has a window in App Home, under *Settings*."""


def help_message() -> Block:
    choices = actions(
        button("Ask", ASK, style="primary"),
        button("Search", SEARCH),
        button("When I can be asked", CHANGE),
        button("All commands", ALL_COMMANDS),
    )
    return message(f"{IN_SHORT}\n{HOW}", [section(f"{IN_SHORT}\n{HOW}"), choices])


def commands_modal() -> Block:
    return {
        "type": "modal",
        "title": plain_text("All commands"),
        "close": plain_text("Close"),
        "blocks": [
            header("For everybody"),
            section(EVERYBODY),
            divider(),
            header("For admins"),
            section(ADMINS),
        ],
    }


def switched(channel: str, is_help: bool) -> str:
    name = escape(channel)
    if not is_help:
        return f"Done. I no longer listen for questions in #{name}."
    return (
        f"#{name} is a help channel now: whoever asks here is heard. "
        "Next, say who helps: `/askaround topic` and its name."
    )


def hearing_told(hearing: Hearing) -> Block:
    """How much of a channel is heard."""
    name = escape(hearing.name)
    if not hearing.is_help:
        text = (
            f"#{name} is no help channel: I hear my name, :question: and “Ask around about this”. "
            "`/askaround channel on` makes it one."
        )
    else:
        text = HEARD[hearing.mode].format(name=name)
    more = [LEARNED] if hearing.is_help and hearing.is_learned else []
    if hearing.forms:
        forms = listed([f"“{inline(each, 80)}”" for each in hearing.forms])
        more.append(f"Questions too, whoever writes them: what the workflow posts as {forms}.")
    blocks = [section(text), *map(context, more), context(HOW_TO_CHANGE)]
    return message(" ".join([text, *more]), blocks)
