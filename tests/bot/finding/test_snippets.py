from bot.finding.snippets import snippet


def shown(text: str, searched: str, most: int = 350) -> str:
    """The snippet with what is marked in brackets."""
    return "".join(
        f"[{piece}]" if marked else piece for piece, marked in snippet(text, searched, most)
    )


def test_what_was_searched_for_is_marked_in_any_form_of_the_word():
    text = "Open the invoices, then E-4711 and node.js."

    assert shown(text, "invoice e4711 node") == "Open the [invoices], then [E-4711] and [node.js]."


def test_words_that_are_everywhere_are_no_reason():
    assert shown("How do I do it?", "how do i fix it") == "How do I do it?"
    assert shown("How so?", "how") == "[How] so?"


def test_accents_and_scripts_without_spaces():
    assert shown("Der Zähler zählt.", "zahler") == "Der [Zähler] zählt."
    assert shown("请打开报关单。", "报关") == "[请打开报关单]。"


def test_a_long_text_is_shown_from_where_the_words_are():
    text = "one two three four " * 40 + "the tender window is closed " + "five six " * 40

    found = shown(text, "tender", 120)

    assert found.startswith("… ") and found.endswith(" …")
    assert "the [tender] window is closed" in found
    assert len(found) < 130


def test_a_long_text_without_the_words_is_shown_from_its_start():
    assert shown("abc " * 200, "tender", 20).startswith("abc abc abc")


def test_formatting_and_markup_are_words():
    assert shown("*Press* <@U1> `Amend` &amp; go", "amend") == "Press @somebody [Amend] & go"


def test_nothing_is_nothing():
    assert snippet("", "tender", 20) == ()
