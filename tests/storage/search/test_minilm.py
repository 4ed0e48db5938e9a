"""The language model, against what the package it comes from made of the same texts."""

import hashlib
import os

import pytest

from storage.search.minilm import VOCABULARY, MiniLm, open_tokenizer

# A text, its tokens' ids, and the beginning of its vector.
KNOWN = [
    (
        "Our shipment was lost on the way to Hamburg",
        [101, 2256, 22613, 2001, 2439, 2006, 1996, 2126, 2000, 8719, 102],
        [0.000114, 0.056269, 0.05178, 0.04482, 0.039082, 0.071614],
    ),
    (
        "parcel vanished",
        [101, 20463, 9955, 102],
        [-0.002636, 0.008466, 0.057099, 0.033781, 0.077688, 0.03667],
    ),
    (
        "Wie korrigiere ich den Zollcode?",
        [101, 15536, 2063, 12849, 18752, 11239, 2890, 22564, 7939, 1062, 14511, 16044, 1029, 102],
        [-0.043479, 0.095194, -0.041218, 0.033785, -0.034231, 0.055299],
    ),
    (
        "なぜ申告が拒否されましたか",
        [101, 1667, 30185, 100, 100, 1651, 100, 100, 1656, 30214, 30203, 30183, 30187, 30177, 102],
        [-0.004297, 0.07125, 0.056277, 0.01504, -0.042331, 0.081364],
    ),
    (
        "[SEP] x [MASK] résumé naïve ÀÉÎ",
        [101, 102, 1060, 103, 13746, 15743, 29347, 2072, 102],
        [-0.120925, -0.018386, 0.036033, -0.042373, -0.006755, 0.03308],
    ),
    (
        "🦓 C++ node.js <b>&amp;</b>",
        [
            101,
            100,
            1039,
            1009,
            1009,
            13045,
            1012,
            1046,
            2015,
            1026,
            1038,
            1028,
            1004,
            23713,
            1025,
            1026,
            1013,
            1038,
            1028,
            102,
        ],
        [-0.068871, 0.056556, -0.035938, 0.001238, -0.01007, 0.024878],
    ),
    (
        "tab\tnul\x00 � ctl\x07",
        [101, 21628, 16371, 2140, 14931, 2140, 102],
        [-0.057439, -0.029436, -0.065924, -0.035108, -0.103727, -0.002135],
    ),
    (
        "ﬁﬂ Ａ１ İstanbul",
        [101, 1984, 30511, 100, 9960, 102],
        [0.041217, 0.001951, 0.017087, 0.037785, -0.104238, 0.003484],
    ),
    (
        "한국어 질문 العربية",
        [
            101,
            1469,
            30006,
            30021,
            29991,
            30014,
            30020,
            29999,
            30008,
            1464,
            30019,
            30022,
            29995,
            30014,
            30021,
            1270,
            23673,
            29830,
            17149,
            29816,
            14498,
            19433,
            102,
        ],
        [-0.001702, 0.121855, -0.020956, 0.007838, -0.003014, -0.025382],
    ),
]


@pytest.fixture(scope="module")
def model() -> MiniLm:
    return MiniLm()


@pytest.mark.parametrize(("text", "ids", "vector"), KNOWN, ids=[each[0][:20] for each in KNOWN])
def test_a_text_has_the_tokens_and_the_vector_it_always_had(
    model: MiniLm, text: str, ids: list[int], vector: list[float]
):
    """Vectors that were stored before are compared with it."""
    found = model.embed(text)

    assert open_tokenizer().encode(text).ids == ids
    assert found.shape == (384,)
    assert (found * found).sum() == pytest.approx(1, abs=1e-5)
    assert list(found[: len(vector)]) == pytest.approx(vector, abs=1e-4)


def test_of_a_long_text_only_the_beginning_is_read(model: MiniLm):
    long = "word " * 254

    assert list(model.embed(long + "parcel " * 500)) == list(model.embed(long))


def test_no_text_at_all_has_a_vector_too(model: MiniLm):
    assert model.embed("").shape == (384,)


def test_the_vocabulary_is_the_published_one():
    published = "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3"

    assert hashlib.sha256(VOCABULARY.read_bytes()).hexdigest() == published


def test_its_runtime_is_told_to_report_nothing():
    """Seen from outside in tests/test_silence.py, where that can be watched."""
    assert os.environ["ORT_DISABLE_TELEMETRY"] == "1"
