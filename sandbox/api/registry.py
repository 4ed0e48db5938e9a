"""The Web API's methods: what each is called, what it needs, and what answers it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sandbox.workspace import Payload

if TYPE_CHECKING:
    from sandbox.api.request import Request

Handler = Callable[["Request"], Payload]


@dataclass(frozen=True, slots=True)
class Method:
    name: str
    handler: Handler
    token: str  # bot, app or none
    scopes: tuple[str, ...]  # one of them is enough
    required: tuple[str, ...]


METHODS: dict[str, Method] = {}


def method(
    name: str,
    *,
    token: str = "bot",
    scopes: tuple[str, ...] = (),
    required: tuple[str, ...] = (),
) -> Callable[[Handler], Handler]:
    def register(handler: Handler) -> Handler:
        METHODS[name] = Method(name, handler, token, scopes, required)
        return handler

    return register
