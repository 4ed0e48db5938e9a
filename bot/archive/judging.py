"""What a conversation of an archive is: a question with what solved it and how sure that is, or
nothing for us, and why not.

Three things tell what solved a question, the surest first: its asker's ✅, or the source's own
mark; the asker's word that it works, which points at the last reply before it; and where nothing
was said, the last reply that answers. The rules that hear people live (`bot/detection`) read what
was said here too."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.archive.archives import Conversation, Post
from bot.detection import (
    Afterwards,
    Asks,
    Reply,
    asks,
    asks_back,
    has_words,
    said_by_another,
    said_by_asker,
)
from bot.detection.reading import read

# How sure it is that an answer solved it.
SURE, LIKELY, UNSURE = "sure", "likely", "unsure"
# Why.
MARK, OTHERS_MARK, WORD, THANKS, LAST = "mark", "others", "word", "thanks", "last"
# Why a conversation is left.
NO_PERSON, NO_REPLY, NO_QUESTION, NO_ANSWER = "no_person", "no_reply", "no_question", "no_answer"
NOT_SOLVED, STAYS_OUT, KNOWN, ERASED, TOO_OLD = "open", "stays_out", "known", "erased", "too_old"
TOO_LONG = "too_long"  # of Slack's history: more than it shows at once
LEFT = (NO_PERSON, NO_REPLY, NO_QUESTION, NO_ANSWER, NOT_SOLVED)

# Characters read of a question, and of what is said afterwards: what it asks or says stands in its
# beginning. A reply that is longer than those who only nod ever write tells something.
READ_ASKED, READ_SAID, LONG = 1_500, 500, 160

# Outcomes of what the asker said that take back a word before it.
DENIALS = (Afterwards.PARTLY_OR_NO, Afterwards.BROKE_AGAIN)


@dataclass(frozen=True)
class Judged:
    """What a conversation is. `left`: why it is not taken in; empty where it is."""

    posts: tuple[Post, ...]
    kinds: tuple[Reply | None, ...] = ()  # of each post; None: the question's, or its asker's
    link: str = ""
    left: str = ""
    solution: int = 0  # which of the posts
    how_sure: str = ""
    why: str = ""
    accepted_by: str = ""
    accepted_ts: str = ""

    @property
    def asker_id(self) -> str:
        return self.posts[0].author_id


def judge(conversation: Conversation, is_person: Callable[[str], bool]) -> Judged:
    """`is_person`: whether an author is none of the apps."""
    first, *rest = conversation.posts
    if first.is_by_app or not is_person(first.author_id):
        return left(conversation, NO_PERSON)
    replies = [post for post in rest if not post.is_by_app and is_person(post.author_id)]
    if all(post.author_id == first.author_id for post in replies):
        return left(conversation, NO_REPLY)
    if not conversation.is_question and not may_ask(first):
        return left(conversation, NO_QUESTION)
    kept = (first, *replies)
    kinds = tuple(
        Reply.ANSWER_OR_QUESTION_BACK if post.is_accepted else kind_of(post, first.author_id)
        for post in kept
    )
    if Reply.ANSWER_OR_QUESTION_BACK not in kinds:
        return left(conversation, NO_ANSWER)
    found = solution_of(kept, kinds)
    if found is None:
        return left(conversation, NOT_SOLVED)
    at, how_sure, why, accepted_by, accepted_ts = found
    return Judged(
        posts=kept,
        kinds=kinds,
        link=conversation.link,
        solution=at,
        how_sure=how_sure,
        why=why,
        accepted_by=accepted_by,
        accepted_ts=accepted_ts,
    )


def may_ask(post: Post) -> bool:
    return asks(post.text[:READ_ASKED]) in (Asks.CERTAINLY, Asks.UNSURE)


def left(conversation: Conversation, why: str) -> Judged:
    return Judged(posts=conversation.posts[:1], left=why)


def kind_of(post: Post, asker_id: str) -> Reply | None:
    if post.author_id == asker_id:
        return None
    if len(post.text) > LONG or (post.files and not has_words(post.text)):
        return Reply.ANSWER_OR_QUESTION_BACK
    return said_by_another(post.text)


Found = tuple[int, str, str, str, str]  # which post, how sure, why, by whom, and its ts


def solution_of(posts: Sequence[Post], kinds: Sequence[Reply | None]) -> Found | None:
    """None where the asker says that nothing did it."""
    asker_id = posts[0].author_id
    marked = by_mark(posts, asker_id)
    if marked is not None:
        return marked
    first = kinds.index(Reply.ANSWER_OR_QUESTION_BACK)
    said = [
        (at, said_by_asker(post.text[:READ_SAID]))
        for at, post in enumerate(posts)
        if at > first and post.author_id == asker_id
    ]
    worded = by_word(posts, kinds, said) or by_thanks(posts, kinds)
    if worded is not None:
        return worded
    by_others = by_others_mark(posts, asker_id)
    if by_others is not None:
        return by_others
    if is_denied(posts, kinds, said):
        return None
    return by_place(posts, kinds)


def by_mark(posts: Sequence[Post], asker_id: str) -> Found | None:
    """The first reply with the asker's ✅, or that the source calls the solution."""
    for at, post in enumerate(posts[1:], 1):
        if asker_id in post.marked_by or post.is_accepted:
            return at, SURE, MARK, asker_id, post.ts
    return None


