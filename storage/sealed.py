"""A file that only who has the key can read: AES-256-GCM, piece by piece, so that a large one
is neither held in memory nor used before it is known to be whole.

Each file has a key of its own, made from the operator's and the salt in its beginning. A piece's
nonce is its number and whether it is the last: none can be changed, moved, left out or cut off."""

import secrets
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from itertools import count
from types import TracebackType
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MARK = b"askaround sealed 1\n"
SALT, PIECE, TAG = 16, 1 << 16, 16  # bytes


class WrongKey(ValueError):
    """It is not sealed with this key, or was changed or cut since."""


class SealedWriter:
    """`key`: what `app.py new-key` prints. What is written is there once it is closed."""

    def __init__(self, file: BinaryIO, key: str) -> None:
        salt = secrets.token_bytes(SALT)
        self._file, self._cipher, self._numbers = file, cipher_of(key, salt), count()
        self._waiting = bytearray()
        file.write(MARK + salt)

    def write(self, content: bytes) -> None:
        self._waiting += content
        while len(self._waiting) > PIECE:  # the last piece is never empty, unless all is
            self._seal(bytes(self._waiting[:PIECE]), is_last=False)
            del self._waiting[:PIECE]

    def _seal(self, piece: bytes, *, is_last: bool) -> None:
        nonce = nonce_of(next(self._numbers), is_last=is_last)
        self._file.write(self._cipher.encrypt(nonce, piece, MARK))

    def __enter__(self) -> "SealedWriter":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self._seal(bytes(self._waiting), is_last=True)


def is_sealed(file: BinaryIO) -> bool:
    """Whether the file begins like one; it is at its beginning again."""
    begins = file.read(len(MARK))
    file.seek(0)
    return begins == MARK


def unsealed(file: BinaryIO, key: str) -> Iterator[bytes]:
    """Its pieces; WrongKey where one is not as it was sealed, or the last one is missing."""
    file.read(len(MARK))
    cipher = cipher_of(key, file.read(SALT))
    piece = file.read(PIECE + TAG)
    for number in count():
        following = file.read(PIECE + TAG)
        try:
            yield cipher.decrypt(nonce_of(number, is_last=not following), piece, MARK)
        except InvalidTag as error:
            raise WrongKey() from error
        if not following:
            return
        piece = following


def cipher_of(key: str, salt: bytes) -> AESGCM:
    made = HKDF(SHA256(), length=32, salt=salt, info=MARK).derive(urlsafe_b64decode(key))
    return AESGCM(made)


def nonce_of(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])
