"""Webhooks: the list, making one, what each was told, and what it is told."""

from collections.abc import Mapping, Sequence

from bot.access.webhooks import (
    ANSWERED,
    GAP,
    HANDED_OFF,
    OPENED,
    SOLVED,
    Call,
    CallView,
    NewWebhook,
    WebhookView,
)
from bot.experts.webhooks import MAX_ADDRESS
from handlers.blocks.access.seeing import Json, answer, moment, question
from handlers.blocks.access.tokens import needed
from handlers.blocks.experts.availability import checkboxes
from handlers.blocks.text import (
    Block,
    actions,
    button,
    context,
    date,
    described,
    header,
    inline,
    plain_text,
    section,
)

OPEN, ADD, REMOVE = "open_webhooks", "add_webhook", "remove_webhook"
CALLS, AGAIN = "webhook_calls", "webhook_again"
CALLBACK = "webhook"
ADDRESS = "hand_off_url"  # what the sentences about addresses call the field
# What each kind tells.
KINDS: Mapping[str, tuple[str, str]] = {
    OPENED: ("Asked", "Somebody asked a question"),
    ANSWERED: ("Answered", "Somebody replied to it first"),
    SOLVED: ("Solved", "A reply solved it, with that reply"),
    HANDED_OFF: ("Handed off", "Nobody took it, and the helpdesk has it"),
    GAP: ("Gap", "People look for something again and again that nothing answers"),
}
SENT_AGAIN = "I send it again now."


def webhooks_section(*, is_admin: bool) -> list[Block]:
    """In App Home, for admins."""
    if not is_admin:
        return []
    return [
        section(
            "*Webhooks* tell a system of yours what happens to questions in public channels.",
            accessory=button("Webhooks", OPEN, "home"),
        )
    ]


def webhooks_modal(shown: Sequence[WebhookView]) -> Block:
    rows = [block for each in shown for block in webhook_blocks(each)]
    return {
        "type": "modal",
        "title": plain_text("Webhooks"),
        "close": plain_text("Close"),
        "blocks": [
            section(
                "Each is called when something happens to a question that every colleague can "
                "read, signed as Standard Webhooks says. Nothing of private channels goes there."
            ),
            *(rows or [section("There are none.")]),
            actions(button("Add a webhook", ADD, "new", style="primary")),
        ],
    }


def webhook_blocks(webhook: WebhookView) -> list[Block]:
    kinds = ", ".join(KINDS[each][0] for each in webhook.kinds if each in KINDS)
    return [
        section(f"*{inline(webhook.host, 100)}*\n{kinds}\n_{last_told(webhook.last)}_"),
        actions(
            button("What it was told", CALLS, webhook.webhook_id),
            button("Remove it", REMOVE, webhook.webhook_id, style="danger"),
        ),
    ]


def last_told(last: CallView | None) -> str:
    return "Not called yet" if last is None else how_it_went(last)


def how_it_went(call: CallView) -> str:
    why = inline(call.failed_why or "", 200)
    if call.told_at is not None:
        return f"Told {date(call.told_at, '{date_short_pretty} at {time}')}"
    if call.failed_at is not None:
        return f"Given up: {why}"
    if call.tried:
        return f"Tried {call.tried} times, and tried again: {why}"
    return "On its way"


def add_modal() -> Block:
    kinds = {each: described(name, each, about) for each, (name, about) in KINDS.items()}
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "title": plain_text("Add a webhook"),
        "submit": plain_text("Add it"),
        "close": plain_text("Cancel"),
        "blocks": [
            needed(
                ADDRESS,
                "Its address",
                {
                    "type": "plain_text_input",
                    "action_id": "value",
                    "max_length": MAX_ADDRESS,
                    "placeholder": plain_text("https://intranet.example.com/askaround"),
                },
            ),
            needed("kinds", "What is it told?", checkboxes([*kinds.values()], [kinds[SOLVED]])),
        ],
    }


def webhook_secret_modal(made: NewWebhook) -> Block:
    """A modal is no message: Slack keeps nothing of it."""
    return {
        "type": "modal",
        "title": plain_text("Secret"),
        "close": plain_text("I have copied it"),
        "blocks": [
            section(
                "Each call is signed with this secret, and any library for Standard Webhooks "
                "checks that. Copy it now, because nobody is shown it again:\n"
                f"```{made.secret}```"
            )
        ],
    }


def calls_modal(webhook: WebhookView, calls: Sequence[CallView]) -> Block:
    return {
        "type": "modal",
        "title": plain_text("What it was told"),
        "close": plain_text("Close"),
        "blocks": [
            header(webhook.host),
            *([call_block(each) for each in calls] or [section("Nothing yet.")]),
            context("What is sent again has the same id, so that the receiver knows it."),
        ],
    }


def call_block(call: CallView) -> Block:
    about = f" · question {call.question_id}" if call.question_id is not None else ""
    text = f"`{call.kind}`{about}\n{how_it_went(call)}"
    is_waiting = call.told_at is None and call.failed_at is None
    return section(text) if is_waiting else section(text, button("Send again", AGAIN, call.call_id))


def body_of(call: Call, url: str) -> Json:
    """What is sent. Without the question's words where they are no longer everybody's."""
    shown = call.question
    data: Json = {"question_id": call.question_id} if call.question_id is not None else {}
    if call.kind == GAP:
        data["theme"] = call.about
    if shown is not None:
        solutions = [each for each in shown.answers if each.accepted_at is not None]
        data |= {
            "question": question(shown, url),
            "solutions": [answer(each, url) for each in solutions],
        }
    return {"type": call.kind, "timestamp": moment(call.happened_at), "data": data}
