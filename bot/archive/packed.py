"""The files of an archive: a folder, or a zip of one, which is read without unpacking it.

What is wrong with it as a whole is found before anything is taken in: see `check`."""

import codecs
import hashlib
import json
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from io import TextIOWrapper
from pathlib import Path, PurePosixPath
from typing import IO, Any

from bot.errors import (
    ArchiveBroken,
    ArchiveIsBomb,
    ArchiveLeadsOutside,
    ArchiveNotThere,
)

CHUNK = 1 << 20  # characters read at once
# JSON shrinks to a tenth or a twentieth; what shrinks more than this was made to fill disks.
# What is small does no harm: it is read a piece at a time.
MOST_SHRUNK, SMALL = 250, 100_000_000
LARGEST_FILE, MOST_BYTES = 4_000_000_000, 400_000_000_000
LONGEST_OBJECT = 20_000_000  # characters; Slack's longest message has some 100,000


class Packed:
    """`names`: of all files, in one order, with / between folders."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.zip = None if path.is_dir() else opened(path)
        self.names: Sequence[str] = sorted(self._list())

    def _list(self) -> list[str]:
        if self.zip is not None:
            check(self.zip, self.path)
            return [each.filename for each in self.zip.infolist() if not each.is_dir()]
        root = self.path.resolve()
        found = [each for each in self.path.rglob("*") if each.is_file()]
        if any(not each.resolve().is_relative_to(root) for each in found):
            raise ArchiveLeadsOutside(self.path.name)
        return [each.relative_to(self.path).as_posix() for each in found]

    def checksum(self) -> str:
        """The same for the same files; without reading them."""
        told = hashlib.sha256()
        for name in self.names:
            if self.zip is not None:
                info = self.zip.getinfo(name)
                told.update(f"{name}\0{info.CRC}\0{info.file_size}\n".encode())
            else:
                told.update(f"{name}\0{(self.path / name).stat().st_size}\n".encode())
        return told.hexdigest()

    def open(self, name: str) -> IO[bytes]:
        return self.zip.open(name) if self.zip is not None else (self.path / name).open("rb")

    def read(self, name: str) -> bytes:
        try:
            with self.open(name) as file:
                return file.read()
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError) as error:
            raise ArchiveBroken(self.path.name, name) from error

    def json(self, name: str) -> Any:
        """The whole of a small file; None where there is none."""
        if name not in self.names:
            return None
        try:
            return json.loads(text_of(self.read(name)))
        except (ValueError, RecursionError) as error:
            raise ArchiveBroken(self.path.name, name) from error

    def objects(self, name: str) -> Iterator[dict[str, Any]]:
        """The objects of a list, one at a time: a file may be larger than there is memory."""
        try:
            with (
                self.open(name) as file,
                TextIOWrapper(file, encoding="utf-8-sig", errors="replace") as text,
            ):
                yield from objects_in(text)
        except (
            *(zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError),
            *(ValueError, RecursionError),
        ) as error:
            raise ArchiveBroken(self.path.name, name) from error


def opened(path: Path) -> zipfile.ZipFile:
    if not path.exists():
        raise ArchiveNotThere(str(path))
    try:
        return zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise ArchiveBroken(path.name, path.name) from error


def check(archive: zipfile.ZipFile, path: Path) -> None:
    """That it is what a zip of people's words can be, by what its list of contents says."""
    files = archive.infolist()
    if any(leads_outside(each.filename) for each in files):
        raise ArchiveLeadsOutside(path.name)
    whole = sum(each.file_size for each in files)
    packed = sum(each.compress_size for each in files)
    is_shrunk = any(
        each.file_size > SMALL and each.file_size > MOST_SHRUNK * max(1, each.compress_size)
        for each in files
    )
    is_overlapping = packed > path.stat().st_size
    is_too_large = whole > MOST_BYTES or any(each.file_size > LARGEST_FILE for each in files)
    is_shrunk |= whole > SMALL and whole > MOST_SHRUNK * max(1, packed)
    if is_shrunk or is_overlapping or is_too_large:
        raise ArchiveIsBomb(path.name)
    if any(each.flag_bits & 0x1 for each in files):  # locked with a password
        raise ArchiveBroken(path.name, path.name)


def leads_outside(name: str) -> bool:
    parts = PurePosixPath(name.replace("\\", "/"))
    return parts.is_absolute() or ".." in parts.parts or ":" in parts.parts[0:1][0:1]


def text_of(raw: bytes) -> str:
    """As UTF-8, or as UTF-16 where it says so; what is neither keeps its readable letters."""
    for mark, encoding in (
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
        (codecs.BOM_UTF8, "utf-8-sig"),
    ):
        if raw.startswith(mark):
            return raw.decode(encoding, errors="replace")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def objects_in(text: TextIOWrapper) -> Iterator[dict[str, Any]]:
    """The objects of a JSON list; ValueError where it is none, or is cut off."""
    decode = json.JSONDecoder().raw_decode
    buffer, at, is_whole = text.read(CHUNK), 0, False
    at = skipped(buffer, 0, " \t\r\n")
    if not buffer[at : at + 1] == "[":
        raise ValueError("no list")
    at += 1
    while not is_whole:
        at = skipped(buffer, at, " \t\r\n,")
        if buffer[at : at + 1] == "]":
            return
        try:
            found, at = decode(buffer, at)
        except ValueError:
            more = text.read(CHUNK)
            if not more or len(buffer) - at > LONGEST_OBJECT:
                raise
            buffer, at = buffer[at:] + more, 0
            continue
        if isinstance(found, dict):
            yield found
        if at > CHUNK:
            buffer, at = buffer[at:], 0


def skipped(text: str, at: int, signs: str) -> int:
    while at < len(text) and text[at] in signs:
        at += 1
    return at
