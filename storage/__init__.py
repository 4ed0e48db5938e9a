"""What Askaround remembers. SQLAlchemy only: no Slack, no clock, no rules."""
