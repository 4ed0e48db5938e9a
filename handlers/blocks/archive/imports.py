"""What an import would bring, and what it brought."""

from collections.abc import Iterator, Mapping, Sequence

from bot.archive import judging
from bot.archive.archives import Place, Trouble
from bot.archive.judging import Judged
from bot.archive.taking_in import Tally
from bot.text import plain, shorten

HOW_SURE: Mapping[str, str] = {
    judging.SURE: "sure: the asker marked it, or said that it worked",
    judging.LIKELY: "likely: others marked it, or the asker's word was not the last",
    judging.UNSURE: "not sure: the last reply that answers, and nobody said whether it worked",
}
WHY: Mapping[str, str] = {
    judging.MARK: "marked by the asker",
    judging.OTHERS_MARK: "marked by others",
    judging.WORD: "the asker says so",
    judging.LAST: "the last reply",
}
LEFT: Mapping[str, str] = {
    judging.NO_PERSON: "of an app, or a notice of Slack's",
    judging.NO_REPLY: "nobody else replied in a thread",
    judging.NO_QUESTION: "asks nothing",
    judging.NO_ANSWER: "the replies answer nothing",
    judging.NOT_SOLVED: "nothing that was said solved it",
    judging.STAYS_OUT: "of somebody who stays out",
    judging.KNOWN: "known already",
    judging.ERASED: "erased here",
    judging.TOO_OLD: "older than what is kept here",
}
TROUBLE: Mapping[str, str] = {
    "no_id": "a channel without an id",
    "no_ts": "a message without a time",
    "twice": "the same message again",
    "no_parent": "replies to a message that is not there",
}
SHOWN = 160  # characters of what somebody wrote


def lines_of_tally(tally: Tally) -> Iterator[str]:
    questions = sum(tally.taken.values())
    yield f"{tally.messages:,} messages in {tally.conversations:,} conversations"
    yield f"{questions:,} questions with {tally.answers:,} replies"
    for how_sure, words in HOW_SURE.items():
        if tally.taken[how_sure]:
            yield f"  {tally.taken[how_sure]:>9,}  {words}"
    yield f"{sum(tally.left.values()):,} conversations are left"
    for why, number in sorted(tally.left.items(), key=lambda each: -each[1]):
        yield f"  {number:>9,}  {LEFT.get(why, why)}"


def lines_of_places(places: Sequence[Place], by_place: Mapping[str, Tally]) -> Iterator[str]:
    yield "From where:"
    shown = sorted(places, key=lambda each: -sum(taken_from(each, by_place)))
    for place in shown:
        questions = sum(taken_from(place, by_place))
        if questions:
            who = " (private: only its members will find them)" if place.is_private else ""
            yield f"  {questions:>9,}  #{place.name}{who}"


def taken_from(place: Place, by_place: Mapping[str, Tally]) -> list[int]:
    tally = by_place.get(place.channel_id)
    return [*tally.taken.values()] if tally else [0]


def lines_of_examples(examples: Mapping[str, Sequence[Judged]]) -> Iterator[str]:
    for how_sure, words in HOW_SURE.items():
        shown = examples.get(how_sure, ())
        if shown:
            yield f"Examples, {words}:"
        for each in shown:
            yield f"  Q  {words_shown(each.posts[0].text)}"
            yield f"  A  {words_shown(each.posts[each.solution].text)} ({WHY[each.why]})"


def words_shown(text: str) -> str:
    return shorten(plain(text), SHOWN)


def lines_of_trouble(counted: Mapping[str, int], told: Sequence[Trouble]) -> Iterator[str]:
    for why, number in counted.items():
        yield f"{number:,} could not be read: {TROUBLE.get(why, why)}"
    for each in told:
        yield f"  {each.where}: {TROUBLE.get(each.why, each.why)}"
    if sum(counted.values()) > len(told):
        yield f"  and {sum(counted.values()) - len(told):,} more"
