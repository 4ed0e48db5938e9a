"""What was asked and answered before the bot came: archives, and Slack's own history."""
