"""How assistants reach the bot, and how their people hear of what they want."""
