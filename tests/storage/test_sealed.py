"""What is sealed can be read with the key alone, and only as it was."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.vault import new_key
from storage.sealed import MARK, PIECE, SALT, SealedWriter, WrongKey, is_sealed, unsealed
from tests.examples import some

KEY = new_key()
LENGTHS = st.one_of(
    st.integers(0, 40), st.sampled_from([PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 2 * PIECE + 7])
)


def sealed(content: bytes, step: int = 1000) -> bytes:
    file = io.BytesIO()
    with SealedWriter(file, KEY) as out:
        for start in range(0, len(content), step):
            out.write(content[start : start + step])
    return file.getvalue()


def opened(content: bytes, key: str = KEY) -> bytes:
    file = io.BytesIO(content)
    assert is_sealed(file)
    return b"".join(unsealed(file, key))


@settings(max_examples=some(20), deadline=None)
@given(length=LENGTHS, step=st.integers(1_000, 200_000))
def test_it_is_what_was_written(length: int, step: int):
    content = bytes(number % 251 for number in range(length))

    assert opened(sealed(content, step)) == content


def test_nothing_of_it_can_be_read():
    words = b"The tariff code is wrong. " * 10
    assert b"tariff" not in sealed(words)
    assert sealed(words) != sealed(words)  # nor that it is the same


@pytest.mark.parametrize("at", [len(MARK), len(MARK) + SALT, len(MARK) + SALT + PIECE, -1])
def test_whatever_is_changed_is_noticed(at: int):
    changed = bytearray(sealed(b"x" * (PIECE + 100)))
    changed[at] ^= 1

    with pytest.raises(WrongKey):
        opened(bytes(changed))


@pytest.mark.parametrize("kept", [PIECE + 16, 0, 5, PIECE + 40])
def test_whatever_is_cut_off_is_noticed(kept: int):
    with pytest.raises(WrongKey):
        opened(sealed(b"x" * (2 * PIECE))[: len(MARK) + SALT + kept])


def test_another_key_opens_nothing():
    with pytest.raises(WrongKey):
        opened(sealed(b"x"), new_key())
