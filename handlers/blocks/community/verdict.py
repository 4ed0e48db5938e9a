"""How a community does, in words: the verdict, what was noticed, and what to do next."""

from bot.community.verdict import (
    PUSHED,
    STEADY,
    THINNING,
    THRIVING,
    TOO_FEW,
    TOO_YOUNG,
    Advice,
    Finding,
    Noticed,
    Verdict,
)

VERDICTS = {
    THRIVING: "Thriving: people ask, and are answered fast.",
    STEADY: "Steady: it holds its own.",
    THINNING: "Thinning: it is losing people, answers or speed.",
    PUSHED: "Pushed, not pulled: the working day does not lead people here.",
    TOO_YOUNG: "Too young to tell: with about 20 questions in four weeks I can say more.",
    TOO_FEW: "Too few people to tell apart: what fewer than five people do is not shown.",
}
# The figures are those of the finding; `reason_of` makes shares and times words first.
REASONS = {
    Noticed.WELL_ANSWERED: "{share} of the questions were answered.",
    Noticed.FEW_QUESTIONS: "{asked} questions were asked in the last four weeks.",
    Noticed.NOBODY_ASKS: "Nobody asked anything for two weeks.",
    Noticed.FEW_ASK: "Of {members} people in the help channels, {askers} asked something.",
    Noticed.THE_SAME_ASK: "Three people ask {share} of the questions.",
    Noticed.WITHOUT_ANSWERS: "{share} of the questions got no answer.",
    Noticed.FEW_HELP: "Only {people} people give all the help.",
    Noticed.FEW_CARRY_IT: "Three people carry {share} of the help.",
    Noticed.NEWCOMERS_LEFT_ALONE: (
        "{left} of {newcomers} newcomers got no answer to their first question."
    ),
    Noticed.SLOW_ANSWERS: "First answers take {first_answer}.",
    Noticed.FEWER_QUESTIONS: "{asked} questions, where {usual} were usual in four weeks.",
    Noticed.FEWER_THAN_A_YEAR_AGO: (
        "{asked} questions, and {year_ago} in the same weeks a year ago."
    ),
    Noticed.FEWER_HELP: "{helping} people helped, where {usual} were usual.",
    Noticed.MANY_HANDED_OFF: "{handed_off} of {asked} questions were handed off.",
    Noticed.FEW_MARKED: "{answered} questions were answered, and {solved} marked as solved.",
}
# Where the months before were better.
REASONS_SINCE = {
    Noticed.WITHOUT_ANSWERS: (
        "{share} of the questions got no answer, after {before} in the months before."
    ),
    Noticed.SLOW_ANSWERS: "First answers take {first_answer}, after {before} in the months before.",
}
WELL_AND_FAST = "{share} of the questions were answered, half of these within {first_answer}."
ONE_HELPS = "One person gives all the help."
ADVICE = {
    Advice.BE_WHERE_WORK_HAPPENS: (
        "Put the help channel where work happens: invite me to the channels in which people get "
        "stuck already, and make them help channels with `/askaround channel on`."
    ),
    Advice.ASK_WHO_LEFT: (
        "Ask some who no longer ask where they go instead, and what kept them waiting here."
    ),
    Advice.SHOW_THE_OTHERS: (
        "Let the others see what it is good for: pin a solved question in the channels of the "
        "teams that do not ask yet."
    ),
    Advice.NAME_MORE_EXPERTS: (
        "Give the topics more experts (admins: `/askaround topic` and its name)."
    ),
    Advice.ASK_THREE_TO_JOIN: (
        "Ask three more to join: `/experts join` and the topic's name does it."
    ),
    Advice.SEE_TO_NEWCOMERS: (
        "Look in the weekly digest for the questions that wait, and see to those of newcomers "
        "first: without an answer they do not come back."
    ),
    Advice.ASK_MORE_SOONER: (
        "Let more people be asked sooner: give the topics shorter times to wait, or more experts "
        "(admins: `/askaround topic` and its name)."
    ),
    Advice.FIND_AN_EXPERT_ELSEWHERE: (
        "{at_night} of {slow} slow questions came while no expert was at work. An expert in "
        "another time zone would help."
    ),
    Advice.THANK_WHO_HELPS: (
        "Show those who help that it is seen: thank them with `/kudos`, and tell their managers."
    ),
    Advice.SEE_WHICH_TOPICS: (
        "See which topics they are about, and who could know (admins: `/askaround topic` and its "
        "name)."
    ),
    Advice.REMIND_TO_MARK: (
        "Remind people to put :white_check_mark: on the reply that worked: only what is solved is "
        "found again."
    ),
}
AN_EXPERT_THERE = (
    "{at_night} of {slow} slow questions came while no expert was at work, most from {region}. "
    "An expert there would help."
)
REGIONS = {
    "America": "the Americas",
    "Pacific": "the Pacific",
    "Atlantic": "the Atlantic",
    "Indian": "the Indian Ocean",
}


def sentence_of(verdict: Verdict) -> str:
    return VERDICTS[verdict.kind]


def reasons_of(verdict: Verdict) -> list[str]:
    return [reason_of(each) for each in verdict.reasons]


def advice_of(verdict: Verdict) -> list[str]:
    return [advice_in(each) for each in verdict.advice]


def reason_of(finding: Finding) -> str:
    figures = dict(finding.figures)
    in_words = percent if finding.noticed == Noticed.WITHOUT_ANSWERS else in_time
    if figures.get("before") is not None:
        return REASONS_SINCE[finding.noticed].format(
            **worded(finding) | {"before": in_words(figures["before"])}
        )
    if finding.noticed == Noticed.WELL_ANSWERED and figures["first_answer"] is not None:
        return WELL_AND_FAST.format(**worded(finding))
    if finding.noticed == Noticed.FEW_HELP and figures["people"] == 1:
        return ONE_HELPS
    return REASONS[finding.noticed].format(**worded(finding))


def worded(finding: Finding) -> dict[str, object]:
    """The figures as they stand in a sentence."""
    words = dict(finding.figures)
    if words.get("share") is not None:
        words["share"] = percent(words["share"])
    if words.get("first_answer") is not None:
        words["first_answer"] = in_time(words["first_answer"])
    return words


def advice_in(finding: Finding) -> str:
    if finding.advice is None:
        return ""
    region = finding.figures.get("region")
    if finding.advice == Advice.FIND_AN_EXPERT_ELSEWHERE and region:
        figures = dict(finding.figures) | {"region": REGIONS.get(region, region)}
        return AN_EXPERT_THERE.format(**figures)
    return ADVICE[finding.advice].format(**finding.figures)


def percent(share: float | None) -> str:
    return f"{round(100 * (share or 0.0))} %"


def in_time(seconds: float) -> str:
    """The seconds as people say them: 25 minutes, 9 hours, 3 days."""
    for size, unit, most in ((60, "minute", 60), (3600, "hour", 48)):
        number = max(1, round(seconds / size))
        if number < most:
            return f"{number} {unit}" if number == 1 else f"{number} {unit}s"
    return f"{round(seconds / 86400)} days"
