"""What somebody reads whose calendar cannot be read."""

from handlers.blocks.experts.calendars import WHY, failed

MESSAGES = {f"calendar, {why}": lambda _, why=why: failed(why) for why in WHY}
