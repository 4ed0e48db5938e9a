"""What people mean by what they write: rules in `languages/`, no model.

`asks` (or `asks_something`) for a message in a help channel; `said_by_asker` (or `says_it_works`)
for what an asker writes afterwards; `said_by_another` for what others reply; `is_thin` for a
question that says too little to be answered.
"""

from bot.detection.afterwards import (
    Afterwards,
    Reply,
    asks_back,
    has_words,
    said_by_another,
    said_by_asker,
    says_it_works,
    takes_back,
)
from bot.detection.apart import is_of_its_own
from bot.detection.asking import (
    Asks,
    asks,
    asks_beside_file,
    asks_something,
    is_chatter,
    why_it_asks,
)
from bot.detection.prose import LOOK_AT_CHARACTERS
from bot.detection.thin import is_thin

__all__ = [
    "LOOK_AT_CHARACTERS",
    "Afterwards",
    "Asks",
    "Reply",
    "asks",
    "asks_back",
    "asks_beside_file",
    "asks_something",
    "has_words",
    "is_chatter",
    "is_of_its_own",
    "is_thin",
    "said_by_another",
    "said_by_asker",
    "says_it_works",
    "takes_back",
    "why_it_asks",
]
