"""Saving and finding what assistants drafted."""
