"""Reading what was asked before the bot came, and what people say of it."""
