"""What `/askaround` answers."""

from bot.community.channels import Hearing
from bot.questions.verdicts import ASKING, CALLED, EVERYTHING
from handlers.blocks.text import Block, context, escape, inline, listed, message, section

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

HELP = """*Askaround* brings questions to the people who know, and keeps what solved them.
• Ask in a help channel, or with `/ask` from anywhere.
• Put :white_check_mark: on the reply that worked. `/find` searches what was solved.
• `/experts` shows who helps with what; `/experts join` and a topic to help yourself.
• `/experts away until friday`, `back`, `hours mon-fri 9-17` and `limit 3` say when you are asked.
• `/experts holidays Italy` and `/experts calendar` and its address say when you do not work.
• `/kudos` shows what your help did; `/kudos @person and what for` thanks them.
• `/kudos export 2026` sends you what your help did, for a review or a CV.
• `/kudos private on`: no digest names you; `/kudos digests off`: you get none.
• `/askaround me` shows what is kept of you: take it with you, stay out, or have it erased.
For admins:
• `/askaround channel on` (or `off`): listen for questions in this channel
• `/askaround channel everything`, `questions` or `called`: how much of it I hear
• `/askaround channel form Pallet request`: what that workflow posts here is a question
• `/askaround channel nameless on` (or `off`): one can ask here without a name
• `/askaround topic customs`: create, change or end a topic, and say who its experts are
• `/askaround topic rename customs to duty`, `merge customs into duty`, `delete customs`
• `/askaround digest monday 9:00` (or `preview`, `pause`, `resume`, `skip`): the week's help
• `/askaround digest sponsor`: when the sponsors of topics get theirs
• `/askaround kudos @person`: why their help counts
• `/askaround marks :done:`: emoji of your own that mark a solution, beside :white_check_mark:
• `/askaround leaderboard on` (or `off`): `/kudos top customs` shows who helped most
• `/askaround health`: how your community does (sponsors see their topics)
All of this has a window in App Home, under *Settings*."""


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
