"""Columns of texts that Arrow stores, as codes."""

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from os import cpu_count
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from attrs import frozen
from numpy.typing import NDArray

from thbstats.columns import Coded
from thbstats.columns.codes import lookup, narrow, narrowest_type
from thbstats.tables.keys import Keys

if TYPE_CHECKING:
    import pyarrow as pa

_BLOCK = 1 << 16  # rows that fit into the processor cache, and usually contain every text
_SLICES = 2  # parts of a column, for a thread each
_MANY = 100_000  # rows from which a second thread is faster
_BYTE = 256  # values of one byte
_MISSES = 2  # blocks with new texts, above which hashing is faster
_BLOCKS = 8  # blocks after which one more is allowed
_MOST_FEATURES = 3
_ENDS = 8  # bytes at each end that can be features


def is_arrow(values: Any) -> bool:
    """Return whether Arrow stores a column of texts."""
    dtype = getattr(values, "dtype", None)
    return isinstance(dtype, pd.StringDtype) and dtype.storage == "pyarrow"


def code_texts(columns: Sequence[Any]) -> list[Coded[Any]]:
    """Return columns of texts as codes; ``None`` is the category of an empty cell."""
    import pyarrow as pa

    texts = [pa.chunked_array(pa.array(getattr(values, "array", values))) for values in columns]
    if len(texts[0]) <= _MANY:
        return [_code_part(column) for column in texts]
    step = -(-len(texts[0]) // _SLICES)
    parts = [column.slice(n * step, step) for column in texts for n in range(_SLICES)]
    with ThreadPoolExecutor(min(len(parts), cpu_count() or 1)) as threads:
        coded = list(threads.map(_code_part, parts))
    return [Coded.concat(coded[n : n + _SLICES]) for n in range(0, len(coded), _SLICES)]


def _code_part(texts: "pa.ChunkedArray") -> Coded[Any]:
    """Return texts as codes: by their features where the texts are known, else by hashing."""
    if len(texts) <= _BLOCK:
        return _hashed(texts)
    codes, known = np.empty(len(texts), dtype=np.uint8), dict[str | None, int]()
    features, misses, row = None, 0, 0
    for chunk in texts.chunks:
        for start in range(0, len(chunk), _BLOCK):
            block = chunk.slice(start, _BLOCK)
            rows = slice(row, row + len(block))
            if features is None or not features.find(block, codes[rows]):
                hashed, features = _hashed(texts.slice(row, len(block))), None
                misses += 1
                if misses <= _MISSES + row // _BLOCK // _BLOCKS:
                    numbers = [known.setdefault(text, len(known)) for text in hashed.categories]
                    features = TextFeatures.of(known, block.type)
                if features is None:
                    remaining = _hashed(texts.slice(row))
                    parts = [Coded(codes[:row], known), remaining]
                    return Coded.concat(parts) if row else remaining
                codes[rows] = np.array(numbers, dtype=np.uint8)[hashed.codes]
            row = rows.stop
    return Coded(codes, known)


def _hashed(texts: "pa.ChunkedArray") -> Coded[Any]:
    array = texts.dictionary_encode().unify_dictionaries().combine_chunks()
    values = array.dictionary.to_pylist()
    indices = array.indices
    if array.null_count:
        indices = indices.fill_null(len(values))
        values.append(None)
    codes = indices.to_numpy(zero_copy_only=False)
    return Coded(narrow(codes, narrowest_type(len(values))), values)


@frozen(eq=False, kw_only=True)
class TextFeatures:
    """Bytes that distinguish some texts, for a search without hashing.

    ``positions`` are those of the bytes, from the start or with a minus from the end. ``None`` is
    the number of bytes. ``table`` contains the number of a text for each combination of features.
    """

    texts: tuple[str | None, ...]
    array: "pa.Array"
    positions: tuple[int | None, ...]
    table: NDArray[np.uint8]

    @classmethod
    def of(cls, texts: Iterable[str | None], arrow_type: Any) -> "TextFeatures | None":
        """Return the features of texts, or ``None`` if no few bytes distinguish them."""
        import pyarrow as pa

        texts = tuple(texts)
        is_text = pa.types.is_string(arrow_type) or pa.types.is_large_string(arrow_type)
        if not is_text or len(texts) > _BYTE:
            return None
        encoded = {number: text.encode() for number, text in enumerate(texts) if text}
        sizes = [len(text) for text in encoded.values()]
        if max(sizes, default=0) >= _BYTE:
            return None
        ends = min(_ENDS, min(sizes, default=0))
        features: dict[int | None, NDArray[np.intp]] = {None: np.array(sizes, dtype=np.intp)}
        for position in range(-ends, ends):
            features[position] = np.array([text[position] for text in encoded.values()])
        positions: tuple[int | None, ...] = ()
        keys = np.zeros(len(encoded), dtype=np.intp)
        while len(np.unique(keys)) < len(keys):
            if len(positions) == _MOST_FEATURES:
                return None
            choices = {position: keys * _BYTE + column for position, column in features.items()}
            best = max(choices, key=lambda position: len(np.unique(choices[position])))
            positions, keys = (*positions, best), choices[best]
        table = np.zeros(_BYTE ** len(positions), dtype=np.uint8)
        table[keys] = list(encoded)
        return cls(texts=texts, array=pa.array(texts, arrow_type), positions=positions, table=table)

    def find(self, texts: "pa.Array", codes: NDArray[np.uint8]) -> bool:
        """Write the number of each text, and return whether all texts are known."""
        import pyarrow as pa

        _, offsets, content = texts.buffers()
        dtype = np.int64 if pa.types.is_large_string(texts.type) else np.int32
        limits: NDArray[Any] = np.frombuffer(offsets, dtype)[texts.offset :]
        starts, ends = limits[: len(texts)], limits[1 : len(texts) + 1]
        data = np.frombuffer(content or b"\0", np.uint8)
        features = []
        for position in self.positions:
            if position is None:
                feature = ends.astype(np.uint8) - starts.astype(np.uint8)
            else:
                feature = data.take((starts if position >= 0 else ends) + position, mode="wrap")
            features.append((feature, _BYTE))
        lookup(self.table, Keys(features, len(texts)).block(slice(None)), codes)
        # An empty text has no bytes, and an empty cell has no text.
        if "" in self.texts:
            codes[starts == ends] = self.texts.index("")
        if None in self.texts and texts.null_count:
            codes[texts.is_null().to_numpy(zero_copy_only=False)] = self.texts.index(None)
        return bool(self.array.take(pa.array(codes)).equals(texts))
