"""Community: channels, Home, and how the community does."""
