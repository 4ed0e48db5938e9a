"""What the pages say of the repository is so: files, functions, links, and the version."""

import re
import tomllib
from pathlib import Path

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config

ROOT = Path(__file__).parents[1]
OURS = r"(?:bot|handlers|storage|sandbox|tests|bench|docs)/[\w/.-]*\w/?"
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("bench/*.md")])
SOURCES = sorted(
    path for name in ("bot", "handlers", "storage") for path in ROOT.glob(f"{name}/**/*.py")
)


def is_there(name: str) -> bool:
    """A folder, a file, a module without its ending, or something that a module defines."""
    path, _, defined = name.partition("::")
    if defined:
        return f"def {defined}(" in (ROOT / path).read_text(encoding="utf-8")
    if (ROOT / path).exists() or (ROOT / f"{path}.py").exists():
        return True
    module, _, attribute = path.rpartition(".")
    file = ROOT / f"{module}.py"
    return file.exists() and f"def {attribute}(" in file.read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_files_that_a_page_names_are_there(page: Path):
    named = re.findall(rf"`({OURS}(?:::\w+)?)`", page.read_text(encoding="utf-8"))

    assert [name for name in named if not is_there(name)] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_of_a_page_lead_somewhere(page: Path):
    links = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8"))

    assert [link for link in links if not (page.parent / link).exists()] == []


def test_files_that_a_comment_names_are_there():
    named = [
        (source.relative_to(ROOT).as_posix(), name)
        for source in SOURCES
        for name in re.findall(rf"(?:`|see ){OURS}", source.read_text(encoding="utf-8"))
    ]

    assert named
    assert [each for each in named if not is_there(each[1].removeprefix("see ").strip("`"))] == []


@pytest.mark.parametrize("word", ["ticket", "responder", "resolved", "karma"])
def test_a_word_that_is_never_used_is_used_nowhere(word: str):
    """Where people read it; Slack and the web have their own "ticket" and "resolved"."""
    said = [*ROOT.glob("handlers/blocks/**/*.py"), ROOT / "bot" / "errors.py"]
    pages = [page for page in PAGES if page.name != "WORDS.md"]

    found = [
        path
        for path in [*said, *pages]
        if re.search(rf"\b{word}s?\b", path.read_text(encoding="utf-8"), re.IGNORECASE)
    ]

    assert found == []


def test_the_changelog_tells_of_this_version_first():
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")

    first = re.search(r"^## \[(?!Unreleased)(.+?)\]", changelog, re.MULTILINE)
    assert first is not None
    assert first[1] == version


def test_the_pages_become_a_site_that_loads_nothing_from_elsewhere(tmp_path: Path):
    """As `make docs` does: each page is in its navigation, and each link leads somewhere."""
    config = load_config(str(ROOT / "mkdocs.yml"), site_dir=str(tmp_path), strict=True)
    build(config)

    pages = list(tmp_path.glob("*.html"))
    assert {"index.html", "USERS.html", "CONTRIBUTING.html"} <= {page.name for page in pages}
    loaded = re.compile(r"<(?:script|link|img)[^>]+(?:src|href)=\"(?:https?:)?//")
    assert [page.name for page in pages if loaded.search(page.read_text("utf-8"))] == []
