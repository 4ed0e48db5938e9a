"""What solved a question of an archive, and how sure that is."""

import pytest

from bot.archive.judging import (
    LAST,
    LIKELY,
    MARK,
    NO_ANSWER,
    NO_QUESTION,
    NO_REPLY,
    NOT_SOLVED,
    OTHERS_MARK,
    SURE,
    THANKS,
    UNSURE,
    WORD,
)
from tests.bot.archive.conftest import judged

ASK = "ana: How do I correct the tariff code of a rejected form?"
HOW = "ben: Open it, press Amend and enter the new code."
OTHER = "eva: You can also call customs in Basel, they do it for you."


def test_the_askers_mark_is_sure_whatever_else_was_said():
    found = judged(ASK, HOW, OTHER, "ana: thanks Eva!", marks={1: ("ana", "pia")})

    assert (found.solution, found.how_sure, found.why) == (1, SURE, MARK)


@pytest.mark.parametrize(
    ("lines", "solution", "how_sure", "why"),
    [
        ((ASK, HOW, "ana: Thanks, that worked!"), 1, SURE, WORD),
        ((ASK, HOW, OTHER, "ana: <@ben> that did it, thank you"), 1, SURE, WORD),
        ((ASK, HOW, OTHER), 2, UNSURE, LAST),
        ((ASK, HOW, "ana: still not working", OTHER), 3, UNSURE, LAST),
    ],
)
def test_without_a_mark_the_askers_word_counts_and_then_the_last_reply(
    lines: tuple[str, ...], solution: int, how_sure: str, why: str
):
    found = judged(*lines)

    assert (found.solution, found.how_sure, found.why) == (solution, how_sure, why)


def test_a_word_that_was_taken_back_is_none():
    found = judged(ASK, HOW, "ana: Thanks, that worked!", "ana: no, it broke again")

    assert found.left == NOT_SOLVED


def test_marks_of_others_are_likely_and_of_the_author_alone_are_none():
    by_others = judged(ASK, HOW, OTHER, marks={1: ("pia", "eva")})
    by_author = judged(ASK, HOW, OTHER, marks={1: ("ben",)})

    assert (by_others.solution, by_others.how_sure, by_others.why) == (1, LIKELY, OTHERS_MARK)
    assert (by_author.solution, by_author.how_sure) == (2, UNSURE)


@pytest.mark.parametrize(
    ("lines", "left"),
    [
        ((ASK,), NO_REPLY),
        ((ASK, "ana: anybody?"), NO_REPLY),
        (("ana: The canteen is closed today.", "ben: Oh no, again."), NO_QUESTION),
        ((ASK, "ben: same here"), NO_ANSWER),
        ((ASK, "ben: Which form is it?"), NOT_SOLVED),
        ((ASK, HOW, "ana: that does not work, still the same error"), NOT_SOLVED),
    ],
)
def test_what_has_no_question_or_no_answer_is_left(lines: tuple[str, ...], left: str):
    assert judged(*lines).left == left


def test_thanks_as_the_askers_last_word_are_enough_unless_they_ask_on_or_try_later():
    thanked = judged(ASK, HOW, "ana: Thanks Ben. The form of last month looked quite different.")
    asks_on = judged(ASK, HOW, "ana: Thanks. But where does Amend stand?")

    assert (thanked.solution, thanked.how_sure, thanked.why) == (1, SURE, THANKS)
    assert asks_on.how_sure == UNSURE
