"""How well the bot tells requests for help from other messages.

Input: JSON lines, of either form, keys beyond these ignored.
- {"text": message in Slack's mrkdwn, "label": "Q" if it opens a request for help or information,
  else another letter}. With "community", figures for each community are given too.
  Figures: precision, recall, f1 (with a 95 % bootstrap interval), n, by_community.
- {"kind": "asks_something:<weak spot>" or "says_it_works:<weak spot>", "lang", "input": message,
  "expected": true or false}: does a message in a help channel ask something; does an asker's
  reply say that it works. Both as tables by kind and by language.
  Figures: asks.precision, asks.recall, asks.unsure_share (of the messages that ask nothing, how
  many the bot would ask about), asks.missed_unsure (of the requests not heard, how many it would
  ask about), works.precision, works.recall; by_kind and by_lang the same.
"""

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot.detection import Asks, asks, asks_something, says_it_works

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
    return run_cases(messages) if "kind" in messages[0] else run_labelled(messages)


def run_labelled(messages: list[dict[str, Any]]) -> dict[str, Any]:
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


def run_cases(cases: list[dict[str, Any]]) -> dict[str, Any]:
    judged = [{**case, "said": judgement(case)} for case in cases]
    show_missed(judged)
    show_table("kind", groups(judged, lambda case: case["kind"]))
    show_table("language", groups(judged, lambda case: f"{spot(case)[0]} {case['lang']}"))
    return {
        **figures(judged),
        "n": len(judged),
        "by_kind": figures_of(groups(judged, lambda case: spot(case)[1])),
        "by_lang": figures_of(groups(judged, lambda case: case["lang"])),
    }


def judgement(case: dict[str, Any]) -> Asks:
    """What the bot says, in the words of the first judgement."""
    if spot(case)[0] == "asks_something":
        return asks(case["input"])
    return Asks.CERTAINLY if says_it_works(case["input"]) else Asks.NO


def spot(case: dict[str, Any]) -> tuple[str, str]:
    """Which judgement the case is for, and the weak spot that it aims at."""
    judgement, _, weak_spot = case["kind"].partition(":")
    return judgement, weak_spot


def groups(
    judged: list[dict[str, Any]], name_of: Callable[[dict[str, Any]], str]
) -> dict[str, list[dict[str, Any]]]:
    by_name: dict[str, list[dict[str, Any]]] = {}
    for case in judged:
        by_name.setdefault(name_of(case), []).append(case)
    return dict(sorted(by_name.items()))


def figures_of(parts: dict[str, list[dict[str, Any]]]) -> dict[str, dict[str, float | None]]:
    return {name: figures(part) for name, part in parts.items()}


def figures(judged: list[dict[str, Any]]) -> dict[str, float | None]:
    """For each judgement that has cases; None where a figure would divide by nothing."""
    result: dict[str, float | None] = {}
    for judgement, name in (("asks_something", "asks"), ("says_it_works", "works")):
        part = [case for case in judged if spot(case)[0] == judgement]
        if not part:
            continue
        hits = sum(case["expected"] and case["said"] is Asks.CERTAINLY for case in part)
        heard = sum(case["said"] is Asks.CERTAINLY for case in part)
        asking = sum(case["expected"] for case in part)
        result[f"{name}.precision"] = share(hits, heard)
        result[f"{name}.recall"] = share(hits, asking)
        if name == "asks":
            unsure = [case for case in part if case["said"] is Asks.UNSURE]
            unsure_of_asks = sum(case["expected"] for case in unsure)
            result["asks.unsure_share"] = share(len(unsure) - unsure_of_asks, len(part) - asking)
            result["asks.missed_unsure"] = share(unsure_of_asks, asking - hits)
    return result


def share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def show_missed(judged: list[dict[str, Any]]) -> None:
    for case in judged:
        if case["expected"] != (case["said"] is Asks.CERTAINLY) or case["said"] is Asks.UNSURE:
            beginning = " ".join(case["input"].split())[:90]
            wanted = "should" if case["expected"] else "should not"
            print(
                f"{case['kind']:<28}{case['lang']:<4}{wanted:<11}{case['said'].value:<10}{beginning!a}"
            )


def show_table(title: str, parts: dict[str, list[dict[str, Any]]]) -> None:
    print(f"\n{title:<30}{'n':>4}{'precision':>11}{'recall':>8}{'unsure':>8}")
    for name, part in parts.items():
        values = {key.partition(".")[2]: value for key, value in figures(part).items()}
        columns = (values["precision"], values["recall"], values.get("unsure_share"))
        shown = "".join(f"{'–' if value is None else format(value, '.2f'):>9}" for value in columns)
        print(f"{name:<30}{len(part):>4}{shown}")


def built_in() -> list[dict[str, Any]]:
    asking = [{"text": text, "label": "Q"} for text in ASKING]
    return asking + [{"text": text, "label": "N"} for text in NOT_ASKING]


def read(data: Path) -> list[dict[str, Any]]:
    messages: list[dict[str, Any]] = []
    for number, line in enumerate(data.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        message = json.loads(line)
        check_form(message, number, like=messages[0] if messages else None)
        messages.append(message)
    return messages


def check_form(message: Any, number: int, *, like: dict[str, Any] | None) -> None:
    if not isinstance(message, dict):
        raise ValueError(f"line {number} is not an object")
    is_case = "kind" in (message if like is None else like)
    wanted = {"kind", "lang", "input", "expected"} if is_case else {"text", "label"}
    if not wanted <= message.keys():
        raise ValueError(f"line {number} has not all of {', '.join(sorted(wanted))}")
    if not isinstance(message["input" if is_case else "text"], str):
        raise ValueError(f"the text in line {number} is not a string")
    if is_case and spot(message)[0] not in ("asks_something", "says_it_works"):
        raise ValueError(f"line {number} is of an unknown kind, {message['kind']!r}")


def show_mistakes(messages: list[dict[str, Any]], outcomes: list[tuple[bool, bool]]) -> None:
    for message, (is_asking, detected) in zip(messages, outcomes, strict=True):
        if is_asking != detected:
            beginning = " ".join(message["text"].split())[:100]
            print(f"{'missed' if is_asking else 'false alarm':<12}{beginning!a}")


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
