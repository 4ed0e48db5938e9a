import pytest

from bot.detection import Afterwards, Reply, said_by_another, said_by_asker, says_it_works


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Thanks, that was it!", Afterwards.WORKS),
        ("Never mind, it runs now, it works again", Afterwards.WORKS),
        ("Thanks, I'll test it on Monday", Afterwards.LATER),
        ("Thanks, but it still asks for a PIN", Afterwards.PARTLY_OR_NO),
        ("Thanks, how about pallets?", Afterwards.UNSURE),
        ("Never mind, found it: there is a second tab", Afterwards.OVER),
        ("Please ignore, wrong channel", Afterwards.OVER),
        ("The scanner broke again", Afterwards.BROKE_AGAIN),
        ("It is the one next to the lift", Afterwards.UNSURE),
        ("", Afterwards.UNSURE),
        (":tada:", Afterwards.WORKS),
        (":eyes:", Afterwards.UNSURE),
        ("```it works```", Afterwards.UNSURE),
        ("&gt; that worked, thanks", Afterwards.UNSURE),
    ],
)
def test_what_an_asker_says_afterwards(text, said):
    assert said_by_asker(text) is said


def test_it_works_is_one_of_the_answers():
    assert says_it_works("Works now, thank you")
    assert not says_it_works("Works now and then")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("How do I book a van?\nEDIT: solved, it is in the portal", Afterwards.WORKS),
        ("How do I book a van?\n*Edit:* never mind", Afterwards.OVER),
        ("~How do I book a van?~", Afterwards.OVER),
        ("How do I book a van for Monday?", Afterwards.UNSURE),
    ],
)
def test_an_edited_question_may_say_that_it_is_over(text, said):
    assert said_by_asker(text) is said


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("me too", Reply.ME_TOO),
        ("Same here, since Tuesday", Reply.ME_TOO),
        (":raised_hand:", Reply.ME_TOO),
        ("following", Reply.NO_ANSWER),
        ("no idea, sorry", Reply.NO_ANSWER),
        ("<@U0ANNA> do you know?", Reply.NO_ANSWER),
        (":eyes:", Reply.NO_ANSWER),
        ("", Reply.NO_ANSWER),
        ("Open the second tab and press save", Reply.ANSWER_OR_QUESTION_BACK),
        ("Which form is it?", Reply.ANSWER_OR_QUESTION_BACK),
        ("same here, you have to clear the cache", Reply.ANSWER_OR_QUESTION_BACK),
        ("no idea, but the night shift has a list of all codes", Reply.ANSWER_OR_QUESTION_BACK),
        ("```sudo restart labels```", Reply.ANSWER_OR_QUESTION_BACK),
        ("<https://wiki.example/vans|how to book vans>", Reply.ANSWER_OR_QUESTION_BACK),
    ],
)
def test_what_a_reply_is(text, reply):
    assert said_by_another(text) is reply
