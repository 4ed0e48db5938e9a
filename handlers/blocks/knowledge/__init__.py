"""Knowledge that leaves: exports, the site; and what is searched and not found."""
