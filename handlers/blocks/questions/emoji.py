"""What an admin reads of the emoji that mark a solution."""

from collections.abc import Sequence

from handlers.blocks.text import listed


def marking_emoji(names: Sequence[str]) -> str:
    shown = listed([f":{name}:" for name in names])
    return (
        f"These mark what solved a question: {shown}. "
        "`/askaround marks :done: :100:` names your own beside ✅, `/askaround marks default` none."
    )
