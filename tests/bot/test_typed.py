import pytest

from bot.typed import as_typed, nearest, typed_key


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("join “customs”.", 'join "customs"'),
        ("topic:„a b“ «c»", 'topic:"a b" "c"'),
        ("Mon–Fri 9:00—17:30", "Mon-Fri 9:00-17:30"),
        ("away\u00a0until\u2009 friday …", "away until friday"),
        ("it’s\nfine!", "it's fine"),
        ("v1.2 -x", "v1.2 -x"),
    ],
)
def test_signs_of_phones_are_read_as_those_on_the_keys(written: str, plain: str):
    assert as_typed(written) == plain


@pytest.mark.parametrize("written", ["Import–Export", "import-export.", "“Import‑Export”"])
def test_a_name_is_the_same_however_it_is_typed(written: str):
    assert typed_key(written) == typed_key("Import-Export")


@pytest.mark.parametrize(
    ("written", "meant"),
    [("jion", "join"), ("Leve", "leave"), ("hour", "hours"), ("customs", None), ("", None)],
)
def test_the_nearest_word_is_named_or_none(written: str, meant: str | None):
    assert nearest(written, ("join", "leave", "away", "hours")) == meant
