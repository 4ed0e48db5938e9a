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
HOW_TO_CHANGE = "Change it with `/askaround channel everything`, `questions` or `called`."


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
