"""Privacy: what is kept of people, who changed what, and asking without a name."""
