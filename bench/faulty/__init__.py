"""Random histories against real bots while everything fails, and a checker with its own model:
what `make faults` runs."""
