"""Which addresses are called, and that a receiver can tell our calls."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime
from ipaddress import ip_address, ip_network

import pytest

from bot import errors
from bot.experts.webhooks import (
    ANYWHERE,
    MAX_ADDRESS,
    check_address,
    may_be_called,
    new_secret,
    sign,
)

# What the standard's own libraries are tested with.
PUBLISHED = {
    "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    "message_id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
    "sent_at": datetime.fromtimestamp(1614265330, UTC),
    "body": b'{"test": 2432232314}',
}


def test_a_call_is_signed_as_the_standards_own_example():
    assert sign(**PUBLISHED) == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_a_new_secret_signs_what_another_implementation_verifies():
    secret = new_secret()
    body = "Grüße".encode()

    headers = sign(secret, message_id="msg_1", sent_at=datetime.fromtimestamp(1.9, UTC), body=body)

    key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    assert 24 <= len(key) <= 64
    expected = hmac.new(key, b"msg_1.1." + body, hashlib.sha256).digest()
    assert base64.b64decode(headers["webhook-signature"].removeprefix("v1,")) == expected


def test_no_two_secrets_are_the_same():
    assert len({new_secret() for _ in range(100)}) == 100


@pytest.mark.parametrize(
    "address",
    [
        "https://helpdesk.example.com",
        "https://helpdesk.example.com:8443/hooks/askaround?key=a%20b&x=1",
        "HTTPS://Helpdesk.Example.COM/",
        "https://xn--bcher-kva.example/",
        "https://8.8.8.8/",
        "https://10.1.2.3/",
        "http://localhost:8080/",
        "http://127.0.0.1:8080/",
        "http://10.1.2.3/",
        "http://172.16.0.1/",
        "http://192.168.1.1/",
        "http://[::1]:8080/",
        "http://[fd12:3456::1]/",
        "http://helpdesk/",
        "http://help-desk_2:80/",
        "http://helpdesk.local/",
        "http://jira.corp.internal./rest",
    ],
)
def test_a_helpdesks_address_is_taken_as_it_was_written(address: str):
    assert check_address(f" {address}\n", ANYWHERE) == address


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        ("", errors.NotAnAddress),
        ("helpdesk.example.com", errors.NotAnAddress),
        ("//helpdesk.example.com", errors.NotAnAddress),
        ("https://", errors.NotAnAddress),
        ("https:///path", errors.NotAnAddress),
        ("ftp://helpdesk.example.com", errors.NotAnAddress),
        ("file:///etc/passwd", errors.NotAnAddress),
        ("gopher://127.0.0.1:6379/_x", errors.NotAnAddress),
        ("javascript:alert(1)", errors.NotAnAddress),
        ("https://a.example:99999/", errors.NotAnAddress),
        ("https://a.example:0/", errors.NotAnAddress),
        ("https://a.example:x/", errors.NotAnAddress),
        ("https://[::1/", errors.NotAnAddress),
        ("https://a b.example/", errors.NotAnAddress),
        ("https://a.example/x y", errors.NotAnAddress),
        ("https://a.example/\r\nHost: evil", errors.NotAnAddress),
        ("https://a.example/\x00", errors.NotAnAddress),
        ("https://a.example\\@evil.example/", errors.NotAnAddress),
        ("https://a.example/|<!channel>", errors.NotAnAddress),
        ("https://bücher.example/", errors.NotAnAddress),
        ("https://\uff11\uff16\uff19.254.169.254/", errors.NotAnAddress),
        ("https://a..example/", errors.NotAnAddress),
        ("https://.example/", errors.NotAnAddress),
        ("https://%31%36%39.254.169.254/", errors.NotAnAddress),
        ("https://2852039166/", errors.NotAnAddress),  # 169.254.169.254, otherwise written
        ("http://2130706433/", errors.NotAnAddress),
        ("https://0xa9fea9fe/", errors.NotAnAddress),
        ("https://0xa9.0xfe.0xa9.0xfe/", errors.NotAnAddress),
        ("https://0251.0376.0251.0376/", errors.NotAnAddress),
        ("http://127.1/", errors.NotAnAddress),
        ("https://me:secret@a.example/", errors.AddressHasPassword),
        ("https://me@a.example/", errors.AddressHasPassword),
        ("https://@a.example/", errors.AddressHasPassword),
        ("https://a.example@169.254.169.254/", errors.AddressHasPassword),
        ("http://helpdesk.example.com/", errors.AddressNeedsHttps),
        ("http://8.8.8.8/", errors.AddressNeedsHttps),
        ("http://172.32.0.1/", errors.AddressNeedsHttps),
        ("http://[2606:2800:220:1::1]/", errors.AddressNeedsHttps),
        ("http://internal.example.com/", errors.AddressNeedsHttps),
        ("http://notlocal.evillocal.example/", errors.AddressNeedsHttps),
        ("https://169.254.169.254/latest/meta-data", errors.AddressNotAllowed),
        ("http://169.254.169.254./", errors.AddressNotAllowed),
        ("http://[fe80::1]/", errors.AddressNotAllowed),
        ("http://[fe80::1%25eth0]/", errors.AddressNotAllowed),
        ("https://[::ffff:169.254.169.254]/", errors.AddressNotAllowed),
        ("https://[::ffff:a9fe:a9fe]/", errors.AddressNotAllowed),
        ("https://[64:ff9b::a9fe:a9fe]/", errors.AddressNotAllowed),
        ("https://[2002:a9fe:a9fe::1]/", errors.AddressNotAllowed),
        ("http://[fd00:ec2::254]/", errors.AddressNotAllowed),
        ("https://100.100.100.200/", errors.AddressNotAllowed),
        ("https://0.0.0.0/", errors.AddressNotAllowed),
        ("https://[::]/", errors.AddressNotAllowed),
        ("https://224.0.0.1/", errors.AddressNotAllowed),
        ("https://255.255.255.255/", errors.AddressNotAllowed),
        ("https://a.example/" + "x" * MAX_ADDRESS, errors.AddressIsTooLong),
    ],
)
def test_what_is_no_helpdesks_address_is_refused_beside_its_field(
    address: str, problem: type[errors.UserError]
):
    with pytest.raises(problem) as refused:
        check_address(address, ANYWHERE)

    assert refused.value.field == "hand_off_url"


def test_an_address_of_exactly_the_most_characters_is_taken():
    address = "https://a.example/".ljust(MAX_ADDRESS, "x")

    assert check_address(address, []) == address


INSIDE = [
    "127.0.0.1",
    "127.9.9.9",
    "10.1.2.3",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "100.64.0.1",  # a carrier's own network
    "100.127.255.255",
    "198.18.0.1",
    "192.0.2.1",
    "::1",
    "fd12:3456::1",
    "fc00::1",
    "fec0::1",
    "2001:db8::1",
    "64:ff9b:1::1",
    "::ffff:127.0.0.1",  # and IPv4 addresses in other dress
    "::ffff:7f00:1",
    "::ffff:10.0.0.1",
    "::ffff:0:10.0.0.1",
    "::127.0.0.1",
    "64:ff9b::10.0.0.1",
    "2002:7f00:1::1",
    "2002:c0a8:101::",
]


@pytest.mark.parametrize("ip", INSIDE)
def test_what_is_inside_is_called_only_where_the_operator_allows_it(ip: str):
    address = f"https://[{ip}]/" if ":" in ip else f"https://{ip}/"

    with pytest.raises(errors.AddressIsInside):
        check_address(address, [])
    assert not may_be_called(ip_address(ip), [])
    assert not may_be_called(ip_address(ip), [ip_network("203.0.113.0/24")])
    assert may_be_called(ip_address(ip), ANYWHERE)


@pytest.mark.parametrize("host", ["localhost", "helpdesk", "helpdesk.local", "jira.corp.internal."])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_name_of_the_inside_needs_a_network_that_is_allowed(scheme: str, host: str):
    with pytest.raises(errors.AddressIsInside):
        check_address(f"{scheme}://{host}/", [])
    assert check_address(f"{scheme}://{host}/", [ip_network("10.0.0.0/8")])


@pytest.mark.parametrize(
    ("address", "may_be"),
    [
        ("169.254.169.254", False),
        ("fe80::1%eth0", False),
        ("::ffff:169.254.0.1", False),
        ("100.100.100.200", False),
        ("0.0.0.0", False),
        ("::", False),
        ("10.0.0.1", True),
        ("93.184.216.34", True),
        ("2606:2800:220:1::1", True),
    ],
)
def test_no_operator_allows_what_a_machine_keeps_for_itself(address: str, may_be: bool):
    assert may_be_called(ip_address(address), ANYWHERE) is may_be
