"""What an expert reads who passes."""

from handlers.blocks.experts.claims import passed

MESSAGES = {"passed": lambda text: passed(7, text[:60])}
