"""For `make docs`: pages that stand outside docs/ come in, and links to code become its names.

MkDocs calls the functions by their names."""

import re
from pathlib import Path, PurePosixPath
from posixpath import normpath
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).parents[1]
PAGES = {
    "README.md": "index.md",
    "CHANGELOG.md": "CHANGELOG.md",
    "CONTRIBUTING.md": "CONTRIBUTING.md",
    "bench/RESULTS.md": "RESULTS.md",
    "deploy/LICENSES.md": "LICENSES.md",
}
LINK = re.compile(r"(!?)\[((?:[^\[\]]|\[[^\]]*\])*)\]\((?![a-z]+:|#)([^)\s#]+)(#[^)\s]*)?\)")


def on_files(files: Files, config: MkDocsConfig, **_: Any) -> Files:
    for source, name in PAGES.items():
        content = (ROOT / source).read_text("utf-8")
        files.append(File.generated(config, name, content=inside(content, source)))
    return files


def on_page_markdown(markdown: str, page: Page, **_: Any) -> str:
    if page.file.generated_by is not None:
        return markdown
    return inside(markdown, f"docs/{page.file.src_uri}")


def inside(markdown: str, source: str) -> str:
    """With links that lead to a page of the site. `source`: where it stands in the repository."""

    def lead(link: re.Match[str]) -> str:
        picture, label, target, anchor = link.groups()
        path = normpath((PurePosixPath(source).parent / target).as_posix())
        name = PAGES.get(path) or (path.removeprefix("docs/") if path.startswith("docs/") else None)
        return f"{picture}[{label}]({name}{anchor or ''})" if name else label

    return LINK.sub(lead, markdown)
