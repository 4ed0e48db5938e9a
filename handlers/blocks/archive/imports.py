"""What an import would bring, and what it brought: in the terminal, and in an admin's Home."""

from collections.abc import Iterator, Mapping, Sequence

from bot.archive import judging
from bot.archive.archives import SLACK_HISTORY, Place, Trouble
from bot.archive.imports import Report
from bot.archive.judging import Judged
from bot.archive.taking_in import Tally
from bot.text import plain, shorten
from handlers.blocks.text import (
    Block,
    actions,
    button,
    count,
    date,
    header,
    inline,
    plain_text,
    section,
)

OPEN, STOP, GO_ON, UNDO = "open_history", "stop_import", "go_on_import", "undo_import"
REPORTS_SHOWN = 3
HOW_SURE: Mapping[str, str] = {
    judging.SURE: "sure: the asker marked it, thanked for it, or said that it worked",
    judging.LIKELY: "likely: others marked it, or the asker's word was not the last",
    judging.UNSURE: "not sure: the last reply that answers, and nobody said whether it worked",
}
WHY: Mapping[str, str] = {
    judging.MARK: "marked by the asker",
    judging.OTHERS_MARK: "marked by others",
    judging.WORD: "the asker says so",
    judging.THANKS: "the asker thanked for it",
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
    judging.TOO_LONG: "longer than Slack shows at once",
}
TROUBLE: Mapping[str, str] = {
    "no_id": "a channel without an id",
    "no_ts": "a message without a time",
    "twice": "the same message again",
    "no_time": "a time that is none",
    "no_words": "no question or no answer in it",
    "no_front": "front matter that cannot be read",
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


# In App Home


def import_sections(is_admin: bool, reports: Sequence[Report]) -> list[Block]:
    if not is_admin:
        return []
    text = (
        "Years of answered questions are in your channels already. I can read them once, and "
        "`/find` has answers from the first day."
    )
    ask = button("Read what was asked before", OPEN)
    shown = [block for each in reports[:REPORTS_SHOWN] for block in report_blocks(each)]
    return [header("From before I was here"), section(text, accessory=ask), *shown]


def report_blocks(report: Report) -> list[Block]:
    presses = [] if report.is_being_undone else presses_of(report)
    return [
        section(f"*{title(report)}*\n{state(report)}"),
        *([actions(*presses)] if presses else []),
    ]


def title(report: Report) -> str:
    if report.source == SLACK_HISTORY and report.name == SLACK_HISTORY:
        return "The history of channels"
    return inline(report.name, 100)


def state(report: Report) -> str:
    tally = report.tally
    if report.is_being_undone:
        return "This is being taken out again."
    taken = sum(tally.taken.values())
    brought = (
        f"{count(taken, 'answered question')} from {count(tally.messages, 'message')}: "
        f"{tally.taken[judging.SURE]} sure, {tally.taken[judging.LIKELY]} likely, "
        f"{tally.taken[judging.UNSURE]} not sure"
    )
    if report.ended_at is not None:
        told = f"{brought}. Taken in {date(report.ended_at)}."
        if report.confirmed:
            told += f" {count(report.confirmed, 'answer')} confirmed since."
        return told
    if report.is_stopped:
        return f"{brought}. Stopped."
    return f"{brought}. {bar(report)}"


def bar(report: Report) -> str:
    """How far it is."""
    if not report.in_all:
        return "I am reading on."
    share = min(0.99, report.tally.messages / report.in_all)
    full = round(10 * share)
    return f"`{'█' * full}{'░' * (10 - full)}` {share:.0%} read."


def presses_of(report: Report) -> list[Block]:
    presses = []
    if report.ended_at is None and report.source == SLACK_HISTORY:
        stopped = button("Go on", GO_ON, report.import_id)
        presses.append(stopped if report.is_stopped else button("Stop", STOP, report.import_id))
    return [*presses, undo_button(report)]


def undo_button(report: Report) -> Block:
    asked = {
        "title": plain_text("Undo this import"),
        "text": plain_text(
            "All that it brought is taken out: nobody finds it any more. "
            "What people were thanked for since stays."
        ),
        "confirm": plain_text("Undo it"),
        "deny": plain_text("Keep it"),
        "style": "danger",
    }
    return {**button("Undo this import", UNDO, report.import_id), "confirm": asked}
