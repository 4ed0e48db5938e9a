"""All that can be found out of a conversation without the database: what it is, and the terms
under which it will be found. It takes most of an import's time, so other processes do it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from bot.archive.archives import Conversation
from bot.archive.judging import STAYS_OUT, Judged, judge, left
from bot.index import THREAD_CHARACTERS
from bot.text import clip, headline, plain
from storage.search import Fields, Words, terms_of_fields


class Who(NamedTuple):
    """Whose words count: nothing of who stays out, and apps say nothing."""

    apps: frozenset[str] = frozenset()
    outside: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Prepared:
    judged: Judged
    fields: Fields = ()


def prepare_all(conversations: Sequence[Conversation], who: Who) -> list[Prepared]:
    return [prepare(each, who) for each in conversations]


def prepare(conversation: Conversation, who: Who) -> Prepared:
    if conversation.posts[0].author_id in who.outside:
        return Prepared(left(conversation, STAYS_OUT))
    if who.outside:
        kept = tuple(each for each in conversation.posts if each.author_id not in who.outside)
        conversation = conversation._replace(posts=kept)
    judged = judge(conversation, lambda author_id: author_id not in who.apps)
    return Prepared(judged, () if judged.left else terms_of_fields(words_of(judged)))


def words_of(judged: Judged) -> Words:
    """As `bot/index.py` has it of a question that was asked here."""
    first, *rest = judged.posts
    asked = plain(first.text)
    head = headline(asked)
    others = [each.text for at, each in enumerate(rest, 1) if at != judged.solution]
    return Words(
        headline=head,
        question=asked.replace(head, "\n", 1),
        solution=plain(judged.posts[judged.solution].text),
        thread=clip("\n".join(map(plain, others)), THREAD_CHARACTERS),
    )
