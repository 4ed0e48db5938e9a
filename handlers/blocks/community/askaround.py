"""What `/askaround` answers."""

from handlers.blocks.text import escape

HELP = """*Askaround* brings questions to the people who know, and keeps what solved them.
• Ask in a help channel, or with `/ask` from anywhere.
• Put :white_check_mark: on the reply that worked. `/find` searches what was solved.
• `/experts` shows who helps with what; `/experts join` and a topic to help yourself.
• `/experts away until friday`, `back`, `hours mon-fri 9-17` and `limit 3` say when you are asked.
• `/kudos` shows what your help did; `/kudos @person and what for` thanks them.
• `/kudos export 2026` sends you what your help did, for a review or a CV.
• `/kudos private on`: no digest names you; `/kudos digests off`: you get none.
For admins:
• `/askaround channel on` (or `off`): listen for questions in this channel
• `/askaround topic customs`: create or change a topic and its experts
• `/askaround digest monday 9:00` (or `preview`, `pause`, `resume`, `skip`): the week's help
• `/askaround digest sponsor`: when the sponsors of topics get theirs
• `/askaround kudos @person`: why their help counts
• `/askaround marks :done:`: emoji of your own that mark a solution, beside :white_check_mark:
• `/askaround leaderboard on` (or `off`): `/kudos top customs` shows who helped most
• `/askaround health`: how your community does (sponsors see their topics)"""


def switched(channel: str, is_help: bool) -> str:
    name = escape(channel)
    if not is_help:
        return f"Done. I no longer listen for questions in #{name}."
    return (
        f"#{name} is a help channel now: whoever asks here is heard. "
        "Next, say who helps: `/askaround topic` and its name."
    )
