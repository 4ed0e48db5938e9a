"""Calls to systems outside Slack: which addresses we call, and how a call is signed.

Signed as Standard Webhooks 1.0 says (standardwebhooks.com), which has libraries for receivers."""

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence
from datetime import datetime
from ipaddress import IPv4Address, ip_network
from urllib.parse import SplitResult, urlsplit

from bot.errors import (
    AddressHasPassword,
    AddressIsInside,
    AddressIsTooLong,
    AddressNeedsHttps,
    AddressNotAllowed,
    NotAnAddress,
)
from bot.settings import IpAddress, IpNetwork, read_ip

Networks = Sequence[IpNetwork]  # those inside that an operator allows

MAX_ADDRESS = 500  # characters
SECRET_BYTES = 32
SECRET_START = "whsec_"

ODD = re.compile(r"[^\x21-\x7e]|[\\<>|\"]")  # parsers differ on these; Slack's links break at some
HOST_NAME = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*")
NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")  # a host that ends in one is an IPv4 address in disguise
INSIDE_NAMES = (".local", ".internal")
INSIDE = [ip_network(each) for each in ("fec0::/10", "64:ff9b:1::/48")]  # and what is not global
# What a machine or its cloud keeps for itself: nothing that a helpdesk would answer at.
FORBIDDEN = [
    ip_network(each)
    for each in (
        "0.0.0.0/8",
        "100.100.100.200/32",
        "168.63.129.16/32",
        "169.254.0.0/16",
        "192.0.0.0/24",
        "224.0.0.0/3",
        "::/128",
        "fd00:ec2::/32",
        "fe80::/10",
        "ff00::/8",
    )
]
ANYWHERE = [ip_network("0.0.0.0/0"), ip_network("::/0")]
# An IPv4 address as IPv6 networks write it.
TRANSLATED = [ip_network(each) for each in ("64:ff9b::/96", "::ffff:0:0:0/96", "::/96")]


def new_secret() -> str:
    key = secrets.token_bytes(SECRET_BYTES)
    return SECRET_START + base64.b64encode(key).decode()


def sign(secret: str, *, message_id: str, sent_at: datetime, body: bytes) -> dict[str, str]:
    """The headers by which the receiver knows that the call is ours, and which it is."""
    key = base64.b64decode(secret.removeprefix(SECRET_START))
    timestamp = str(int(sent_at.timestamp()))
    signed = hmac.digest(key, f"{message_id}.{timestamp}.".encode() + body, hashlib.sha256)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": f"v1,{base64.b64encode(signed).decode()}",
    }


def check_address(written: str, allowed: Networks) -> str:
    """The address as it is to be called; a sentence where we do not call it."""
    address = written.strip()
    if len(address) > MAX_ADDRESS:
        raise AddressIsTooLong(MAX_ADDRESS)
    parts = split_address(address)
    if parts.username is not None or parts.password is not None:
        raise AddressHasPassword()
    host = (parts.hostname or "").rstrip(".")
    ip = read_ip(host)
    if ip is None and not is_host_name(host):
        raise NotAnAddress()
    check_host(host, ip, allowed)
    if parts.scheme == "http" and not is_inside(host, ip):
        raise AddressNeedsHttps()
    return address


def check_host(host: str, ip: IpAddress | None, allowed: Networks) -> None:
    """Where a name leads is looked at when it is called."""
    if ip is not None and is_forbidden(ip):
        raise AddressNotAllowed()
    is_allowed = bool(allowed) if ip is None else may_be_called(ip, allowed)
    if is_inside(host, ip) and not is_allowed:
        raise AddressIsInside()


def split_address(address: str) -> SplitResult:
    try:
        parts = urlsplit(address)
        is_complete = parts.scheme in ("https", "http") and parts.hostname and parts.port != 0
    except ValueError:  # brackets or a port that are none
        raise NotAnAddress() from None
    if ODD.search(address) or not is_complete:
        raise NotAnAddress()
    return parts


def is_host_name(host: str) -> bool:
    last = host.rpartition(".")[2]
    return HOST_NAME.fullmatch(host) is not None and NUMBER.fullmatch(last) is None


def is_inside(host: str, ip: IpAddress | None) -> bool:
    """Whether the host is one of the company's own network, as far as its name tells."""
    if ip is not None:
        return not all(is_outside(each) for each in meanings(ip))
    return "." not in host or host.endswith(INSIDE_NAMES)


def is_outside(ip: IpAddress) -> bool:
    return ip.is_global and not is_in(ip, INSIDE)


def is_forbidden(ip: IpAddress) -> bool:
    return any(is_in(each, FORBIDDEN) for each in meanings(ip))


def may_be_called(ip: IpAddress, allowed: Networks) -> bool:
    return not is_forbidden(ip) and all(
        is_outside(each) or is_in(each, allowed) for each in meanings(ip)
    )


def meanings(ip: IpAddress) -> list[IpAddress]:
    """The addresses that one stands for: an IPv4 one written as IPv6 is where it leads."""
    if isinstance(ip, IPv4Address) or ip.is_loopback:
        return [ip]
    if ip.ipv4_mapped is not None:
        return [ip.ipv4_mapped]
    if is_in(ip, TRANSLATED):
        return [IPv4Address(int(ip) & 0xFFFFFFFF)]
    return [ip] if ip.sixtofour is None else [ip, ip.sixtofour]


def is_in(ip: IpAddress, networks: Networks) -> bool:
    return any(ip in network for network in networks)
