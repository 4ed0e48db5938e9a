"""What was taken in from before the bot was there."""
