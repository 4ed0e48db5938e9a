import time

import pytest

from bot.detection import Asks, asks, asks_something, is_thin, why_it_asks

ASKING = [
    "I want to print two labels a pallet. What is the best way to do that? We could copy the form "
    "or run it twice. Which is the best?",
    # with a question mark
    "How do I request a new badge?",
    "Hi team, is the warehouse in Lyon open on Monday?",
    "What's the difference between the two leave types?",
    "The scanner beeps twice when I start it. Does it need a new battery?",
    "Is it possible to change a delivery window after dispatch?",
    "<!here> who can approve purchase orders over 5k?",
    "Has `rollback` ever worked for you on staging?",
    # without one
    "how can I see yesterday's shift plan",
    "can anyone help me with the tax form",
    "where do we keep the spare keys",
    "quick question about parental leave",
    "Looking for a good introduction to our data model",
    "I was wondering whether we still ship to Chile",
    "need help with a refund please",
    "Does anybody know a vet near the office :dog:",
    # stuck
    "I can't log in to the payroll portal since Tuesday",
    "Getting an error when uploading invoices: `413`",
    "The nightly job fails with a timeout on the second step",
    "I don't understand why my order is still on hold",
    "We are stuck on the migration, nothing seems to help",
    "My parcel has been lost by the carrier and the claim form is closed",
    "Deploying to staging shows a warning about quotas. Any ideas?",
    # wrapped in Slack's wire form
    "Why does `x &lt; y` raise here?",
    "&gt; Please restart weekly\nHow often is weekly, exactly, and who does it?",
    "Is there a newer version of <https://example.com/a|this guide>?",
    "```Traceback: boom```\nAny idea what this means?",
    # to a colleague, but asking
    "<@U0ANNA> how do I get into the archive room?",
    # closing thanks belong to the request
    "How do I book a desk? Thanks in advance!",
    "Thanks in advance: how do I book a desk?",
]
NOT_ASKING = [
    "Hi, how are you?",
    "Hello everyone!",
    "Good morning, how was your weekend?",
    "Thanks, that worked! Who would have thought?",
    "Thank you so much <@U0ANNA>",
    "Yes, exactly that.",
    "That was a great session, right?",
    "You changed the schedule yesterday, didn't you?",
    "FYI the lift is out of order today",
    "Heads up: we can't connect to the mail server between 6 and 7",
    "We're excited to announce the new canteen, see <https://example.com/menu?week=3>",
    "Did you know that we have a library?",
    "Questions? Ask the facilities team.",
    "Anyone up for lunch?",
    "Who wants to join the run tonight?",
    "<@U0ANNA> did you restart it?",
    "<@U0ANNA> <@U0BEN> you can use the second form",
    "Have you tried another browser?",
    "Maybe the other cable?",
    "Does that help?",
    "I think it fails with the old driver, you need to update.",
    "<https://example.com/search?q=how>",
    "https://example.com/?q=why+does+it+fail",
    "```why does this fail?\nhow do I fix it?```",
    "Renamed `is_open?` everywhere",
    "&gt; How do I reset it?",
    "&gt;&gt;&gt; How do I reset it?\nAnd where?",
    "> can anyone help?",
    "She asked “how do I get a badge?” and security printed one.",
    ":wave: :tada:",
    "",
    "   \n\n",
    "?",
    "???",
    "ok?",
]
ASKING_IN_OTHER_LANGUAGES = [
    "Weiß jemand, wie man den Drucker neu startet",
    "Hallo zusammen, wo finde ich die Reiserichtlinie?",
    "Der Zugang zum Lager funktioniert nicht mehr seit heute",
    "Comment faire pour annuler une commande",
    "Est-ce que quelqu'un connaît un bon traducteur ?",
    "Je n'arrive pas à me connecter au VPN depuis ce matin",
    "¿Dónde encuentro el manual de seguridad?",
    "Hola, alguien me puede ayudar con la factura",
    "La impresora del almacén no funciona desde ayer",
    "Come posso cambiare il turno di domani",
    "Il portale delle ferie non funziona da ieri mattina",
    "Alguém pode me ajudar com o relatório",
    "Não consigo abrir o arquivo que está na pasta",
    "Weet iemand waar de reservesleutel ligt",
    "De scanner op de tweede verdieping werkt niet meer",
    "Czy ktoś wie, gdzie jest klucz do magazynu",
    "Drukarka na parterze nie działa od rana",
    "休暇の申請はどこでしますか。",
    "ログインできません",
    "请问打印机在哪里",
    "这个表格怎么填?",
    "有人知道密码吗",
    "这个怎么用？",
]
NOT_ASKING_IN_OTHER_LANGUAGES = [
    "Hallo, wie geht's dir?",
    "Danke, das hat geholfen!",
    "Schöner Tag heute, oder?",
    "Bonjour à tous !",
    "Merci, ça marche",
    "¡Hola! ¿Qué tal?",
    "Gracias por todo",
    "Ciao, come va?",
    "Obrigado pela ajuda",
    "Bedankt allemaal",
    "Dzięki za pomoc!",
    "お元気ですか。",
    "ありがとうございます。",
    "你好吗?",
    "谢谢大家",
]
HOSTILE = {
    "question marks": "?" * 100_000,
    "exclamation marks": "!" * 100_000,
    "a megabyte of one word": "a" * 1_000_000,
    "a megabyte of questions": "how do I? " * 100_000,
    "greetings": "hi " * 50_000,
    "spaces": " " * 100_000 + "?",
    "newlines": "\n" * 100_000,
    "open brackets": "(" * 100_000,
    "nested brackets": "(" * 50_000 + ")" * 50_000,
    "open links": "<@" * 50_000 + "<https:" * 50_000,
    "backticks": "`" * 100_001,
    "code fences": "``` a " * 50_000,
    "quotes": "> " * 50_000,
    "straight quotation marks": '"a ' * 50_000,
    "emoji colons": ":a" * 100_000,
    "underscored words": "my a_" * 50_000,
    "almost an error report": "i get the same very " * 20_000,
    "almost a request": "is there any other " * 20_000,
    "combining marks": "a" + "\u0301" * 100_000,
    "lone surrogates": "\ud800\udfff\ud83d how do I \udc00",
    "NULs": "\x00" * 1_000 + "how\x00do I",
    "right to left and zero width": "\u202e\u200b\u2066؟" * 10_000,
}


