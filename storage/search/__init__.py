"""The index of solved questions, the same on SQLite and PostgreSQL.

It changes in the caller's transaction, and who may read what is part of the query, so
nothing is fetched that is not shown. No table of it keeps a word that no question has.

`words` takes text apart, `languages` knows the forms of its words, `documents` puts questions
in and takes them out, `vocabulary` knows the terms, `planning` decides what to read for a search,
`ranking` reads it, `highlighting` shows in a text why it was found. `meaning` compares what texts
mean, where that is installed; `finding` brings the two together. `likeness` compares texts that
are in no index."""

from storage.search.documents import (
    Document,
    Fields,
    Words,
    count_missing,
    forget_analysis,
    list_missing,
    put,
    put_new,
    remove,
    terms_of_fields,
)
from storage.search.finding import find
from storage.search.highlighting import list_matches
from storage.search.likeness import asks_alike, likeness
from storage.search.meaning import count_unembedded, list_unembedded, save_vectors
from storage.search.planning import Search
from storage.search.ranking import Hit
from storage.search.vocabulary import forget_all_unused, has_any

__all__ = [
    "Document",
    "Fields",
    "Hit",
    "Search",
    "Words",
    "asks_alike",
    "count_missing",
    "count_unembedded",
    "find",
    "forget_all_unused",
    "forget_analysis",
    "has_any",
    "likeness",
    "list_matches",
    "list_missing",
    "list_unembedded",
    "put",
    "put_new",
    "remove",
    "save_vectors",
    "terms_of_fields",
]
