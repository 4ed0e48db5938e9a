"""Modals and Home: the views an app has put up, each person's own."""

import secrets
from typing import Any

from sandbox.errors import SlackError
from sandbox.forms import state_values, with_ids
from sandbox.workspace import Payload

MAX_STACK = 3

Chosen = dict[tuple[str, str], Payload]


class Surfaces:
    def __init__(self) -> None:
        self.stacks: dict[str, list[Payload]] = {}
        self.homes: dict[str, Payload] = {}
        self._chosen: dict[str, Chosen] = {}

    def top(self, user_id: str) -> Payload | None:
        stack = self.stacks.get(user_id)
        return stack[-1] if stack else None

    def chosen(self, surface: str) -> Chosen:
        """What the person filled in so far; `surface` is a view's or a message's identifier."""
        return self._chosen.setdefault(surface, {})

    def shown(self, view: Payload) -> Payload:
        """The view with what is filled in now."""
        return view | {"state": {"values": state_values(view["blocks"], self.chosen(view["id"]))}}

    def open(self, user_id: str, view: Payload) -> Payload:
        self._check_external_id(view)
        self.stacks[user_id] = [view]
        return view

    def push(self, user_id: str, view: Payload) -> Payload:
        stack = self.stacks.get(user_id)
        if not stack:
            raise SlackError("not_found")
        if len(stack) >= MAX_STACK:
            raise SlackError("push_limit_reached")
        self._check_external_id(view)
        view["root_view_id"] = stack[0]["id"]
        view["previous_view_id"] = stack[-1]["id"]
        stack.append(view)
        return view

    def replace(self, old: Payload, new: Payload) -> Payload:
        """Put new content into a view that is open; it keeps its identity."""
        for name in ("id", "root_view_id", "previous_view_id"):
            new[name] = old[name]
        for stack in self.stacks.values():
            for place, view in enumerate(stack):
                if view["id"] == old["id"]:
                    stack[place] = new
                    return new
        raise SlackError("not_found")  # closed meanwhile

    def find(self, view_id: object, external_id: object) -> Payload:
        for stack in self.stacks.values():
            for view in stack:
                if view["id"] == view_id or (external_id and view["external_id"] == external_id):
                    return view
        raise SlackError("not_found")

    def close(self, user_id: str, view: Payload) -> None:
        """Take the view away, also when the app put new content into it meanwhile."""
        stack = self.stacks.get(user_id, [])
        self.stacks[user_id] = [each for each in stack if each["id"] != view["id"]]
        self._chosen.pop(view["id"], None)

    def publish(self, user_id: str, view: Payload) -> Payload:
        if user_id in self.homes:
            view["id"] = view["root_view_id"] = self.homes[user_id]["id"]
        self.homes[user_id] = view
        return view

    def _check_external_id(self, view: Payload) -> None:
        external_id = view["external_id"]
        if external_id and any(
            open_view["external_id"] == external_id
            for stack in self.stacks.values()
            for open_view in stack
        ):
            raise SlackError("duplicate_external_id")


def new_view(given: Payload, *, view_id: str, identity: dict[str, Any], now: float) -> Payload:
    """The view as Slack gives it back: with its identity and every optional field."""
    return {
        "id": view_id,
        "type": given["type"],
        "callback_id": given.get("callback_id", ""),
        "private_metadata": given.get("private_metadata", ""),
        "external_id": given.get("external_id", ""),
        "blocks": with_ids(given.get("blocks") or []),
        "state": {"values": {}},
        "hash": f"{now:.0f}.{secrets.token_hex(4)}",
        "title": given.get("title"),
        "close": given.get("close"),
        "submit": given.get("submit"),
        "clear_on_close": bool(given.get("clear_on_close")),
        "notify_on_close": bool(given.get("notify_on_close")),
        "previous_view_id": None,
        "root_view_id": view_id,
    } | identity
