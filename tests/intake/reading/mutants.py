"""Damaged copies of a file: bytes changed anywhere, parts of a package missing, swapped, renamed, twice or absurd."""

from __future__ import annotations

import io
import random
import re
import warnings
import zipfile
import zlib
from collections.abc import Callable

Entries = list[tuple[str, bytes]]
_NUMBERS = (b"0", b"-1", b"1048577", b"4294967295", b"9" * 30, b"9" * 5000, b"1e999", b"NaN", b"")
_TEXTS = (
    b"",
    b"A" * 100_000,
    b"&#0;",
    b"&#x110000;",
    b"\xff\xfe",
    b"XFD1048576",
    b"_x0000_",
    b"../../x",
)


def mutant(content: bytes, rng: random.Random) -> tuple[str, bytes]:
    """What was done, and the file after it. Packages are mostly damaged inside their parts."""
    if content.startswith(b"PK") and rng.random() < 0.8:
        try:
            return _package(content, rng)
        except (
            zipfile.BadZipFile,
            NotImplementedError,
            RuntimeError,
            OSError,
            zlib.error,
            KeyError,
        ):
            pass  # was no whole package before
    how = rng.choice((_flipped, _cut, _zeroed, _doubled))
    return how.__name__.strip("_"), how(content, rng)


def _package(content: bytes, rng: random.Random) -> tuple[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entries = [(i.filename, archive.read(i)) for i in archive.infolist()]
    ways: tuple[Callable[[Entries, random.Random], str], ...] = (
        _missing, _renamed, _swapped, _twice, _number, _number, _attribute, _attribute,
        _inside, _inside, _tag_lost, _target, _doctype, _nested,
    )  # fmt: skip
    how = rng.choice(ways)(entries, rng)
    out = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        warnings.simplefilter("ignore")  # a part that is there twice is meant
        for name, part in entries:
            if name not in archive.NameToInfo or how.startswith("twice"):
                archive.writestr(name, part)
    return how, out.getvalue()


def _flipped(content: bytes, rng: random.Random) -> bytes:
    damaged = bytearray(content)
    for _ in range(rng.choice((1, 1, 4, 30))):
        damaged[rng.randrange(len(damaged))] ^= 1 << rng.randrange(8)
    return bytes(damaged)


def _cut(content: bytes, rng: random.Random) -> bytes:
    return content[: rng.randrange(1, len(content))] if len(content) > 1 else content


def _zeroed(content: bytes, rng: random.Random) -> bytes:
    start = rng.randrange(len(content))
    size = min(rng.randrange(1, 600), len(content) - start)
    return content[:start] + rng.choice((b"\0", b"\xff")) * size + content[start + size :]


def _doubled(content: bytes, rng: random.Random) -> bytes:
    start = rng.randrange(len(content))
    return content[:start] + content[start : start + 3000] + content[start:]


def _missing(entries: Entries, rng: random.Random) -> str:
    return f"missing {entries.pop(rng.randrange(len(entries)))[0]}"


def _renamed(entries: Entries, rng: random.Random) -> str:
    at = rng.randrange(len(entries))
    name, part = entries[at]
    new = rng.choice(
        (name.upper(), name.replace("/", "\\"), "../" + name, "/" + name, name + "x", "x\0y")
    )
    entries[at] = (new, part)
    return f"renamed {name} to {new!r}"


def _swapped(entries: Entries, rng: random.Random) -> str:
    one, other = rng.randrange(len(entries)), rng.randrange(len(entries))
    (name, part), (name_other, part_other) = entries[one], entries[other]
    entries[one], entries[other] = (name, part_other), (name_other, part)
    return f"swapped {name} and {name_other}"


def _twice(entries: Entries, rng: random.Random) -> str:
    name, part = rng.choice(entries)
    entries.append((name, _flipped(part or b" ", rng)))
    return f"twice {name}"


def _changed(
    entries: Entries, rng: random.Random, pattern: bytes, values: tuple[bytes, ...]
) -> str:
    """Replaces one match of the pattern's second group, in a part that has one."""
    for at in rng.sample(range(len(entries)), len(entries)):
        name, part = entries[at]
        found = list(re.finditer(pattern, part))[:5000]
        if found:
            match, value = rng.choice(found), rng.choice(values)
            entries[at] = (name, part[: match.start(2)] + value + part[match.end(2) :])
            return f"{name}: {match[1]!r} {match[2][:30]!r} to {value[:30]!r}"
    return "unchanged"


def _number(entries: Entries, rng: random.Random) -> str:
    return _changed(entries, rng, rb"([\w:-]+=[\"']|<v>)(\d+)(?=[\"'<])", _NUMBERS)


def _attribute(entries: Entries, rng: random.Random) -> str:
    return _changed(entries, rng, rb"([\w:-]+=\")([^\"]*)", _TEXTS + _NUMBERS)


def _target(entries: Entries, rng: random.Random) -> str:
    wrong = (
        b"",
        b"nowhere.xml",
        b"/",
        b"workbook.xml",
        b"../../../etc/passwd",
        b"worksheets/sheet1.xml",
    )
    return _changed(entries, rng, rb"((?:Target|Id|Type)=\")([^\"]*)", wrong)


def _tag_lost(entries: Entries, rng: random.Random) -> str:
    return _changed(entries, rng, rb"()(<[^<>]*>)", (b"", b"<", b"<a>", b"</a>", b"<c>", b"<row>"))


def _inside(entries: Entries, rng: random.Random) -> str:
    at = rng.randrange(len(entries))
    name, part = entries[at]
    how = rng.choice((_flipped, _cut, _zeroed, _doubled))
    entries[at] = (name, how(part or b" ", rng))
    return f"{how.__name__} {name}"


def _doctype(entries: Entries, rng: random.Random) -> str:
    at = rng.randrange(len(entries))
    name, part = entries[at]
    bomb = b'<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;&b;">]>'
    head, mark, rest = part.partition(b"?>")
    entries[at] = (name, head + mark + bomb + rest if mark else bomb + part)
    return f"doctype {name}"


def _nested(entries: Entries, rng: random.Random) -> str:
    at = rng.randrange(len(entries))
    name, part = entries[at]
    depth = rng.choice((1000, 100_000))
    entries[at] = (name, b"<a>" * depth + part)
    return f"nested {name}"
