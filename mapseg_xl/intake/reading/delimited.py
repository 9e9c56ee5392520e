"""Delimited text (csv, tsv, txt) as one sheet of text cells. What a cell's text means is decided elsewhere."""

from __future__ import annotations

import codecs
import csv
import io
import warnings
from collections import Counter
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pandas as pd

from mapseg_xl.errors import InputError
from mapseg_xl.intake.reading.limits import memory_bytes
from mapseg_xl.intake.tables import Array, Issue, RawSheet

SAMPLE_CHARACTERS = 1 << 16
FIRST_LINE_CHARACTERS = 1 << 24
FIELD_CHARACTERS = 1 << 28
UNEVEN_CHARACTERS = 1 << 26  # above it, only rows that are too long are looked for
DELIMITERS = (",", ";", "\t", "|")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NAMED = 5
MOST_COLUMNS = 16_384
MOST_LOOSE_CELLS = 100_000_000  # of records as long as the longest, where a few are far too long
SHARE_OF_MEMORY = 4  # cells take about this much more than the text they are read from


def read_delimited(stream: BinaryIO, path: Path) -> RawSheet:
    """The file as text cells, None where empty; rows that are longer than the rest keep all their cells.

    Delimiter (comma, semicolon, tab, bar, or a first line `sep=;`) and encoding (BOM, else UTF-8, else
    Windows-1252) are found in the content. Rows are counted as records, the way Excel numbers them.
    """
    _refuse_larger_than_memory(path)
    encoding = _encoding(stream)
    text = io.TextIOWrapper(stream, encoding=encoding, errors="replace", newline="")
    sample = text.read(SAMPLE_CHARACTERS)
    if "\n" not in sample and "\r" not in sample:  # how wide it is, the rest of its first line says
        first = sample + text.readline(FIRST_LINE_CHARACTERS)
        _refuse_too_wide(path, max(first.count(d) for d in DELIMITERS) + 1)
    skipped, delimiter = _delimiter(sample, path)
    text.seek(0)
    for _ in range(skipped):
        text.readline()
    start = text.tell()
    try:
        columns = _cells(text, path, delimiter, sample)
        text.seek(start)
        lengths = _uneven(text, delimiter, sum(map(len, columns[1:])))
    except csv.Error as error:
        raise InputError(
            f"{path.name} is not a readable table: {error}. Export it again as .csv (UTF-8)."
        ) from error
    text.detach()
    if not any(pd.notna(c).any() for c in columns):
        raise InputError(f"{path.name} has no cells. Export the data again.")
    top = 1 + skipped
    issues = _encoding_note(path, encoding) + _uneven_issues(path, lengths, top)
    return RawSheet(path.name, path.stem, columns, top=top, issues=issues)


def _refuse_larger_than_memory(path: Path) -> None:
    size, there = path.stat().st_size, memory_bytes()
    if there and size * SHARE_OF_MEMORY > there:
        raise InputError(
            f"{path.name} has {size / 1e9:.1f} GB, more than this computer's memory ({there / 1e9:.0f} GB) can take as "
            "text. Save it as .parquet, with the columns that are needed."
        )


def _refuse_too_wide(path: Path, width: int, rows: int = 1) -> None:
    if width > MOST_COLUMNS or width * rows > MOST_LOOSE_CELLS:
        raise InputError(
            f"{path.name} has a record of {width:,} fields; a sheet holds {MOST_COLUMNS:,} columns. Look for missing "
            "line breaks, or export the data again."
        )


def _encoding(stream: BinaryIO) -> str:
    """Name of the encoding; reads the whole file once where no mark says it."""
    head = stream.read(4096)
    stream.seek(0)
    for mark, name in _BOMS:
        if head.startswith(mark):
            return name
    if b"\0" in head:
        return "utf-16-le" if head[1::2].count(0) > head[::2].count(0) else "utf-16-be"
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while chunk := stream.read(1 << 20):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252"
    finally:
        stream.seek(0)
    return "utf-8"


def _delimiter(sample: str, path: Path) -> tuple[int, str]:
    """Lines to skip (a `sep=` line) and the delimiter that cuts most records into the same number of fields."""
    first = sample.split("\n", 1)[0].strip("\r\ufeff")
    if first.lower().startswith("sep=") and len(first) == 5:
        return 1, first[4]
    if first.lower() == "sep=" or "\0" in sample:
        raise InputError(f"{path.name} is not readable text. Export it again as .csv (UTF-8).")
    scores = {d: _score(sample, d) for d in DELIMITERS}
    best = max(DELIMITERS, key=lambda d: scores[d])
    return 0, best if scores[best] > (0, 0) else ","


