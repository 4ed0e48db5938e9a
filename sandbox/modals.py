"""What happens to a person's modals: filled in, submitted, changed by the app's answer, closed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox import payloads
from sandbox.api.views import check_given_view, made
from sandbox.errors import SlackError
from sandbox.forms import filled, find_element, problem_with, state_values
from sandbox.slack import Slack
from sandbox.workspace import Payload, User

Filled = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Submission:
    """What the app answered; `errors` is empty when the modal was closed or changed."""

    errors: dict[str, str]
    answer: Payload


def fill(slack: Slack, view: Payload, values: Filled) -> None:
    for block_id, actions in values.items():
        for action_id, value in actions.items():
            block, element = find_element(view["blocks"], action_id, block_id=block_id, value=None)
            key = (block["block_id"], action_id)
            slack.surfaces.chosen(view["id"])[key] = filled(element, value)


async def submit(slack: Slack, user: User) -> Submission:
    view = open_modal(slack, user)
    check_inputs(slack, view)
    shown = slack.surfaces.shown(view)
    answer = await slack.outbound.ask("interactive", payloads.view_submission(slack, user, shown))
    errors = _apply(slack, user, view, answer)
    slack.bell.ring()
    return Submission(errors, answer)


async def close(slack: Slack, user: User) -> None:
    view = open_modal(slack, user)
    shown = slack.surfaces.shown(view)
    if view["clear_on_close"]:
        slack.surfaces.stacks[user.id] = []
    else:
        slack.surfaces.close(user.id, view)
    slack.bell.ring()
    if view["notify_on_close"]:
        payload = payloads.view_closed(slack, user, shown, is_cleared=view["clear_on_close"])
        await slack.outbound.ask("interactive", payload)


def open_modal(slack: Slack, user: User) -> Payload:
    view = slack.surfaces.top(user.id)
    if view is None:
        raise SlackError("no_open_view")
    return view


def check_inputs(slack: Slack, view: Payload) -> None:
    """Slack's client does not let a person submit inputs that are empty or too long."""
    values = state_values(view["blocks"], slack.surfaces.chosen(view["id"]))
    problems = {}
    for block in view["blocks"]:
        if block["type"] == "input":
            state = values[block["block_id"]][block["element"]["action_id"]]
            problem = problem_with(block, state)
            if problem:
                problems[block["block_id"]] = problem
    if problems:
        raise SlackError("invalid_inputs", problems=problems)


def _apply(slack: Slack, user: User, view: Payload, answer: Payload) -> dict[str, str]:
    """Do as the app's answer says; the errors it wants shown."""
    todo = answer.get("response_action")
    if todo == "errors":
        return _errors(view, answer.get("errors") or {})
    if todo in ("update", "push"):
        given = check_given_view(answer.get("view"), "modal")
        if todo == "update":
            slack.surfaces.replace(view, made(slack, given))
        else:
            slack.surfaces.push(user.id, made(slack, given))
    elif todo == "clear":
        slack.surfaces.stacks[user.id] = []
    elif todo is None:
        slack.surfaces.close(user.id, view)
    else:
        raise SlackError("invalid_response_action", response_action=todo)
    return {}


def _errors(view: Payload, errors: dict[str, str]) -> dict[str, str]:
    """Slack shows an error only at an input of the modal, and fails on any other."""
    inputs = {block["block_id"] for block in view["blocks"] if block["type"] == "input"}
    if not errors or not errors.keys() <= inputs:
        raise SlackError("invalid_errors", errors=errors)
    return errors
