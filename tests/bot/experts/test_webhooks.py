"""Which addresses are called, and that a receiver can tell our calls."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime
from ipaddress import ip_address

import pytest

from bot import errors
from bot.experts.webhooks import MAX_ADDRESS, check_address, is_forbidden, new_secret, sign

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
    assert check_address(f" {address}\n") == address


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
        ("http://[2001:db8::1]/", errors.AddressNeedsHttps),
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
        check_address(address)

    assert refused.value.field == "hand_off_url"


def test_an_address_of_exactly_the_most_characters_is_taken():
    address = "https://a.example/".ljust(MAX_ADDRESS, "x")

    assert check_address(address) == address


@pytest.mark.parametrize(
    ("address", "is_one"),
    [
        ("169.254.169.254", True),
        ("fe80::1%eth0", True),
        ("::ffff:169.254.0.1", True),
        ("127.0.0.1", False),
        ("10.0.0.1", False),
        ("93.184.216.34", False),
    ],
)
def test_where_a_name_leads_may_be_forbidden(address: str, is_one: bool):
    assert is_forbidden(ip_address(address)) is is_one
