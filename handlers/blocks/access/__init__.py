"""Reaching in from outside Slack: tokens, the API, and what others are told of."""
