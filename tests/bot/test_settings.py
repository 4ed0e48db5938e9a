import pytest

from bot.settings import BadSetting, ModelAddress, Proxies, read_settings
from bot.vault import new_key

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
        ({"HELPDESK_NETWORKS": "10.0.0.0/33"}, "HELPDESK_NETWORKS is “10.0.0.0/33”: set it"),
        ({"HELPDESK_NETWORKS": "helpdesk"}, "HELPDESK_NETWORKS is “helpdesk”: set it"),
        ({"HTTPS_PROXY": "socks5://p:1"}, "The proxy's address .HTTPS_PROXY. starts with http"),
        ({"ASKING_KEYS": "secret"}, "ASKING_KEYS has something that is no key: `python app.py"),
        ({"PORT": "0"}, "PORT is “0”: set it"),
        ({"PORT": "65536"}, "PORT is “65536”: set it"),
        ({"PORT": "-1"}, "PORT is “-1”: set it"),
        ({"PORT": "٨٠"}, "PORT is “٨٠”: set it"),
        ({"SLACK_API_URL": "slack.com"}, "SLACK_API_URL is “slack.com”"),
        ({"LOG_LEVEL": "loud"}, "LOG_LEVEL is “loud”: set it"),
        ({"MEANING": "maybe"}, "MEANING is “maybe”: set it to on or off"),
        ({"MODEL_URL": "localhost"}, "MODEL_URL is “localhost”: set it to an address like http"),
        ({"MODEL_URL": "http://[::1"}, "MODEL_URL is “http://.::1”: set it to an address"),
        ({"MODEL_URL": "http://127.0.0.1/v1"}, "MODEL_NAME is missing: set it to the model"),
    ],
)
def test_a_bad_setting_is_one_sentence_that_says_what_to_set(changes: dict, sentence: str):
    with pytest.raises(BadSetting, match=sentence):
        read_settings({**SOCKET, **changes})


def test_secrets_do_not_show_when_settings_are_printed():
    shown = repr(read_settings({**SOCKET, **HTTP, "DATABASE_URL": "postgresql://me:pw@host/db"}))

    assert not [secret for secret in ("xoxb-1", "xapp-1", "shh", "pw") if secret in shown]


def test_http_listens_to_this_machine_unless_host_opens_it():
    assert read_settings(HTTP).host == "127.0.0.1"
    assert read_settings({**HTTP, "HOST": "0.0.0.0"}).host == "0.0.0.0"


def test_nothing_inside_is_a_helpdesks_unless_it_is_named():
    named = read_settings({**SOCKET, "HELPDESK_NETWORKS": "10.1.0.0/16, 127.0.0.1,fd00::/8"})

    assert read_settings(SOCKET).helpdesk_networks == ()
    assert [str(each) for each in named.helpdesk_networks] == [
        "10.1.0.0/16",
        "127.0.0.1/32",
        "fd00::/8",
    ]


@pytest.mark.parametrize(
    ("names", "address", "proxy"),
    [
        ({}, "https://slack.com/api/", None),
        ({"HTTPS_PROXY": "http://p:3128"}, "https://slack.com/api/", "http://p:3128"),
        ({"https_proxy": "p:3128"}, "https://slack.com/api/", "http://p:3128"),
        ({"https_proxy": "a:1", "HTTPS_PROXY": "b:1"}, "wss://x.slack.com/", "http://a:1"),
        ({"HTTPS_PROXY": "http://p:1"}, "http://helpdesk.internal/", None),
        ({"HTTP_PROXY": "http://p:1"}, "http://helpdesk.internal/", "http://p:1"),
        ({"HTTP_PROXY": "http://p:1"}, "http://127.0.0.1:9000/api/", None),
        ({"HTTP_PROXY": "http://p:1"}, "http://localhost:9000/api/", None),
        ({"HTTP_PROXY": "http://p:1"}, "http://[::1]:9000/api/", None),
    ],
)
def test_an_address_is_called_through_the_proxy_of_its_scheme(
    names: dict, address: str, proxy: str | None
):
    assert read_settings({**SOCKET, **names}).proxies.to(address) == proxy


@pytest.mark.parametrize(
    ("bypassed", "host", "is_bypassed"),
    [
        ("*", "slack.com", True),
        ("slack.com", "slack.com", True),
        ("slack.com", "hooks.slack.com", True),
        (".slack.com", "hooks.slack.com", True),
        ("*.slack.com", "hooks.slack.com", True),
        ("a.example, SLACK.com ,b", "slack.com", True),
        ("slack.com", "notslack.com", False),
        ("slack.com", "slack.com.evil.example", False),
        (", ,", "slack.com", False),
        ("10.0.0.0/8", "10.1.2.3", True),
        ("10.1.2.3", "10.1.2.3", True),
        ("10.0.0.0/8", "11.1.2.3", False),
        ("fd00::/8", "10.1.2.3", False),
        ("nonsense/8", "10.1.2.3", False),
    ],
)
def test_no_proxy_names_hosts_domains_and_networks(bypassed: str, host: str, is_bypassed: bool):
    assert Proxies(https="http://p:1", bypassed=bypassed).is_bypassed(host) is is_bypassed


def test_a_proxys_password_is_neither_printed_nor_repeated():
    settings = read_settings({**SOCKET, "HTTPS_PROXY": "http://me:hunter2@p:1"})

    assert "hunter2" not in repr(settings)
    with pytest.raises(BadSetting) as refused:
        read_settings({**SOCKET, "HTTPS_PROXY": "ftp://me:hunter2@p:1"})
    assert "hunter2" not in str(refused.value)


def test_keys_are_several_and_no_error_repeats_them():
    old, new = new_key(), new_key()

    assert read_settings({**SOCKET, "ASKING_KEYS": f"{new}, {old}"}).asking_keys == (new, old)
    assert read_settings(SOCKET).asking_keys == ()
    assert new not in repr(read_settings({**SOCKET, "ASKING_KEYS": new}))
    with pytest.raises(BadSetting) as bad:
        read_settings({**SOCKET, "ASKING_KEYS": f"{new}, x{old}"})
    assert old not in str(bad.value)


def test_no_model_is_asked_unless_one_is_named_and_its_key_is_not_printed():
    named = {"MODEL_URL": "http://127.0.0.1:11434/v1/", "MODEL_NAME": "small", "MODEL_KEY": "shh1"}

    assert read_settings(SOCKET).model is None
    found = read_settings({**SOCKET, **named})
    assert found.model == ModelAddress("http://127.0.0.1:11434/v1", "small", "shh1")
    assert "shh1" not in repr(found)
