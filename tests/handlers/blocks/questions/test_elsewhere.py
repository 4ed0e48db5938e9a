"""Which question a message of the channel answers."""

from bot.questions.elsewhere import MOST_SHOWN, Choice, Fitting
from handlers.blocks.questions.elsewhere import choice_message

MESSAGES = {
    "which question it answers": lambda text: choice_message(
        Choice("U1", "C1", "2.0", tuple(Fitting(each, text) for each in range(MOST_SHOWN)))
    ),
}
