"""How a community does, in words: the verdict, what was noticed, and what to do next."""

from datetime import datetime

from bot.community.verdict import (
    FEW_AND_STEADY,
    MOVED,
    PUSHED,
    SHRUNK,
    SILENT,
    STEADY,
    STRAINED,
    THINNING,
    THRIVING,
    TOO_FEW,
    TOO_YOUNG,
    Advice,
    Finding,
    Noticed,
    Verdict,
)

GREEN, YELLOW, RED, WHITE = (
    ":large_green_circle:",
    ":large_yellow_circle:",
    ":red_circle:",
    ":white_circle:",
)
LIGHTS = {
    THRIVING: GREEN,
    STEADY: GREEN,
    FEW_AND_STEADY: GREEN,
    STRAINED: YELLOW,
    THINNING: RED,
    SHRUNK: RED,
    SILENT: RED,
    MOVED: RED,
    PUSHED: RED,
    TOO_YOUNG: WHITE,
    TOO_FEW: WHITE,
}
# {since}: the day from which it is so.
VERDICTS = {
    THRIVING: "Thriving: people ask, and are answered fast.",
    STEADY: "Steady: people ask as they did before.",
    FEW_AND_STEADY: "Few ask here, and that is steady since {since}.",
    STRAINED: "Strained: people ask as they did, and fewer are answered since {since}.",
    THINNING: "Thinning: since {since}, clearly fewer people ask than before.",
    SHRUNK: "Shrunk: since {since}, less than half of its best year is left.",
    SILENT: "Silent: hardly anybody has asked since {since}.",
    MOVED: "Moved: those who asked here ask elsewhere since {since}.",
    PUSHED: "Pushed, not pulled: the working day does not lead people here.",
    TOO_YOUNG: "Too young to tell: after its first twelve weeks I can say more.",
    TOO_FEW: "Too few people to tell apart: what fewer than five people do is not shown.",
}
# The figures are those of the finding; `worded` makes shares and times words first.
REASONS = {
    Noticed.WELL_ANSWERED: "{share} of the questions were answered.",
    Noticed.BEGAN_LATELY: "It began less than twelve weeks ago.",
    Noticed.FEWER_ASK: (
        "In the last {window} weeks {recent} people asked in an average week, and {usual} in the "
        "time before. That is surely between {low} and {high} of what it was."
    ),
    Noticed.LESS_THAN_ITS_BEST: (
        "In the last year {recent} people asked in an average week, and {usual} in its best year."
    ),
    Noticed.HARDLY_ANYBODY_ASKS: "Its people stopped to ask, and I do not see them elsewhere.",
    Noticed.ASK_ELSEWHERE: (
        "{stopped} people who asked here lately ask here no more; {elsewhere} of them ask about "
        "other topics."
    ),
    Noticed.MUCH_TO_READ: "In eight weeks there was much to read, and hardly anybody asked.",
    Noticed.FEWER_ANSWERED: (
        "In the last half year {share} of the questions were answered, and {before} in its best "
        "year."
    ),
    Noticed.FEWER_THAN_BEFORE: "Clearly fewer people ask here than before.",
    Noticed.WARNING_IS_OVER: (
        "I warned you before. People ask again, so it got better, or the warning was wrong."
    ),
    Noticed.FEW_ASK: "Of {members} people in the help channels, {askers} asked something.",
    Noticed.WITHOUT_ANSWERS: "{share} of the questions got no answer.",
    Noticed.FEW_HELP: "Fewer than five people give all the help.",
    Noticed.FEW_CARRY_IT: "Three people carry {share} of the help.",
    Noticed.NEWCOMERS_LEFT_ALONE: (
        "{left} of {newcomers} newcomers got no answer to their first question."
    ),
    Noticed.SLOW_ANSWERS: "First answers take {first_answer}.",
    Noticed.MANY_HANDED_OFF: "{handed_off} of {asked} questions were handed off.",
    Noticed.FEW_MARKED: "{answered} questions were answered, and {solved} marked as solved.",
}
SLOWER = "First answers take {first_answer}, after {before} in the months before."
WELL_AND_FAST = "{share} of the questions were answered, half of these within {first_answer}."
ADVICE = {
    Advice.BE_WHERE_WORK_HAPPENS: (
        "Put the help channel where work happens: invite me to the channels in which people get "
        "stuck already, and make them help channels with `/askaround channel on`."
    ),
    Advice.ASK_WHO_LEFT: (
        "Ask some who no longer ask where they go instead, and what kept them waiting here."
    ),
    Advice.FOLLOW_THEM: (
        "See where they ask now, and name the experts there: a topic that is asked about nowhere "
        "can be merged with the other (admins: `/askaround topic` and its name)."
    ),
    Advice.ASK_WHAT_THEY_NEED: (
        "Ask some who used it in its best year what they would need today, and make the channels "
        "where that is said help channels."
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
SMALL = 10  # below, one decimal
REGIONS = {
    "America": "the Americas",
    "Pacific": "the Pacific",
    "Atlantic": "the Atlantic",
    "Indian": "the Indian Ocean",
}


def sentence_of(verdict: Verdict) -> str:
    since = in_a_month(verdict.since) if verdict.since else ""
    return VERDICTS[verdict.kind].format(since=since)


def light_of(verdict: Verdict) -> str:
    """A coloured circle, which the sentence says in words."""
    return LIGHTS[verdict.kind]


def in_a_month(at: datetime) -> str:
    return f"{at:%B %Y}"


def reasons_of(verdict: Verdict) -> list[str]:
    return [reason_of(each) for each in verdict.reasons]


def advice_of(verdict: Verdict) -> list[str]:
    return [advice_in(each) for each in verdict.advice]


def reason_of(finding: Finding) -> str:
    figures, noticed = finding.figures, finding.noticed
    if noticed == Noticed.SLOW_ANSWERS and figures.get("before") is not None:
        return SLOWER.format(**worded(finding) | {"before": in_time(figures["before"])})
    if noticed == Noticed.WELL_ANSWERED and figures["first_answer"] is not None:
        return WELL_AND_FAST.format(**worded(finding))
    return REASONS[noticed].format(**worded(finding))


def worded(finding: Finding) -> dict[str, object]:
    """The figures as they stand in a sentence."""
    words = dict(finding.figures)
    for name in ("share", "before", "low", "high"):
        if words.get(name) is not None:
            words[name] = percent(words[name])
    for name in ("recent", "usual"):
        if words.get(name) is not None:
            words[name] = on_average(words[name])
    if words.get("first_answer") is not None:
        words["first_answer"] = in_time(words["first_answer"])
    return words


def on_average(people: float) -> str:
    return str(round(people)) if people >= SMALL else f"{people:.1f}"


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
