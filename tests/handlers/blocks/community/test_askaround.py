"""How much of a channel is heard."""

from bot.community.channels import Hearing
from bot.questions.verdicts import ASKING
from handlers.blocks.community.askaround import hearing_told


def hearing(text: str, **changes: bool) -> Hearing:
    values = {"is_help": True, "mode": ASKING, "is_learned": True, "forms": (text[:80],) * 3}
    return Hearing(text[:80], **{**values, **changes})


MESSAGES = {
    "what is heard": lambda text: hearing_told(hearing(text)),
    "what is heard elsewhere": lambda text: hearing_told(hearing(text, is_help=False)),
}
