"""The alert rules and the dashboard ask for measures that there are."""

import json
import re
from pathlib import Path

import yaml

from handlers.meters import Meters

FOLDER = Path(__file__).parents[2] / "deploy" / "monitoring"
NAME = re.compile(r"askaround_\w+")


def known() -> set[str]:
    names = set()
    for metric in Meters().registry.collect():
        suffixes = {"counter": ("_total",), "histogram": ("_bucket", "_count", "_sum")}
        names |= {metric.name + each for each in suffixes.get(metric.type, ("",))}
    return names


def test_alerts_ask_for_what_is_measured():
    rules = yaml.safe_load((FOLDER / "alerts.yml").read_text())["groups"][0]["rules"]
    asked = {name for rule in rules for name in NAME.findall(rule["expr"])}

    assert asked - known() == set()
    assert len({rule["alert"] for rule in rules}) == len(rules)


def test_each_alert_has_its_place_in_the_manual():
    rules = yaml.safe_load((FOLDER / "alerts.yml").read_text())["groups"][0]["rules"]
    manual = (FOLDER.parents[1] / "docs" / "OPERATING.md").read_text()

    assert [rule["alert"] for rule in rules if f"**{rule['alert']}**" not in manual] == []


def test_the_dashboard_shows_what_is_measured():
    panels = json.loads((FOLDER / "dashboard.json").read_text())["panels"]
    asked = {
        name
        for panel in panels
        for target in panel["targets"]
        for name in NAME.findall(target["expr"])
    }

    assert asked - known() == set()
    assert {name for name in known() if name.endswith(("_bucket", "_total"))} <= asked
    assert len({panel["id"] for panel in panels}) == len(panels)
