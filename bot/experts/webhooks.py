"""Calls to systems outside Slack: which addresses we call, and how a call is signed.

Signed as Standard Webhooks 1.0 says (standardwebhooks.com), which has libraries for receivers."""

import base64
import hashlib
import hmac
import re
import secrets
from datetime import datetime
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from urllib.parse import SplitResult, urlsplit

from bot.errors import (
    AddressHasPassword,
    AddressIsTooLong,
    AddressNeedsHttps,
    AddressNotAllowed,
    NotAnAddress,
)

IpAddress = IPv4Address | IPv6Address

MAX_ADDRESS = 500  # characters
SECRET_BYTES = 32
SECRET_START = "whsec_"

ODD = re.compile(r"[^\x21-\x7e]|[\\<>|\"]")  # parsers differ on these; Slack's links break at some
HOST_NAME = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*")
NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")  # a host that ends in one is an IPv4 address in disguise
INSIDE_NAMES = (".local", ".internal")
INSIDE = [
    ip_network(each)
    for each in (
        "127.0.0.0/8",
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "::1/128",
        "fc00::/7",
    )
]
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
TRANSLATED = ip_network("64:ff9b::/96")  # an IPv4 address as an IPv6 network writes it


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


def check_address(written: str) -> str:
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
    if ip is not None and is_forbidden(ip):
        raise AddressNotAllowed()
    if parts.scheme == "http" and not is_inside(host, ip):
        raise AddressNeedsHttps()
    return address


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


def read_ip(host: str) -> IpAddress | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def is_inside(host: str, ip: IpAddress | None) -> bool:
    """Whether the host is one of the company's own network, as far as its name tells."""
    if ip is not None:
        return is_in(ip, INSIDE)
    return "." not in host or host.endswith(INSIDE_NAMES)


def is_forbidden(ip: IpAddress) -> bool:
    return any(is_in(each, FORBIDDEN) for each in (ip, meant_by(ip)) if each is not None)


def meant_by(ip: IpAddress) -> IPv4Address | None:
    """The IPv4 address that an IPv6 one stands for."""
    if isinstance(ip, IPv4Address):
        return None
    if ip in TRANSLATED:
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour


def is_in(ip: IpAddress, networks: list[IPv4Network | IPv6Network]) -> bool:
    return any(ip in network for network in networks)
