"""Forms of a word, in the languages people work in."""

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from storage import search
from storage.search.languages import COMMON_WORDS, MARKERS, STEMMERS, language_of
from storage.search.tables import SearchTerm
from storage.search.words import terms_of, terms_of_word, words_of
from tests.storage.conftest import add_solved, find

FORMS = [
    ("da", "Hvorfor er mine pakker ikke kommet?", "pakkerne"),
    ("de", "Wo finde ich die Buchung des Kunden?", "Buchungen"),
    ("de", "Wie mache ich die Änderung rückgängig?", "Aenderungen"),
    ("en", "Where are the forms that were rejected?", "rejecting"),
    ("es", "¿Por qué no puedo ver la facturación?", "facturaciones"),
    ("fi", "Miksi en voi avata laskua?", "laskut"),
    ("fr", "Pourquoi ma demande a été rejetée par les douanes ?", "rejetés"),
    ("fr", "Pourquoi ma demande a été rejetée par les douanes ?", "rejetees"),
    ("it", "Perché non riesco a stampare la fattura?", "fatture"),
    ("nl", "Waarom kan ik de zending niet volgen?", "zendingen"),
    ("no", "Hvorfor kan jeg ikke åpne skjemaet?", "skjemaer"),
    ("pl", "Dlaczego nie mogę otworzyć faktury?", "fakturami"),
    ("pt", "Por que não consigo ver a declaração?", "declarações"),
    ("pt", "Por que não consigo ver a declaração?", "declaracao"),
    ("ru", "Почему я не могу найти накладную?", "накладные"),
    ("sv", "Varför är min beställning inte här?", "beställningarna"),
]


@pytest.mark.parametrize(("language", "kept", "searched"), FORMS)
async def test_a_word_finds_its_other_forms_among_those_of_other_languages(
    session: AsyncSession, reader: str, language: str, kept: str, searched: str
):
    others = {each: text for each, text, _ in FORMS if each != language}
    for text in others.values():
        await add_solved(session, text)
    wanted = await add_solved(session, kept)

    assert await find(session, searched) == [wanted]
    assert await find(session, phrases=[searched]) == [wanted]


async def test_each_line_has_the_forms_of_its_own_language(session: AsyncSession, reader: str):
    wanted = await add_solved(
        session,
        "Wo finde ich die Buchung des Kunden?",
        solution="Open the list of the rejected forms.\nOuvrez la liste des factures rejetées.",
    )

    for searched in ("Buchungen", "rejecting", "rejeté", "facture"):
        assert await find(session, searched) == [wanted], searched


async def test_a_long_search_has_the_forms_of_its_own_language(session: AsyncSession, reader: str):
    await add_solved(session, "Pourquoi ma demande a été rejetée par les douanes ?")
    wanted = await add_solved(session, "Wo finde ich die Buchung des Kunden?")
    text = "Hallo zusammen, ich suche seit einer Stunde die Buchungen, aber ich kann nichts sehen."

    assert await find(session, text) == [wanted]


async def test_in_an_english_index_a_search_reads_english_forms_only(
    session: AsyncSession, reader: str
):
    await add_solved(session, "Where is the form of the customer?")

    assert await languages_in(session) == set()


async def test_a_language_is_forgotten_with_the_last_text_in_it(session: AsyncSession, reader: str):
    question_id = await add_solved(session, "Wo finde ich die Buchung des Kunden?")
    assert await languages_in(session) == {":de"}

    await search.remove(session, question_id)

    assert await languages_in(session) == set()


async def test_a_form_counts_as_much_as_the_word_however_few_questions_have_it(
    session: AsyncSession, reader: str
):
    await add_solved(session, "Der Code ist für die Buchungen nicht gültig")
    for number in range(8):
        await add_solved(session, f"Buchungen of day {number}")
    both = await add_solved(session, "Buchungen: the tariff")

    found = await find(session, "Buchungen tariff")

    assert found[0] == both


@pytest.mark.parametrize("language", MARKERS)
def test_the_commonest_words_tell_the_language(language: str):
    assert language_of(sorted(COMMON_WORDS[language])[:40]) == language


@pytest.mark.parametrize(
    "text",
    [
        "pallet door",
        "die casting machine",
        "export PATH=bin:x",
        "I'm sure that it's what I don't",
        "psql -h 127.0.0.1 -u root -d x",
        "E-4711",
        "",
    ],
)
def test_what_may_be_english_is_in_no_other_language(text: str):
    assert language_of(words_of(text)) in ("en", None)


@pytest.mark.parametrize("language", STEMMERS)
def test_in_every_language_a_word_has_as_many_terms(language: str):
    words = ["E-4711", "loadVolume", "M8x1.25", "l'erreur", "Straße", "章程", "İ", "ß", "e\u0301"]

    for word in [*words, *sorted(COMMON_WORDS[language])]:
        assert len(terms_of(word, language)) == len(terms_of(word)) > 0
        assert all(terms_of_word(word, language))


async def languages_in(session: AsyncSession) -> set[str]:
    terms = select(SearchTerm.term).where(SearchTerm.term.in_(MARKERS.values()))
    return set(await session.scalars(terms))
