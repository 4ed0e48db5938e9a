"""What people see of what was asked before the bot came."""
