"""What somebody typed is repeated as text, in each sentence that repeats it."""

import inspect

import pytest

from bot import errors
from bot.errors import UserError
from handlers.blocks.text import said
from handlers.errors import view_answer

HOSTILE = "<!channel> <@U1> <https://evil.example|bank> *b* `c` & " + "x" * 300
KINDS = [
    kind
    for _, kind in inspect.getmembers(errors, inspect.isclass)
    if issubclass(kind, UserError) and kind is not UserError
]


def strings(kind: type[UserError]) -> dict[str, str]:
    """What it takes that somebody may have written: no ids, fields, commands or references of
    ours."""
    ours = ("field", "reference", "user_id", "asker_id", "author_id", "verb", "meant", "needed")
    return {
        name: HOSTILE
        for name, parameter in inspect.signature(kind).parameters.items()
        if parameter.annotation is str and name not in ours
    }


def made(kind: type[UserError]) -> UserError:
    numbers = {
        name: 3
        for name, parameter in inspect.signature(kind).parameters.items()
        if parameter.annotation is int
    }
    parameters = inspect.signature(kind).parameters
    rest = {name: "U_SOMEBODY" for name in parameters if name not in numbers | strings(kind)}
    return kind(**strings(kind), **numbers, **rest)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_a_sentence_repeats_what_was_written_as_text(kind: type[UserError]):
    error = made(kind)

    sentence = said(error)
    assert "<!" not in sentence and "<@U1>" not in sentence and "<http" not in sentence
    assert len(sentence) < 400
    assert "{" not in sentence + str(error)
    if strings(kind):
        assert "“@channel @somebody bank" in sentence


def test_there_are_sentences_that_repeat_something():
    assert len([kind for kind in KINDS if strings(kind)]) >= 9


def test_beside_a_field_slack_shows_plain_text_and_in_a_modal_markup():
    error = errors.TopicExists("R&D <3")
    block = {"block_id": "name"}
    title = {"type": "plain_text", "text": "Topic"}

    beside = view_answer(error, {"title": title, "blocks": [block]})
    alone = view_answer(error, {"title": title, "blocks": []})

    assert beside["errors"] == {"name": "There is already a topic “R&D <3”."}
    assert "“R&amp;D &lt;3”" in alone["view"]["blocks"][0]["text"]["text"]
