"""What Askaround decides. No Slack, no clock, no environment."""
