"""Slack's signature: who cannot make it is not heard.

Looked at before anything else of a request, and before its body is parsed. The headers come from
anybody, so nothing in them may raise."""

import hashlib
import hmac
import re
from typing import Protocol

FRESH_FOR = 300  # seconds; what is older could be a recording
TIMESTAMP = re.compile(r"[0-9]{1,12}", re.ASCII)
SIGNATURE = re.compile(r"v0=[0-9a-f]{64}", re.ASCII)


class Headers(Protocol):
    def getall(self, name: str, default: list[str]) -> list[str]: ...


class Claim:
    """What a request's headers say of who sent it and when."""

    def __init__(self, timestamp: str, signature: str) -> None:
        self.timestamp, self.signature = timestamp, signature

    def holds_for(self, body: bytes, secret: str) -> bool:
        signed = b"v0:" + self.timestamp.encode() + b":" + body
        expected = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
        return hmac.compare_digest(self.signature, expected)


def read_claim(headers: Headers, *, now: float) -> Claim | None:
    """None where there is none, or none that can hold now: then the body is not read at all."""
    timestamps = headers.getall("x-slack-request-timestamp", [])
    signatures = headers.getall("x-slack-signature", [])
    if len(timestamps) != 1 or len(signatures) != 1:
        return None
    timestamp, signature = timestamps[0], signatures[0]
    if not TIMESTAMP.fullmatch(timestamp) or not SIGNATURE.fullmatch(signature):
        return None
    if abs(now - int(timestamp)) > FRESH_FOR:
        return None
    return Claim(timestamp, signature.removeprefix("v0="))
