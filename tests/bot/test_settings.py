import pytest

from bot.settings import BadSetting, read_settings

SOCKET = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}
HTTP = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "shh"}


def test_an_app_token_means_socket_mode():
    assert read_settings({**HTTP, **SOCKET}).connection == "socket"


def test_only_a_signing_secret_means_http():
    assert read_settings(HTTP).connection == "http"


def test_what_is_left_out_or_blank_takes_its_default():
    settings = read_settings({**SOCKET, "PORT": "  ", "DATABASE_URL": None})

    assert (settings.port, settings.database_url) == (3000, "sqlite:///askaround.db")
    assert (settings.slack_api_url, settings.log_level) == ("https://slack.com/api/", "INFO")


def test_values_are_trimmed_and_normalised():
    changes = {"LOG_LEVEL": " debug ", "SLACK_API_URL": "http://127.0.0.1:9000/api", "PORT": " 80 "}

    settings = read_settings({**SOCKET, **changes})

    assert (settings.log_level, settings.port) == ("DEBUG", 80)
    assert settings.slack_api_url == "http://127.0.0.1:9000/api/"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"SLACK_BOT_TOKEN": ""}, "SLACK_BOT_TOKEN is missing: set it"),
        ({"SLACK_BOT_TOKEN": "xapp-1"}, "SLACK_BOT_TOKEN does not look right: set it"),
        ({"SLACK_APP_TOKEN": "xoxb-1"}, "SLACK_APP_TOKEN does not look right: set it"),
        ({"SLACK_APP_TOKEN": ""}, "Set SLACK_APP_TOKEN .* or SLACK_SIGNING_SECRET"),
        ({"PORT": "0"}, "PORT is “0”: set it"),
        ({"PORT": "65536"}, "PORT is “65536”: set it"),
        ({"PORT": "-1"}, "PORT is “-1”: set it"),
        ({"PORT": "٨٠"}, "PORT is “٨٠”: set it"),
        ({"SLACK_API_URL": "slack.com"}, "SLACK_API_URL is “slack.com”"),
        ({"LOG_LEVEL": "loud"}, "LOG_LEVEL is “loud”: set it"),
        ({"MEANING": "maybe"}, "MEANING is “maybe”: set it to on or off"),
    ],
)
def test_a_bad_setting_is_one_sentence_that_says_what_to_set(changes: dict, sentence: str):
    with pytest.raises(BadSetting, match=sentence):
        read_settings({**SOCKET, **changes})


def test_secrets_do_not_show_when_settings_are_printed():
    shown = repr(read_settings({**SOCKET, **HTTP, "DATABASE_URL": "postgresql://me:pw@host/db"}))

    assert not [secret for secret in ("xoxb-1", "xapp-1", "shh", "pw") if secret in shown]
