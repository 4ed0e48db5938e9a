from datetime import UTC, datetime

import pytest

from bot.statuses import NO_END, WORDS, is_away, listed, out_until


@pytest.mark.parametrize(
    ("text", "emoji"),
    [
        ("Vacationing", ":palm_tree:"),  # as Slack offers it, in some of its languages
        ("Out sick", ":face_with_thermometer:"),
        ("Im Urlaub", ""),
        ("Krankgeschrieben", ""),
        ("En vacances", ""),
        ("De vacaciones", ""),
        ("In ferie fino al 7/1", ""),
        ("De férias", ""),
        ("Op vakantie", ""),
        ("休暇中", ""),
        ("在休假", ""),
        ("휴가 중", ""),
        ("в отпуске до 12 января", ""),
        ("OOO until Monday", ""),
        ("Out of office", ":airplane:"),
        ("On vacation, back in the office on 7 Jan", ""),
        ("on PTO", ""),
        ("Not working today", ""),
        ("", ":palm_tree:"),
        ("", "palm_tree::skin-tone-2"),
    ],
)
def test_a_status_that_says_away(text: str, emoji: str):
    assert is_away(text, emoji)


@pytest.mark.parametrize(
    ("text", "emoji"),
    [
        ("", ""),
        ("In a meeting", ":spiral_calendar_pad:"),
        ("Working remotely", ":house_with_garden:"),
        ("Commuting", ":bus:"),
        ("Back from vacation", ":palm_tree:"),
        ("Planning holidays", ""),
        ("3 days until my vacation", ":palm_tree:"),
        ("Zurück aus dem Urlaub", ":palm_tree:"),
        ("Working from the beach", ":palm_tree:"),
        ("Happy holidays to all", ":christmas_tree:"),
        ("Sick of spreadsheets", ""),
        ("Focus time", ":headphones:"),
    ],
)
def test_a_status_that_does_not(text: str, emoji: str):
    assert not is_away(text, emoji)


@pytest.mark.parametrize("language", WORDS)
def test_each_language_has_words_in_lower_case(language: str):
    words = listed(WORDS[language])

    assert len(words) >= 4 and len(words) == len(set(words))
    assert all(each == each.casefold() and is_away(each, "") for each in words)


def test_it_ends_when_it_says_and_one_without_an_end_when_it_changes():
    until = datetime(2027, 1, 7, tzinfo=UTC)

    assert out_until("Vacationing", "", int(until.timestamp())) == until
    assert out_until("Vacationing", "", 0) == NO_END
    assert out_until("Vacationing", "", 10**15) == NO_END
    assert out_until("In a meeting", "", 0) is None