@pytest.mark.parametrize("text", ASKING)
def test_a_request_for_help_or_information_asks(text):
    assert asks_something(text)


@pytest.mark.parametrize("text", NOT_ASKING)
def test_greetings_thanks_news_answers_and_quotations_do_not_ask(text):
    assert not asks_something(text)


@pytest.mark.parametrize("text", ASKING_IN_OTHER_LANGUAGES)
def test_requests_are_understood_in_other_languages(text):
    assert asks_something(text)


@pytest.mark.parametrize("text", NOT_ASKING_IN_OTHER_LANGUAGES)
def test_courtesies_in_other_languages_do_not_ask(text):
    assert not asks_something(text)


@pytest.mark.parametrize(
    ("text", "signal"),
    [
        ("Well, does anyone know the door code?", "request"),
        ("Is the door code still 1234?", "question"),
        ("I can't open the door with my badge", "trouble"),
        ("The door is open.", None),
    ],
)
def test_the_signal_that_decided_is_named(text, signal):
    assert why_it_asks(text) == signal


@pytest.mark.parametrize("opening", ["Yes, ", "I think ", "Nope, ", "You can see that "])
def test_a_problem_told_in_an_answer_does_not_ask(opening):
    report = "the importer crashes when the file is empty."

    assert asks_something(report)
    assert not asks_something(opening + report)


def test_that_points_back_only_when_nothing_was_said_before():
    assert not asks_something("Is that normal?")
    assert asks_something("The forklift display stays dark for a minute. Is that normal?")


def test_of_a_long_text_the_beginning_and_the_end_are_looked_at():
    log = "2026-05-04 12:00:01 wms heartbeat 200 ok\n" * 100
    question = "How do I shorten this?\n"

    assert asks_something(question + log)
    assert asks_something(log + question)
    assert not asks_something(log + question + log)


