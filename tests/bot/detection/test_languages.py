import re

import pytest

from bot.detection.languages import FILES, languages, languages_of, lines_of, sections_of
from bot.detection.words import pieces_of

TABLES = ("asking", "not_asking", "afterwards", "replies")
ON_TOP = {"name", "script", "common", "hollow", "lead_ins", "slips", "spelling", "words", *TABLES}
CODES = sorted(languages())
ENGLISH = languages()["en"]


def lists(code: str) -> dict[str, list[str]]:
    return sections_of(languages()[code].rules, *TABLES)


def test_the_languages_that_people_work_in_are_there():
    assert {"en", "de", "fr", "es", "pt", "it", "nl", "pl", "ja", "zh", "ko"} <= set(CODES)


@pytest.mark.parametrize("code", CODES)
def test_a_file_has_only_lists_that_english_has_and_that_the_readme_explains(code):
    explained = set(re.findall(r"`(\w+)`", (FILES / "README.md").read_text("utf-8")))

    assert set(languages()[code].rules) <= ON_TOP
    assert set(lists(code)) <= set(lists("en"))
    assert set(lists(code)) <= explained


@pytest.mark.parametrize("code", CODES)
def test_every_phrase_can_be_read(code):
    language = languages()[code]

    assert language.phrases.literals
    assert language.phrases_afterwards.literals
    assert language.lead_ins.literals


@pytest.mark.parametrize("code", CODES)
def test_a_greeting_alone_says_nothing_and_the_language_has_words_to_be_told_by(code):
    language = languages()[code]

    assert language.hollow or len(lists(code)["request"]) < 3
    assert language.script != "latin" or len(language.common) > 20


@pytest.mark.parametrize("code", [code for code in CODES if code != "en"])
def test_no_line_is_a_long_row_of_bars_with_a_space_in_it(code):
    """Without brackets a bar joins single words, which is hardly what such a line means."""
    phrases = [line for lines in lists(code).values() for line in lines]
    phrases += [
        line
        for text in languages()[code].rules.get("words", {}).values()
        for line in lines_of(text)
    ]

    rows = [line for line in phrases if not set("()[]") & set(line) and line.count("|") > 3]

    assert [line for line in rows if " " in line.strip("!^$?:* ")] == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("where do we keep the spare keys", "en"),
        ("wo sind denn die Schlüssel", "de"),
        ("où est la clé du camion", "fr"),
        ("dónde está la llave", "es"),
        ("dove sono le chiavi del furgone", "it"),
        ("onde está a chave do carro", "pt"),
        ("waar is de sleutel van het lab", "nl"),
        ("gdzie jest klucz do szafy", "pl"),
        ("鍵はどこですか", "ja"),
        ("钥匙在哪里", "zh"),
        ("열쇠가 어디 있나요", "ko"),
        ("где ключ от шкафа", "ru"),
        ("أين المفتاح", "ar"),
        ("Meridian 7000", "en"),
    ],
)
def test_the_language_of_a_message_is_told(text, code):
    assert code in {language.code for language in languages_of(pieces_of(text), text)}


def test_chat_spelling_and_slips_stand_for_the_words_meant():
    assert ENGLISH.words_of(pieces_of("can sm1 pls hlep")) == ["can", "someone", "please", "help"]
    assert ENGLISH.words_of(pieces_of("I can't")) == ["i", "can", "not"]


def test_no_word_is_a_slip_of_another():
    assert not set(ENGLISH.slips) & (ENGLISH.phrases.literals | ENGLISH.common)