def by_others_mark(posts: Sequence[Post], asker_id: str) -> Found | None:
    """The reply that most others put ✅ on: not its author, whose word on their own is weak."""
    marks = {
        at: [each for each in post.marked_by if each != post.author_id]
        for at, post in enumerate(posts)
        if at > 0 and post.author_id != asker_id
    }
    best = max(marks, key=lambda at: len(marks[at]), default=None)
    if best is None or not marks[best]:
        return None
    return best, LIKELY, OTHERS_MARK, marks[best][0], posts[best].ts


def by_word(
    posts: Sequence[Post],
    kinds: Sequence[Reply | None],
    said: Sequence[tuple[int, Afterwards]],
) -> Found | None:
    """The asker's last word that it works, unless they took it back: it is about the last reply
    before it that answers, of who is named in it where somebody is."""
    works = [at for at, what in said if what is Afterwards.WORKS]
    if not works:
        return None
    at = works[-1]
    answer = answer_before(posts, kinds, at)
    if answer is None:
        return None
    later = [what for after, what in said if after > at]
    if any(what in DENIALS for what in later):
        return None
    is_open = wants_to_know(posts[answer])
    sure = LIKELY if is_open or goes_on(posts, kinds, at) else SURE
    return answer, sure, WORD, posts[0].author_id, posts[at].ts


def by_thanks(posts: Sequence[Post], kinds: Sequence[Reply | None]) -> Found | None:
    """The asker's last word is thanks, wants to know nothing more, and does not say that it is for
    later or fails."""
    at = max(each for each, post in enumerate(posts) if post.author_id == posts[0].author_id)
    if at == 0:
        return None
    message = read(posts[at].text[:READ_SAID], afterwards=True)
    is_open = message.says("still_stuck", "broke_again", "later", "failing", "sarcasm", "over")
    asks_on = any(each.is_asked or each.says("question", "request") for each in message.sentences)
    answer = answer_before(posts, kinds, at)
    if answer is None or is_open or asks_on or not message.says("thanks", "thanked"):
        return None
    sure = LIKELY if wants_to_know(posts[answer]) else SURE
    return answer, sure, THANKS, posts[0].author_id, posts[at].ts


def answer_before(posts: Sequence[Post], kinds: Sequence[Reply | None], at: int) -> int | None:
    """The reply that the asker's word at that place is about: the last one that tells something,
    rather than asks back; of whom they name, where they name one who answered."""
    answers = [each for each in range(1, at) if kinds[each] is Reply.ANSWER_OR_QUESTION_BACK]
    named = [each for each in answers if f"<@{posts[each].author_id}" in posts[at].text]
    chosen = named or answers
    return last_telling(posts, chosen) or (chosen[-1] if chosen else None)


def last_telling(posts: Sequence[Post], answers: Sequence[int]) -> int | None:
    """The last of these that tells something, rather than asks back."""
    return next((at for at in reversed(answers) if not wants_to_know(posts[at])), None)


def wants_to_know(post: Post) -> bool:
    return asks_back(post.text[:READ_SAID])


def goes_on(posts: Sequence[Post], kinds: Sequence[Reply | None], at: int) -> bool:
    """Whether its asker wanted to know more after their word, and was answered."""
    asker_id = posts[0].author_id
    after = range(at + 1, len(posts))
    asks_on = any(
        posts[each].author_id == asker_id and wants_to_know(posts[each]) for each in after
    )
    return asks_on and any(kinds[each] is Reply.ANSWER_OR_QUESTION_BACK for each in after)


def is_denied(
    posts: Sequence[Post],
    kinds: Sequence[Reply | None],
    said: Sequence[tuple[int, Afterwards]],
) -> bool:
    """Whether the last that the asker said is that it does not work, with no answer after it."""
    denials = [at for at, what in said if what in DENIALS]
    if not denials:
        return False
    after = range(denials[-1] + 1, len(posts))
    return not any(kinds[each] is Reply.ANSWER_OR_QUESTION_BACK for each in after)


def by_place(posts: Sequence[Post], kinds: Sequence[Reply | None]) -> Found | None:
    """The last reply that tells something; by nobody's word."""
    answers = [at for at, kind in enumerate(kinds) if kind is Reply.ANSWER_OR_QUESTION_BACK]
    at = last_telling(posts, answers)
    if at is None:
        return None
    return at, UNSURE, LAST, posts[at].author_id, posts[at].ts
