"""Who helped most in a topic in a month."""

from bot.recognition.leaderboard import HELPERS_AT_LEAST, Leaderboard, Place
from handlers.blocks.text import Block, count, escape, mention, section, sentence

SWITCHED = {
    "on": (
        "Done. `/kudos top` and a topic shows who helped most this month; "
        "`/kudos top customs last month` the month before. Who said `/kudos private on` is not "
        "in it. `/askaround leaderboard off` ends it."
    ),
    "off": "Done. There is no leaderboard.",
}


def leaderboard_page(board: Leaderboard) -> Block:
    topic, month = escape(board.topic), f"{board.month:%B %Y}"
    if not board.has_enough:
        return sentence(
            f"In {month}, fewer than {HELPERS_AT_LEAST} people helped on *{topic}*. "
            "I name nobody then: it would be about persons, not about help."
        )
    if not board.places:
        return sentence(f"Nobody who helped on *{topic}* in {month} is to be named.")
    lines = [place_line(each) for each in board.places]
    title = f"Who helped on *{topic}* in {month}"
    text = "\n".join([f"{title}:", *lines])
    return {"text": text, "blocks": [section(f"{title}\n" + "\n".join(lines))]}


def place_line(place: Place) -> str:
    helped = [
        *([f"solved {count(place.solved, 'question')}"] if place.solved else []),
        *(
            [f"helped {count(place.helped_too, 'other person', 'other people')}"]
            if place.helped_too
            else []
        ),
    ]
    return f"{place.number}. {mention(place.user_id)} {' and '.join(helped)}"
