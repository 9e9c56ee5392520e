"""A zip file whose entries are copied as they lie on disk: unchanged parts keep their compressed bytes. No XML here."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO

from mapseg_xl.errors import InputError, RefusedOutput
from mapseg_xl.intake.reading.package import refuse_bombs

_LOCAL, _CENTRAL, _END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_LOCAL_SIZE, _CENTRAL_SIZE = 30, 46
_STORED, _DEFLATED = 0, 8
_ENCRYPTED, _DESCRIBED, _UTF8 = 0x1, 0x8, 0x800
_FIRST_DAY = 33  # 1 January 1980, as zip writes days
_WRITABLE = 0o600 << 16
_LARGEST = 0xFFFF_FFFF
_MOST_ENTRIES = 0xFFFF
_LEVEL, _CHUNK = 6, 1 << 20
_MEND = "Open it in Excel, save it again and repeat; nothing was changed."


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: its name, where it lies with its header, and its record in the zip's own list."""

    name: str
    start: int
    end: int
    data: int
    size: int
    crc: int
    record: bytes


class Archive:
    """A zip file in memory, and its entries by part name: case does not count, nor does a slash in front."""

    def __init__(self, content: bytes, name: str) -> None:
        self.content, self.name = memoryview(content), name
        with _opened(content, name) as found:
            _refuse_unsound(found, name)
            self.entries = tuple(_entries(found, self.content, name))
            self.comment = found.comment
        self.known = {key_of(entry.name): entry for entry in self.entries}
        if len(self.known) < len(self.entries):
            raise RefusedOutput(f"{name} is damaged: it holds two parts of one name. {_MEND}")

    def __contains__(self, part: str) -> bool:
        return key_of(part) in self.known

    def entry(self, part: str) -> Entry | None:
        """The entry of a part; None where there is none."""
        return self.known.get(key_of(part))

    def read(self, part: str) -> bytes:
        """A part's content; raises RefusedOutput where it is missing or damaged."""
        entry = self.entry(part)
        if entry is None:
            raise RefusedOutput(f"{self.name} is damaged: the part '{part}' is missing. {_MEND}")
        packed = self.content[entry.data : entry.end]
        try:
            content = _unpacked(packed, entry)
        except zlib.error as error:
            raise self._damaged(entry) from error
        if len(content) != entry.size or zlib.crc32(content) != entry.crc:
            raise self._damaged(entry)
        return content

    def chunks(self, entry: Entry) -> Iterator[bytes]:
        """A part's content in pieces, for looking through it; a damaged one ends early."""
        packed = self.content[entry.data : entry.end]
        if _is_stored(entry):
            yield bytes(packed[: entry.size])
            return
        inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        rest: bytes | memoryview = packed
        try:
            while not inflater.eof:
                chunk = inflater.decompress(rest, _CHUNK)
                rest = inflater.unconsumed_tail
                if not chunk and not rest:
                    return
                yield chunk
        except zlib.error:  # what cannot be read refers to nothing; the part stays as it is
            return

    def _damaged(self, entry: Entry) -> RefusedOutput:
        return RefusedOutput(
            f"{self.name} is damaged: the part '{entry.name}' cannot be read. {_MEND}"
        )

    def rebuilt(self, parts: Mapping[str, bytes | None], added: Mapping[str, bytes]) -> bytes:
        """The zip with some parts changed or, where None, left out, and new ones at its end; all others as they lie."""
        changes = {key_of(part): (part, content) for part, content in parts.items()}
        out = _Writer(self.name)
        for entry in self.entries:
            if key_of(entry.name) not in changes:
                out.copy(entry, self.content)
                continue
            _, content = changes.pop(key_of(entry.name))
            if content is None:
                continue
            if len(content) == entry.size and content == self.read(entry.name):
                out.copy(entry, self.content)
            else:
                out.add(entry.name, content, entry.record)
        for part, content in (*changes.values(), *added.items()):
            if content is not None:
                out.add(part, content)
        return out.finished(self.comment)


def key_of(part: str) -> str:
    r"""A part's name as names are compared.

    >>> key_of("/xl\\Workbook.xml") == key_of("xl/workbook.xml")
    True
    """
    return part.replace("\\", "/").lstrip("/").casefold()


def _opened(content: bytes, name: str) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(BytesIO(content))
    except (zipfile.BadZipFile, ValueError, OverflowError, struct.error) as error:
        raise RefusedOutput(f"{name} is damaged, or is no .xlsx workbook. {_MEND}") from error


def _refuse_unsound(found: zipfile.ZipFile, name: str) -> None:
    try:
        refuse_bombs(found, name)
    except InputError as error:
        raise RefusedOutput(str(error)) from error
    for info in found.infolist():
        if info.flag_bits & _ENCRYPTED or info.compress_type not in (_STORED, _DEFLATED):
            raise RefusedOutput(f"{name} is packed in a way that Excel does not write. {_MEND}")


