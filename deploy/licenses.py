"""`python -m deploy.licenses BOM`: what is shipped and under which license, as a page, from the
bill of materials that `make sbom` made."""

import json
import re
import sys
from pathlib import Path
from typing import Any

PAGE = """\
# What is shipped, and its licenses

Askaround is under the MIT license (`LICENSE`). An installation, and so the image, brings the \
packages below, as `requirements.lock` names them; each has its own license's text beside it. \
`make sbom` makes this page and, with those texts, a bill of materials in CycloneDX. Not listed \
are the image's base (Debian and Python, which keep theirs in `/usr/share/doc`) and the packages \
of the extra `meaning`.

| package | version | license |
|---|---|---|
{rows}

Part of the program itself is the vocabulary of BERT (uncased), by Google Research, under \
Apache-2.0, with its license in `storage/search/minilm/`.
"""


def licenses_of(component: dict[str, Any]) -> str:
    """By their short names, where the package says them."""
    found = [
        each.get("expression") or each["license"].get("id") or each["license"]["name"]
        for each in component["licenses"]
    ]
    short = [each.removeprefix("License :: OSI Approved :: ") for each in found]
    return ", ".join(each for each in short if not each.startswith("declared license"))


def plain(name: str) -> str:
    """A package's name, as lock files write it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def page(bom: dict[str, Any]) -> str:
    rows = sorted(
        f"| {plain(each['name'])} | {each['version']} | {licenses_of(each)} |"
        for each in bom["components"]
    )
    return PAGE.format(rows="\n".join(rows))


if __name__ == "__main__":
    print(page(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))), end="")
