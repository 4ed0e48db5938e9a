"""Files that came with a message, by their names."""

from collections.abc import Sequence

from bot.text import FileFacts, plain, shorten, unformatted
from handlers.blocks.text import Block, context, escape, listed, quote

SHOWN = 5
LONGEST_NAME = 80


def file_line(files: Sequence[FileFacts]) -> list[Block]:
    """With a picture: label_dock7.png"""
    if not files:
        return []
    names = [name_of(each) for each in files[:SHOWN]]
    more = len(files) - len(names)
    named = listed([*names, f"{more} more"] if more else names)
    return [context(f"{beginning(files)}: {named}")]


def name_of(file: FileFacts) -> str:
    """With its underscores, which `inline` takes for formatting."""
    return escape(shorten(unformatted(plain(file.title)), LONGEST_NAME))


def beginning(files: Sequence[FileFacts]) -> str:
    if all(each.is_picture for each in files):
        return "With a picture" if len(files) == 1 else "With pictures"
    return "With a file" if len(files) == 1 else "With files"


def quoted(text: str, files: Sequence[FileFacts], most: int = 600) -> list[Block]:
    """A quotation and its files; where nothing was written, the files alone."""
    return [*([] if is_named(text, files) else [quote(text, most)]), *file_line(files)]


def is_named(text: str, files: Sequence[FileFacts]) -> bool:
    """Whether the text is nothing but what the files are called."""
    return bool(files) and set(text.split("\n")) <= {each.title for each in files}
