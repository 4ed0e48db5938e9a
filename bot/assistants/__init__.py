"""What assistants do for people: programs that ask and find for them, by MCP."""