def test_an_error_in_a_code_block_is_trouble_where_words_go_with_it():
    log = "```psql: FATAL: password authentication failed```"

    assert asks("Since the move to the new server\n" + log) is Asks.CERTAINLY
    assert asks(log) is Asks.UNSURE
    assert asks("```all good```") is Asks.NO


def test_who_only_asks_whether_they_may_ask_has_asked_nothing_yet():
    assert asks("Hi, can I ask something?") is Asks.TO_ASK
    assert asks("Hi, can I ask something? Where is the key to dock 4?") is Asks.CERTAINLY
    assert not asks_something("Hi, can I ask something?")


def test_a_weak_sign_of_trouble_leaves_us_unsure():
    assert asks("Toner?") is Asks.UNSURE
    assert asks("We see the wrong price, by the way, at least some of us") is not Asks.NO


@pytest.mark.parametrize(
    "news",
    [
        "The scanner in zone C is down, a technician comes at two.",
        "The scanner in zone C was down, it is working again.",
        "FYI the scanner in zone C is down",
    ],
)
def test_trouble_that_is_news_asks_nothing(news):
    assert asks("The scanner in zone C is down") is Asks.CERTAINLY
    assert asks(news) is Asks.NO


def test_an_order_to_everybody_asks_nothing_and_one_for_oneself_does():
    assert asks("Please reset my PIN") is Asks.CERTAINLY
    assert asks("Please reset your PIN before Friday") is Asks.NO
    assert asks("Can everyone please reset their PIN") is Asks.NO


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_is_neither_slow_nor_an_error(text):
    started = time.process_time()

    answer = asks_something(text)

    assert answer in (True, False)
    assert is_thin(text) in (True, False)
    assert time.process_time() - started < 0.5


THIN = [
    "it doesn't work",
    "It still doesn't work :cry:",
    "need help",
    "Hi all, can someone help me please?",
    "anyone?",
    "problem with SAP",
    "I have a problem with the scanner",
    "Why is my badge not working?",
    "quick question",
    "<@U0123> any ideas?",
    "<!here> urgent!!!",
    "es funktioniert nicht",
    "hat jemand eine Idee?",
    "Ça marche pas",
    "no funciona, ayuda por favor",
    "Non funziona, aiuto",
    "não funciona",
    "het werkt niet",
    "nie działa, proszę o pomoc",
    "助けてください",
    "怎么办?",
    "도와주세요",
    "",
]
NOT_THIN = [
    "Where is the tariff list?",
    "What is the VPN address?",
    "Where is the canteen?",
    "Is SAP down?",
    "How do I log in?",
    "The scanner in the cold store beeps twice",
    "I lost my badge",
    "SAP doesn't work: `E-4711`",
    "It doesn't work, error 403",
    "It says “no such form”",
    "Help with <https://example.com/form|this>",
    "Help: <#C0123|customs>",
    "&gt; it went well\nwhy?",
    "It fails in orders.csv",
    "any ideas? ^",
    "Problem with getUser",
    "Wo ist die Kantine?",
    "Où est la cantine ?",
    "¿Dónde está el comedor?",
    "休暇の申請はどこでしますか。",
    "请问打印机在哪里",
    "Помогите",
    "help " * 100,
]


@pytest.mark.parametrize("text", THIN)
def test_that_something_is_wrong_or_wanted_but_hardly_what_is_thin(text):
    assert is_thin(text)


@pytest.mark.parametrize("text", NOT_THIN)
def test_short_but_complete_and_whatever_could_tell_an_expert_more_is_not_thin(text):
    assert not is_thin(text)


def test_of_real_requests_only_those_for_help_with_one_word_are_thin():
    assert {text for text in ASKING + ASKING_IN_OTHER_LANGUAGES if is_thin(text)} == {
        "need help with a refund please",
        "Hola, alguien me puede ayudar con la factura",
        "Alguém pode me ajudar com o relatório",
        "这个怎么用？",
    }
