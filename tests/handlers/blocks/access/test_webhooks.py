"""Webhooks, as admins see them."""

from dataclasses import replace
from typing import Any

import pytest

from bot.access.webhooks import CALLS_SHOWN, KINDS, MOST_WEBHOOKS, CallView, NewWebhook, WebhookView
from handlers.blocks.access import webhooks as shown
from handlers.blocks.access.webhooks import (
    add_modal,
    calls_modal,
    how_it_went,
    webhook_secret_modal,
    webhooks_modal,
    webhooks_section,
)
from tests.handlers.blocks.conftest import AT, ORDINARY


def call(text: str = ORDINARY, **changes: Any) -> CallView:
    return replace(CallView(3, "question.solved", 7, AT, 2, None, None, text), **changes)


def webhook(text: str = ORDINARY) -> WebhookView:
    return WebhookView(5, "intranet.example.com", KINDS, "U1", call(text))


VIEWS = [
    lambda text: webhooks_modal([webhook(text)] * MOST_WEBHOOKS),
    lambda text: webhooks_modal([]),
    lambda text: calls_modal(webhook(text), [call(text, failed_at=AT)] * CALLS_SHOWN),
    lambda text: calls_modal(webhook(text), []),
    lambda text: add_modal(),
    lambda text: webhook_secret_modal(NewWebhook(webhook(text), "whsec_" + "x" * 44)),
]


def test_every_kind_says_what_it_tells():
    assert set(shown.KINDS) == set(KINDS)


@pytest.mark.parametrize(
    ("told", "says"),
    [
        (call("", tried=0), "On its way"),
        (call("it answered 503"), "Tried 2 times, and tried again: it answered 503"),
        (call("it answered 410", failed_at=AT), "Given up: it answered 410"),
        (call("", told_at=AT), "Told <!date"),
    ],
)
def test_how_a_call_went_is_a_sentence(told: CallView, says: str):
    assert how_it_went(told).startswith(says)


def test_webhooks_are_for_admins():
    assert webhooks_section(is_admin=False) == []
    assert "Webhooks" in str(webhooks_section(is_admin=True))
