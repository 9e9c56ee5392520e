"""One stream out of an OLE2 compound file, the container of xls. Nothing else of that format."""

from __future__ import annotations

import struct
from collections.abc import Sequence

_LAST_SECTORS = 0xFFFFFFFA  # end of chain, free and the like are above
_ENTRY_BYTES = 128
_HEADER_TABLES = 109


def compound_stream(content: bytes, names: Sequence[str]) -> bytes:
    """The first stream that has one of the names; a file that is no compound file is returned as it is.

    Raises IndexError, KeyError or struct.error where the file is malformed.
    """
    if not content.startswith(b"\xd0\xcf\x11\xe0"):
        return content
    file = _Compound(content)
    entries = {name.casefold(): place for name, place in file.entries().items()}
    for name in names:
        if name.casefold() in entries:
            return file.stream(*entries[name.casefold()])
    raise KeyError(names[0])


class _Compound:
    """Sectors of a compound file and the tables that chain them."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.sector = 1 << struct.unpack_from("<H", content, 30)[0]
        self.small_sector = 1 << struct.unpack_from("<H", content, 32)[0]
        self.directory, self.small_below = struct.unpack_from("<I4xI", content, 48)[0:2]
        self.table = self._table()
        first_small = struct.unpack_from("<I", content, 60)[0]
        small = self._chained(first_small, self.table, self.sector)
        self.small_table = struct.unpack(f"<{len(small) // 4}I", small)
        root, size = next(iter(self.entries().values()))
        self.small_content = self._chained(root, self.table, self.sector)[:size]

    def _table(self) -> tuple[int, ...]:
        """Next sector of each sector."""
        places = list(struct.unpack_from(f"<{_HEADER_TABLES}I", self.content, 76))
        more, left = struct.unpack_from("<II", self.content, 68)
        sectors = len(self.content) // self.sector + 1
        while more < _LAST_SECTORS and left:
            if len(places) > _HEADER_TABLES + sectors:  # it runs in a circle
                raise IndexError(more)
            numbers = struct.unpack(f"<{self.sector // 4}I", self._at(more, self.sector))
            places += numbers[:-1]
            more, left = numbers[-1], left - 1
        joined = b"".join(self._at(p, self.sector) for p in places if p < _LAST_SECTORS)
        return struct.unpack(f"<{len(joined) // 4}I", joined)

    def _at(self, number: int, size: int) -> bytes:
        start = 512 + number * size
        return self.content[start : start + size].ljust(size, b"\0")

    def _chained(
        self, start: int, table: tuple[int, ...], size: int, source: bytes | None = None
    ) -> bytes:
        """Sectors of a chain joined; a chain that runs in a circle is malformed."""
        parts: list[bytes] = []
        while start < _LAST_SECTORS:
            if len(parts) > len(table):
                raise IndexError(start)
            at = start * size
            parts.append(self._at(start, size) if source is None else source[at : at + size])
            start = table[start]
        return b"".join(parts)

    def entries(self) -> dict[str, tuple[int, int]]:
        """Start and size of each stream by name, the root entry first."""
        directory = self._chained(self.directory, self.table, self.sector)
        found: dict[str, tuple[int, int]] = {}
        for at in range(0, len(directory), _ENTRY_BYTES):
            letters = struct.unpack_from("<H", directory, at + 64)[0]
            name = directory[at : at + max(letters - 2, 0)].decode("utf-16-le", "replace")
            if name:
                found.setdefault(name, struct.unpack_from("<II", directory, at + 116))
        return found

    def stream(self, start: int, size: int) -> bytes:
        """A stream's bytes; small ones lie in sectors of their own."""
        if size < self.small_below:
            return self._chained(start, self.small_table, self.small_sector, self.small_content)[
                :size
            ]
        return self._chained(start, self.table, self.sector)[:size]
