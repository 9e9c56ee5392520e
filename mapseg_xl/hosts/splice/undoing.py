"""Takes back our edits of a part that nobody has touched since: the part is then as it was, byte for byte."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

from mapseg_xl.hosts.splice.markup import Edit

Patch = tuple[tuple[int, int, str], ...]  # where in the new part, how much of it, what stood there


def digest(content: bytes) -> str:
    """A short print of a part."""
    return sha256(content).hexdigest()[:24]


def patch_of(content: bytes, edits: Iterable[Edit]) -> Patch:
    """What takes these edits of a part back."""
    found, shift = list[tuple[int, int, str]](), 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        before = content[edit.start : edit.end].decode("utf-8", "surrogateescape")
        length = len(edit.text.encode("utf-8", "surrogateescape"))
        found.append((edit.start + shift, length, before))
        shift += length - (edit.end - edit.start)
    return tuple(found)


def taken_back(content: bytes, patch: Patch) -> bytes:
    """The part before the edits.

    >>> edits = [Edit(1, 2, "XYZ"), Edit(3, 3, "!")]
    >>> taken_back(b"aXYZc!d", patch_of(b"abcd", edits))
    b'abcd'
    """
    pieces, at = [], 0
    for start, length, before in patch:
        pieces += [content[at:start], before.encode("utf-8", "surrogateescape")]
        at = start + length
    return b"".join([*pieces, content[at:]])
