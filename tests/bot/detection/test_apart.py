"""Two questions in a row: what is surely another one, and what joins."""

import pytest

from bot.detection import is_of_its_own

KEY = "Where is the spare key for gate 4?"
FORM = "How do I correct the tariff code of a rejected form?"


@pytest.mark.parametrize(
    ("before", "text"),
    [
        (KEY, "How do I claim mileage for last month?"),
        ("Which customs code is right for rubber seals?", "Please reset my MFA"),
        ("Meridian is down in Rotterdam", "Does anyone know the canteen opening hours?"),
        ("How do I export the manifest?", "Can somebody give me access to the EDI monitor?"),
        ("Wo liegt der Schlüssel für Tor 4?", "Wie rechne ich Reisekosten vom letzten Monat ab?"),
        ("Où est la clé du portail 4 ?", "Comment déclarer mes frais kilométriques ?"),
        ("¿Dónde está la llave de la puerta 4?", "¿Cómo pido vacaciones en el portal?"),
        ("Dove trovo la chiave del cancello 4?", "Come chiedo il rimborso chilometrico?"),
        ("Waar ligt de sleutel van poort 4?", "Hoe declareer ik mijn kilometers?"),
        ("倉庫の鍵はどこですか", "交通費の精算方法を教えてください"),
        ("退货单要盖章吗", "请问年假怎么申请?"),
    ],
)
def test_a_full_question_about_something_else_is_another(before: str, text: str):
    assert is_of_its_own(text, before)


@pytest.mark.parametrize(
    ("before", "text"),
    [
        (KEY, "Or for gate 5?"),
        (KEY, "Is it in the office?"),
        (FORM, "It says access denied, what does that mean?"),
        (FORM, "I tried Amend, should I press Reset instead?"),
        ("How do I print a label?", "The label printer says E14, how do I clear that?"),
        ("How do I export the manifest?", "Which export format do the brokers want?"),
        ("Wie buche ich die Rechnung?", "Welche Buchungen brauche ich dafür?"),
        ("倉庫の鍵はどこですか", "その鍵は誰が持っていますか"),
    ],
)
def test_what_points_back_or_shares_a_word_joins(before: str, text: str):
    assert not is_of_its_own(text, before)


@pytest.mark.parametrize(
    "text",
    ["Thanks!", "Anyone?", "Does anyone know?", "Please help, it's urgent", "what should I do?"],
)
def test_what_says_nothing_new_joins(text: str):
    assert not is_of_its_own(text, FORM)