def _score(sample: str, delimiter: str) -> tuple[int, int]:
    """Records of the commonest field count above one, then that count."""
    rows = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
    counts: Counter[int] = Counter()
    try:
        for row in rows:
            counts[len(row)] += 1
    except csv.Error:
        return 0, 0
    several = [(records, fields) for fields, records in counts.items() if fields > 1]
    return max(several, default=(0, 0))


def _cells(text: io.TextIOWrapper, path: Path, delimiter: str, sample: str) -> tuple[Array, ...]:
    """Columns of text; the slow way, a record at a time, where records are longer than the sample says."""
    start = text.tell()
    try:
        width = _widest(sample, delimiter)
        _refuse_too_wide(path, width)
        frame = _frame(text, delimiter, width)
    except (pd.errors.ParserError, pd.errors.ParserWarning) as error:
        if "EOF inside string" in str(error):
            row = int("".join(c for c in str(error).rsplit("row", 1)[-1] if c.isdigit()) or 0) + 1
            raise InputError(
                f"{path.name} row {row}: a quotation mark is opened and never closed. "
                "Remove it, or export the data again."
            ) from error
        text.seek(start)
        return _uneven_columns(text, path, delimiter)
    columns = []
    for name in list(frame.columns):
        column = frame.pop(name).to_numpy(dtype=object, copy=True)
        column[column == ""] = None
        columns.append(column)
    return tuple(columns)


def _frame(text: io.TextIOWrapper, delimiter: str, width: int) -> pd.DataFrame:
    with warnings.catch_warnings():
        warnings.simplefilter("error", pd.errors.ParserWarning)
        return pd.read_csv(
            text,
            sep=delimiter,
            header=None,
            names=range(width),
            index_col=False,
            dtype=object,
            keep_default_na=False,
            na_filter=False,
            skip_blank_lines=False,
            engine="c",
        )


def _widest(sample: str, delimiter: str) -> int:
    rows = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
    return max(map(len, rows), default=1) or 1


def _uneven_columns(text: io.TextIOWrapper, path: Path, delimiter: str) -> tuple[Array, ...]:
    csv.field_size_limit(FIELD_CHARACTERS)
    rows = list(csv.reader(text, delimiter=delimiter))
    width = max(map(len, rows), default=0)
    _refuse_too_wide(path, width, len(rows))
    columns = []
    for i in range(width):
        column = np.empty(len(rows), dtype=object)
        column[:] = [(r[i] or None) if i < len(r) else None for r in rows]
        columns.append(column)
    return tuple(columns)


def _uneven(text: io.TextIOWrapper, delimiter: str, cells: int) -> list[int]:
    """Fields of each record where they differ; empty where all are alike or the file is too big to ask."""
    start = text.tell()
    delimiters = size = 0
    while chunk := text.read(1 << 20):
        delimiters += chunk.count(delimiter)
        size += len(chunk)
    text.seek(start)
    if delimiters == cells or size > UNEVEN_CHARACTERS:
        return []
    csv.field_size_limit(FIELD_CHARACTERS)
    lengths = [len(r) for r in csv.reader(text, delimiter=delimiter)]
    text.seek(start)
    return lengths if len({n for n in lengths if n}) > 1 else []


def _uneven_issues(path: Path, lengths: list[int], top: int) -> tuple[Issue, ...]:
    """What to say about records longer or shorter than most; lines above the first usual one are titles."""
    usual = Counter(n for n in lengths if n > 1).most_common(1)
    if not usual:
        return ()
    width = usual[0][0]
    first = lengths.index(width)
    long = [i for i, n in enumerate(lengths) if n > width]
    short = [i for i, n in enumerate(lengths) if i > first and 0 < n < width]
    return _uneven_issue(path, lengths, long, top, "more") + _uneven_issue(
        path, lengths, short, top, "fewer"
    )


def _uneven_issue(
    path: Path, lengths: list[int], records: list[int], top: int, what: str
) -> tuple[Issue, ...]:
    if not records:
        return ()
    named = ", ".join(f"row {i + top} ({lengths[i]} fields)" for i in records[:_NAMED])
    rest = f" and {len(records) - _NAMED:,} more" if len(records) > _NAMED else ""
    return (
        Issue(
            "warning",
            path.name,
            path.stem,
            f"A{records[0] + top}",
            "",
            f"rows with {what} fields than the others: {named}{rest}",
            "All their cells were kept. Look for a delimiter or line break without quotes around the text",
            len(records),
            "uneven_rows",
        ),
    )


def _encoding_note(path: Path, encoding: str) -> tuple[Issue, ...]:
    if encoding != "cp1252":
        return ()
    what, action = "the file is not UTF-8", "Read as Windows-1252. Check accented letters"
    return (Issue("note", path.name, path.stem, "A1", "", what, action, kind="encoding"),)