def _entries(found: zipfile.ZipFile, content: memoryview, name: str) -> Iterator[Entry]:
    at = found.start_dir
    for info in found.infolist():
        record = bytes(content[at : at + _record_size(content, at)])
        at += len(record)
        start = info.header_offset
        header = content[start : start + _LOCAL_SIZE]
        if len(header) < _LOCAL_SIZE or bytes(header[:4]) != _LOCAL or record[:4] != _CENTRAL:
            raise RefusedOutput(f"{name} is damaged, or is no .xlsx workbook. {_MEND}")
        data = start + _LOCAL_SIZE + sum(struct.unpack("<HH", header[26:30]))
        packed_end = data + info.compress_size
        flags = struct.unpack("<H", header[6:8])[0]
        end = packed_end + (_descriptor(content, packed_end, info) if flags & _DESCRIBED else 0)
        if end > found.start_dir:
            raise RefusedOutput(f"{name} is damaged, or is no .xlsx workbook. {_MEND}")
        yield Entry(info.filename, start, end, data, info.file_size, info.CRC, record)


def _record_size(content: memoryview, at: int) -> int:
    lengths = bytes(content[at + 28 : at + 34])
    return _CENTRAL_SIZE + (sum(struct.unpack("<HHH", lengths)) if len(lengths) == 6 else 0)


def _descriptor(content: memoryview, at: int, info: zipfile.ZipInfo) -> int:
    """Length of what follows an entry whose sizes were not known when its header was written."""
    for signature in (b"PK\x07\x08", b""):
        for sizes in ("II", "QQ"):
            known = struct.pack(f"<I{sizes}", info.CRC, info.compress_size, info.file_size)
            if bytes(content[at : at + len(signature) + len(known)]) == signature + known:
                return len(signature) + len(known)
    return 0


def _is_stored(entry: Entry) -> bool:
    return bool(struct.unpack("<H", entry.record[10:12])[0] == _STORED)


def _unpacked(packed: memoryview, entry: Entry) -> bytes:
    if _is_stored(entry):
        return bytes(packed[: entry.size])
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    return inflater.decompress(packed, entry.size + 1)


class _Writer:
    """Collects entries one after the other, then the list of them."""

    def __init__(self, name: str) -> None:
        self.name, self.pieces, self.records, self.at = name, list[bytes](), list[bytes](), 0

    def copy(self, entry: Entry, content: memoryview) -> None:
        """An entry as it lies."""
        self._put([content[entry.start : entry.end]], _moved(entry.record, self.at))

    def add(self, name: str, content: bytes, record: bytes = b"") -> None:
        """A new entry; in place of one with this `record` it keeps its name and time."""
        deflater = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
        packed = deflater.compress(content) + deflater.flush()
        ascii_name = name.isascii()
        raw = name.encode("ascii" if ascii_name else "utf-8")
        flags, time, day = 0 if ascii_name else _UTF8, 0, _FIRST_DAY
        attributes = (3 << 8 | 20, 0, _WRITABLE)
        if record:
            length = struct.unpack("<H", record[28:30])[0]
            raw = record[_CENTRAL_SIZE : _CENTRAL_SIZE + length]
            flags = struct.unpack("<H", record[8:10])[0] & _UTF8
            time, day = struct.unpack("<HH", record[12:16])
            made = struct.unpack("<H", record[4:6])[0]
            attributes = (made, *struct.unpack("<HI", record[36:42]))
        sizes = (zlib.crc32(content), len(packed), len(content))
        shared = struct.pack("<HHHHHIII", 20, flags, _DEFLATED, time, day, *sizes)
        local = _LOCAL + shared + struct.pack("<HH", len(raw), 0) + raw
        made, inner, outer = attributes
        tail = struct.pack("<HHHHHII", len(raw), 0, 0, 0, inner, outer, self.at)
        central = _CENTRAL + struct.pack("<H", made) + shared + tail + raw
        self._put([local, packed], central)

    def _put(self, pieces: Iterable[bytes | memoryview], record: bytes) -> None:
        for piece in pieces:
            self.pieces.append(piece)  # type: ignore[arg-type]  # joined below, which takes both
            self.at += len(piece)
        self.records.append(record)

    def finished(self, comment: bytes) -> bytes:
        """The whole file."""
        records = b"".join(self.records)
        if self.at + len(records) > _LARGEST or len(self.records) > _MOST_ENTRIES:
            raise RefusedOutput(f"{self.name} is larger than an .xlsx workbook can be.")
        count = len(self.records)
        end = struct.pack("<HHHHIIH", 0, 0, count, count, len(records), self.at, len(comment))
        return b"".join([*self.pieces, records, _END, end, comment])


def _moved(record: bytes, offset: int) -> bytes:
    """The record of an entry that lies elsewhere now."""
    if struct.unpack("<I", record[42:46])[0] != _LARGEST:
        return record[:42] + struct.pack("<I", min(offset, _LARGEST)) + record[46:]
    name, extra = struct.unpack("<HH", record[28:32])
    start = _CENTRAL_SIZE + name
    fields = _wide(record[start : start + extra], record, offset)
    return record[:start] + fields + record[start + extra :]


def _wide(extra: bytes, record: bytes, offset: int) -> bytes:
    """Extra fields with another place in the one that holds sizes and places of 64 bits."""
    fields, at = bytearray(extra), 0
    before = 8 * struct.unpack("<II", record[20:28]).count(_LARGEST)  # sizes come first
    while at + 4 <= len(fields):
        kind, length = struct.unpack_from("<HH", fields, at)
        if kind == 1 and length >= before + 8:
            struct.pack_into("<Q", fields, at + 4 + before, offset)
        at += 4 + length
    return bytes(fields)
