"""What an operator does beside running the bot, and what they watch it by."""
