"""Writes a compound file, the container Excel keeps a VBA project in. Not a reader, and no general file system.

MS-CFB version 3. No dates, no class ids: the same streams give the same bytes.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

_SECTOR, _MINI_SECTOR = 512, 64
_SMALL = 4096  # shorter streams share the mini stream
_FREE, _END, _FAT_SECTOR = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_NOBODY = 0xFFFFFFFF  # no entry beside or below
_STORAGE, _STREAM, _ROOT = 1, 2, 5
_ENTRY = 128  # bytes
_UNUSED_ENTRY = bytes(68) + b"\xff" * 12 + bytes(48)  # no name, nobody beside or below
_BLACK = 1  # the format's own simplest tree: every node black
_NUMBERS = _SECTOR // 4  # sector numbers in a sector
_FAT_IN_HEADER = 109  # enough for 7 MB; more would need a list of lists


@dataclass(slots=True)
class _Entry:
    """A directory entry: the root, a storage or a stream."""

    name: str
    kind: int
    content: bytes = b""
    left: int = _NOBODY
    right: int = _NOBODY
    child: int = _NOBODY
    start: int = 0

    @property
    def small(self) -> bool:
        return self.kind == _STREAM and len(self.content) < _SMALL


def compound_file(streams: Mapping[str, bytes]) -> bytes:
    """The file that holds these streams; `VBA/dir` lies in the storage `VBA`."""
    entries = _entries(streams)
    mini_fat = _share_mini_stream(entries)
    mini_fat_bytes = _whole(_packed(mini_fat), _SECTOR, _FREE)
    large = [entry for entry in entries if entry.kind != _STORAGE and not entry.small]
    sizes = [_sectors(_ENTRY * len(entries)), _sectors(len(mini_fat_bytes))]
    sizes += [_sectors(len(entry.content)) for entry in large]
    fat_sectors = _fat_sectors(sum(sizes))
    starts, fat = _chains(sizes, fat_sectors)
    for entry, start in zip(large, starts[2:], strict=True):
        entry.start = start
    directory = b"".join(_packed_entry(entry) for entry in entries)
    directory += _UNUSED_ENTRY * (-len(entries) % (_SECTOR // _ENTRY))
    header = _header(fat_sectors, starts[0], (starts[1], sizes[1]))
    body = [_packed(fat), directory, mini_fat_bytes]
    body += [_whole(entry.content, _SECTOR) for entry in large]
    return header + b"".join(body)


def _entries(streams: Mapping[str, bytes]) -> list[_Entry]:
    """The directory: root first, then each storage's streams, searchable as the format asks."""
    entries = [_Entry("Root Entry", _ROOT)]
    inside: dict[str, list[int]] = {"": []}
    for path, content in streams.items():
        storage, _, name = path.rpartition("/")
        if storage not in inside:
            inside[""].append(len(entries))
            inside[storage] = []
            entries.append(_Entry(storage, _STORAGE))
        inside[storage].append(len(entries))
        entries.append(_Entry(name, _STREAM, content))
    for storage, members in inside.items():
        owner = next(entry for entry in entries if entry.name == (storage or "Root Entry"))
        owner.child = _tree(entries, sorted(members, key=lambda at: _order(entries[at].name)))
    return entries


def _order(name: str) -> tuple[int, str]:
    """Shorter names come first, then by capital letters."""
    return len(name), name.upper()


def _tree(entries: Sequence[_Entry], members: Sequence[int]) -> int:
    """Joins sorted entries into a balanced search tree; gives its top."""
    if not members:
        return _NOBODY
    middle = len(members) // 2
    top = entries[members[middle]]
    top.left = _tree(entries, members[:middle])
    top.right = _tree(entries, members[middle + 1 :])
    return members[middle]


def _share_mini_stream(entries: Sequence[_Entry]) -> list[int]:
    """Puts the small streams into the root's own stream; gives their chains."""
    mini_fat: list[int] = []
    stream = bytearray()
    for entry in entries:
        if entry.small:
            entry.start = len(mini_fat) if entry.content else _END
            mini_fat += _chain(len(mini_fat), -(-len(entry.content) // _MINI_SECTOR))
            stream += _whole(entry.content, _MINI_SECTOR)
    entries[0].content = bytes(stream)
    return mini_fat


def _chain(start: int, length: int) -> list[int]:
    """Each sector names the next; the last says that it ends there."""
    return [*range(start + 1, start + length), _END] if length else []


def _chains(sizes: Sequence[int], fat_sectors: int) -> tuple[list[int], list[int]]:
    """Where each part starts after the table itself, and the table."""
    fat = [_FAT_SECTOR] * fat_sectors
    starts = []
    for size in sizes:
        starts.append(len(fat) if size else _END)
        fat += _chain(len(fat), size)
    return starts, fat + [_FREE] * (fat_sectors * _NUMBERS - len(fat))


def _fat_sectors(others: int) -> int:
    """Sectors of the table that lists all sectors, itself included."""
    count = 1
    while count * _NUMBERS < others + count:
        count += 1
    if count > _FAT_IN_HEADER:
        raise ValueError(f"{others * _SECTOR:,} bytes are more than this writer can file: 7 MB")
    return count


def _sectors(length: int) -> int:
    return -(-length // _SECTOR)


def _packed(numbers: Iterable[int]) -> bytes:
    return b"".join(struct.pack("<I", number) for number in numbers)


def _whole(content: bytes, unit: int, fill: int = 0) -> bytes:
    """Filled up to whole units."""
    return content + (b"\xff" if fill else b"\0") * (-len(content) % unit)


def _packed_entry(entry: _Entry) -> bytes:
    name = (entry.name + "\0").encode("utf-16-le")
    return (
        name.ljust(64, b"\0")
        + struct.pack("<HBB", len(name), entry.kind, _BLACK)
        + struct.pack("<III", entry.left, entry.right, entry.child)
        + bytes(36)  # class id, state, two dates
        + struct.pack("<IQ", entry.start, len(entry.content))
    )


def _header(fat_sectors: int, directory: int, mini_fat: tuple[int, int]) -> bytes:
    start = struct.pack("<8s16xHHHHH6x", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6)
    start += struct.pack("<IIIII", 0, fat_sectors, directory, 0, _SMALL)
    start += struct.pack("<IIII", *mini_fat, _END, 0)
    table = [*range(fat_sectors), *[_FREE] * (_FAT_IN_HEADER - fat_sectors)]
    return start + _packed(table)
