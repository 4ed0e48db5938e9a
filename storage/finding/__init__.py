"""Finding: search, reuse, and whether answers stay true."""
