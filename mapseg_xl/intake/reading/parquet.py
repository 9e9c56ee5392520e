"""A parquet file as one sheet of typed columns. No cells are turned into Python objects that need not be."""

from __future__ import annotations

from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from mapseg_xl.errors import InputError
from mapseg_xl.intake.reading.package import BOMB_BYTES, BOMB_RATIO
from mapseg_xl.intake.tables import Array, RawSheet

EXACT = 2**53  # whole numbers a float64 holds exactly
MOST_COLUMNS = 16_384
ROWS, ROWS_PER_BYTE = 1_000_000, 100  # a row with an id of its own takes a tenth of a byte at least
CELLS, CELLS_PER_BYTE = 50_000_000, 500


def read_parquet(stream: BinaryIO, path: Path) -> RawSheet:
    """Columns as float64, bool, datetime64 or object of str; NaN, NaT and None where null. `headers` has the names.

    Equal texts share one object. Whole numbers beyond 2**53 become text, so that ids stay exact.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(stream)
        _refuse_bombs(file.metadata, path)
        headers = tuple(file.schema_arrow.names)
        texts = [f.name for f in file.schema_arrow if pa.types.is_string(f.type)]
        stream.seek(0)
        file = pq.ParquetFile(stream, read_dictionary=texts)
        columns = tuple(_column(file.read(columns=[name]).column(0)) for name in headers)
    except InputError:
        raise
    except (
        pa.ArrowException,
        OSError,
        ValueError,
        LookupError,
        TypeError,
        ArithmeticError,
    ) as error:
        raise InputError(
            f"{path.name} cannot be read as parquet: {_first_line(error)}. Write it again."
        ) from error
    if not columns or not len(columns[0]):
        raise InputError(f"{path.name} has no rows. Write it again.")
    return RawSheet(path.name, path.stem, columns, top=2, headers=headers)


def _refuse_bombs(said: Any, path: Path) -> None:
    """A few bytes can say that one value is repeated a billion times: what a file says must fit its size."""
    size = path.stat().st_size
    rows, columns = said.num_rows, said.num_columns
    groups = range(said.num_row_groups)
    unpacked = sum(said.row_group(g).total_byte_size for g in groups)
    if (
        columns > MOST_COLUMNS
        or rows > ROWS + ROWS_PER_BYTE * size
        or rows * columns > CELLS + CELLS_PER_BYTE * size
        or unpacked > max(BOMB_BYTES, BOMB_RATIO * size)
    ):
        raise InputError(
            f"{path.name} says that it holds {rows:,} rows in {columns:,} columns, more than a file of its size can. "
            "Write it again, with the columns that are needed."
        )


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n", 1)[0].rstrip(".")


def _column(chunked: Any) -> Array:
    import pyarrow as pa

    kind = chunked.type
    if pa.types.is_dictionary(kind):
        return _texts(chunked)
    if pa.types.is_boolean(kind):
        return chunked.to_numpy() if not chunked.null_count else _objects(chunked)
    if pa.types.is_integer(kind):
        return _whole(chunked)
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return np.asarray(chunked.cast(pa.float64()).to_numpy(), dtype=np.float64)
    if pa.types.is_date(kind):
        return np.asarray(chunked.cast(pa.date32()).to_numpy()).astype("datetime64[D]")
    if pa.types.is_timestamp(kind):
        return np.asarray(chunked.cast(pa.timestamp("us"), safe=False).to_numpy()).astype(
            "datetime64[us]"
        )
    if pa.types.is_large_string(kind) or pa.types.is_null(kind):
        return _texts(chunked.cast(pa.string()).dictionary_encode())
    return _as_text(chunked)


def _whole(chunked: Any) -> Array:
    import pyarrow as pa
    import pyarrow.compute as pc

    extremes = pc.min_max(chunked).as_py()
    if max(abs(extremes["min"] or 0), abs(extremes["max"] or 0)) > EXACT:
        return _texts(chunked.cast(pa.string()).dictionary_encode())
    return np.asarray(chunked.cast(pa.float64()).to_numpy(), dtype=np.float64)


def _texts(chunked: Any) -> Array:
    """One str object for each different text, shared by all cells that hold it."""
    parts = []
    known: dict[str, str] = {}
    for chunk in chunked.chunks:
        words = [None if w is None else str(w) for w in chunk.dictionary.to_pylist()]
        shared = np.empty(len(words) + 1, dtype=object)
        shared[:-1] = [None if w is None else known.setdefault(w, w) for w in words]
        parts.append(shared[np.asarray(chunk.indices.fill_null(len(words)))])
    return np.concatenate(parts) if parts else np.empty(0, dtype=object)


def _objects(chunked: Any) -> Array:
    column = np.empty(len(chunked), dtype=object)
    column[:] = chunked.to_pylist()
    return column


def _as_text(chunked: Any) -> Array:
    """Lists, structures, times and bytes as their text: kept, though nothing counts with them."""
    column = np.empty(len(chunked), dtype=object)
    column[:] = [None if v is None else str(v) for v in chunked.to_pylist()]
    return column
