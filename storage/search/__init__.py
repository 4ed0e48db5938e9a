"""The index of solved questions, the same on SQLite and PostgreSQL.

It changes in the caller's transaction, and who may read what is part of the query, so
nothing is fetched that is not shown. No table of it keeps a word that no question has.

`words` takes text apart, `documents` puts questions in and takes them out, `vocabulary`
knows the terms, `planning` decides what to read for a search, `ranking` reads it."""

from storage.search.documents import Document, Words, put, remove
from storage.search.planning import Search
from storage.search.ranking import Hit, find

__all__ = ["Document", "Hit", "Search", "Words", "find", "put", "remove"]
