"""How well the bot tells requests for help from other messages.

Input: JSON lines `{"text": "a top-level Slack message", "label": "Q"}`; label "Q" means the
message asks, any other label that it does not. With `community` in a line, figures for each
community are given too. Other keys are ignored.
Figures: precision, recall, f1 (with a 95 % bootstrap interval), n, by_community.
"""

import json
import random
from pathlib import Path
from typing import Any

from bot.detection import asks_something

RESAMPLES = 1_000

ASKING = (
    "How do I get access to the staging database?",
    "hi all, does anyone know who owns the billing service",
    "<!here> VPN keeps dropping every ten minutes and I can't connect to the file server",
    "Is there a template for customs declarations to Norway?",
    "I get an error when I scan pallets in zone C: ```E-4711 location locked```",
    "stuck on the new expense form, it fails with `invalid cost centre` :confused:",
    "Where can I find the holiday calendar for 2026?",
    "Looking for someone who has worked with SAP exports before",
    "The label printer on dock 4 doesn't work since this morning.",
    "what's the best way to hand over a shift when the planner is offline",
    "Any ideas why the nightly import is so slow?",
    "Can someone reset my password please",
    "I'm trying to build the docs but nothing shows up. Any hints?",
    "We need help with the inventory count on Friday",
    "how to change the delivery address after an order has shipped",
    "Kann mir jemand sagen, wo ich die Reisekosten einreiche?",
    "Bonjour, je n'arrive pas à ouvrir le fichier partagé",
    "¿Alguien sabe cómo se cambia el turno?",
    "Qualcuno sa dove trovo il modulo ferie?",
    "Alguém sabe quem aprova as férias?",
    "Weet iemand hoe ik een laptop aanvraag?",
    "Czy ktoś wie, jak zgłosić awarię?",
    "経費精算の締め切りはいつですか。",
    "请问年假怎么申请",
    "Is the parking garage open on Sunday?",
    "Got a 403 from the API gateway, is this expected?",
)
NOT_ASKING = (
    "Thanks everyone, that fixed it!",
    "Hi, how are you?",
    "Good morning all :sunny:",
    "FYI: the office is closed on Monday.",
    "We're happy to announce version 2.4, see <https://example.com/?v=2.4|the notes>",
    "Great work yesterday, right?",
    "<@U0ANNA> did you try turning it off and on again?",
    "<@U0BEN> you can find it in the wiki under Onboarding.",
    "Anyone up for lunch at 12?",
    "&gt; How do I reset it?\nAnswered in the channel below.",
    "```if (x ? y : z) { why(); }```",
    "The maintenance window starts at 18:00 UTC.",
    "Yes, exactly.",
    "I think you need to restart the scanner after an update.",
    "Reminder: timesheets are due today.",
    "Lunch menu: <https://example.com/menu?day=1>",
    "Congrats <@U0CARL> on five years!",
    "Wie geht's?",
    "Merci beaucoup, ça marche maintenant !",
    "Did you know that we ship to 40 countries?",
    ":tada: :tada:",
    "お疲れ様です。",
)


def run(data: Path | None) -> dict[str, Any]:
    messages = built_in() if data is None else read(data)
    if not messages:
        raise ValueError("there are no messages in it")
    outcomes = [(m["label"] == "Q", asks_something(m["text"])) for m in messages]
    show_mistakes(messages, outcomes)

    by_community: dict[str, list[tuple[bool, bool]]] = {}
    for message, outcome in zip(messages, outcomes, strict=True):
        by_community.setdefault(str(message.get("community", "all")), []).append(outcome)
    return {
        **scores(outcomes),
        "f1_95": interval(outcomes),
        "n": len(outcomes),
        "by_community": {name: scores(part) for name, part in sorted(by_community.items())},
    }


def built_in() -> list[dict[str, Any]]:
    asking = [{"text": text, "label": "Q"} for text in ASKING]
    return asking + [{"text": text, "label": "N"} for text in NOT_ASKING]


def read(data: Path) -> list[dict[str, Any]]:
    messages = []
    for number, line in enumerate(data.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        message = json.loads(line)
        if not isinstance(message, dict) or not {"text", "label"} <= message.keys():
            raise ValueError(f"line {number} is not an object with text and label")
        if not isinstance(message["text"], str):
            raise ValueError(f"the text in line {number} is not a string")
        messages.append(message)
    return messages


def show_mistakes(messages: list[dict[str, Any]], outcomes: list[tuple[bool, bool]]) -> None:
    for message, (asks, detected) in zip(messages, outcomes, strict=True):
        if asks != detected:
            beginning = " ".join(message["text"].split())[:100]
            print(f"{'missed' if asks else 'false alarm':<12}{beginning!a}")


def scores(outcomes: list[tuple[bool, bool]]) -> dict[str, float]:
    hits = sum(asks and detected for asks, detected in outcomes)
    detected = sum(detected for _, detected in outcomes)
    asking = sum(asks for asks, _ in outcomes)
    return {
        "precision": round(hits / detected, 4) if detected else 0.0,
        "recall": round(hits / asking, 4) if asking else 0.0,
        "f1": round(2 * hits / (detected + asking), 4) if detected + asking else 0.0,
    }


def interval(outcomes: list[tuple[bool, bool]]) -> list[float]:
    """Where 95 % of F1 fall when the messages are drawn again, with replacement."""
    dice = random.Random(0)
    drawn = sorted(scores(dice.choices(outcomes, k=len(outcomes)))["f1"] for _ in range(RESAMPLES))
    return [drawn[int(RESAMPLES * 0.025)], drawn[int(RESAMPLES * 0.975) - 1]]
