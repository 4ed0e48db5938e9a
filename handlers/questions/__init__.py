"""Questions: heard, captured, answered, marked."""
