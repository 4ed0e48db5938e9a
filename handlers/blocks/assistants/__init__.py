"""What people read of what assistants want, and what assistants are told."""
