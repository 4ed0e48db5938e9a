"""Block Kit: pure functions, plain data in, dict out."""
