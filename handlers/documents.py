"""Documents that people take with them: headings, bullets and links, as a docx file."""

import io
import re
from collections.abc import Iterable

from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

from handlers.blocks.text import Block

UNWRITABLE = re.compile("[^\\t\\n\\r\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")  # in XML


def to_docx(lines: Iterable[tuple[bool, list[Block]]]) -> bytes:
    """Each line is an entry of a list, or a heading; and its pieces of rich text. The first is the
    title."""
    document = Document()
    (_, title), *others = lines
    document.add_heading(writable(title[0]["text"]), level=1)
    for is_entry, pieces in others:
        if is_entry:
            write(document.add_paragraph(style="List Bullet"), pieces)
        else:
            document.add_heading(writable(pieces[0]["text"]), level=2)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def write(paragraph: Paragraph, pieces: Iterable[Block]) -> None:
    for piece in pieces:
        run = paragraph.add_run(writable(piece["text"]))
        if "url" not in piece:
            continue
        run.font.underline = True
        part = paragraph.part
        address = part.relate_to(piece["url"], RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        link = OxmlElement("w:hyperlink")
        link.set(qn("r:id"), address)
        link.append(run._r)
        paragraph._p.append(link)


def writable(words: str) -> str:
    return UNWRITABLE.sub("", words)
