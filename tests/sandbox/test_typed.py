import pytest

from sandbox import Sandbox, SlackError
from sandbox.typed import as_sent, as_typed


@pytest.fixture
def place() -> Sandbox:
    slack = Sandbox({"display_information": {"name": "Nobody"}})
    slack.maria = slack.add_user("maria")
    slack.gus = slack.add_user("gus", is_guest=True)
    slack.docks = slack.add_channel("docks", [slack.maria])
    slack.add_usergroup("customs", [slack.maria])
    return slack


def sent(place: Sandbox, text: str) -> str:
    return as_sent(place.workspace, place.maria, text)


def test_names_channels_and_addresses_become_markup(place: Sandbox):
    maria, docks = place.maria.id, place.docks.id

    assert sent(place, "@maria, see #docks.") == f"<@{maria}>, see <#{docks}|docks>."
    assert sent(place, "Ask @customs.").startswith("Ask <!subteam^S")
    assert sent(place, "(https://a.example/x?a=1&b=2).") == "(<https://a.example/x?a=1&amp;b=2>)."
    assert sent(place, "@here please") == "<!here> please"


def test_a_name_counts_however_it_is_written(place: Sandbox):
    maria = place.add_user("maria.r", "Maria Rossi").id
    bot = place.bot.id

    assert sent(place, "@Maria Rossi, @maria rossi: hello") == f"<@{maria}>, <@{maria}>: hello"
    assert sent(place, "@Nobody, @NOBODY?") == f"<@{bot}>, <@{bot}>?"
    assert sent(place, "`@Maria Rossi` of @Maria Rossini") == (
        f"`@Maria Rossi` of <@{place.maria.id}> Rossini"
    )


@pytest.mark.parametrize(
    "text",
    ["me@maria.example", "@somebody", "#nowhere", "`@maria`", "```#docks```", "C#docks"],
)
def test_what_names_nobody_stays_text(place: Sandbox, text: str):
    assert sent(place, text) == text


def test_typed_markup_is_escaped_and_pings_nobody(place: Sandbox):
    assert sent(place, "<!channel> <@U1> &") == "&lt;!channel&gt; &lt;@U1&gt; &amp;"


def test_a_channel_the_author_cannot_read_is_not_linked(place: Sandbox):
    assert as_sent(place.workspace, place.gus, "#docks") == "#docks"


@pytest.mark.parametrize(
    "text", ["@maria: see #docks & https://a.example/x", "a < b > c &amp; d", "@here *now*"]
)
def test_editing_shows_what_was_typed(place: Sandbox, text: str):
    assert as_typed(place.workspace, sent(place, text)) == text


def test_empty_and_endless_text_is_refused(place: Sandbox):
    with pytest.raises(SlackError, match="no_text"):
        sent(place, " \n")
    with pytest.raises(SlackError, match="msg_too_long"):
        sent(place, "x" * 40_001)
