"""Packs text as a VBA project keeps it: run-length compression of MS-OVBA 2.4.1. Only writes; readers exist."""

from __future__ import annotations

import struct

_CHUNK = 4096
_SHORTEST = 3  # a shorter repetition takes more room than it saves
_COMPRESSED, _RAW = 0xB000, 0x3FFF


def compressed(content: bytes) -> bytes:
    """The content as a compressed container.

    >>> compressed(b"a" * 73).hex()
    '0103b002614500'
    """
    chunks = [content[at : at + _CHUNK] for at in range(0, len(content), _CHUNK)]
    return b"\x01" + b"".join(_chunk(chunk) for chunk in chunks)


def _chunk(chunk: bytes) -> bytes:
    tokens = _tokens(chunk)
    packed = b"".join(_group(tokens[at : at + 8]) for at in range(0, len(tokens), 8))
    if len(packed) > _CHUNK:
        return struct.pack("<H", _RAW) + chunk.ljust(_CHUNK, b"\0")  # noise: no text is
    return struct.pack("<H", _COMPRESSED | (len(packed) - 1)) + packed


def _group(tokens: list[bytes]) -> bytes:
    """Eight tokens after a byte that says which of them repeat something."""
    flags = sum((len(token) == 2) << at for at, token in enumerate(tokens))
    return bytes([flags]) + b"".join(tokens)


def _tokens(chunk: bytes) -> list[bytes]:
    """Each one byte that stands for itself, or two that repeat something before."""
    tokens: list[bytes] = []
    seen: dict[bytes, list[int]] = {}
    at = 0
    while at < len(chunk):
        offset_bits = max(4, (at - 1).bit_length()) if at else 4
        longest = (0xFFFF >> offset_bits) + _SHORTEST
        length, where = _longest(chunk, at, longest, seen)
        if length:
            token = (at - where - 1) << (16 - offset_bits) | (length - _SHORTEST)
            tokens.append(struct.pack("<H", token))
        else:
            tokens.append(chunk[at : at + 1])
        for place in range(at, at + (length or 1)):
            seen.setdefault(chunk[place : place + _SHORTEST], []).append(place)
        at += length or 1
    return tokens


def _longest(chunk: bytes, at: int, longest: int, seen: dict[bytes, list[int]]) -> tuple[int, int]:
    """Length and place of the longest repetition, the nearest of equal ones; length 0 for none."""
    best, where = 0, 0
    for place in reversed(seen.get(chunk[at : at + _SHORTEST], [])):
        length = _common(chunk, place, at, longest)
        if length > best:
            best, where = length, place
        if best == longest:
            break
    return (best, where) if best >= _SHORTEST else (0, 0)


def _common(chunk: bytes, place: int, at: int, longest: int) -> int:
    """How many bytes from both places on are equal: the repetition may run into itself."""
    end = min(len(chunk) - at, longest)
    length = 0
    while length < end and chunk[place + length] == chunk[at + length]:
        length += 1
    return length
