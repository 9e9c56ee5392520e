"""Rows that the exact key did not join, joined by forms of it that are still sure. What could be two stays apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from mapseg_xl.intake.columns.key_columns import LABEL, Keyed
from mapseg_xl.intake.joining.joints import Codes, Joint
from mapseg_xl.intake.joining.levels import SAME, Form, Level, kind_in, levels_of
from mapseg_xl.intake.tables import Array

FALLBACKS = ("email", "company")
"""Kinds of column by which a row without a key is found, the surest first."""

Entities = dict[int, str]  # code -> text


@dataclass(frozen=True, slots=True)
class Step:
    """What one form of the key has joined: `Company = Customer, without legal form`."""

    words: str
    keys: int
    rows: int


@dataclass(frozen=True, slots=True, eq=False)
class Unclear:
    """Keys of the right table that could be one of several of the left, or several that could be one."""

    left: tuple[int, ...]  # codes
    right: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Widened:
    """A joint with more partners, by which forms they were found, and what was left for people to say."""

    joint: Joint
    steps: tuple[Step, ...] = ()
    unclear: tuple[Unclear, ...] = ()


def widened(joint: Joint, left: Keyed, right: Keyed, *, several: bool) -> Widened:
    """The joint with the rows that a form of their key joins for sure. `several`: the right table has rows of orders.

    First forms of the key itself. Then, for rows whose key is empty on one side, their e-mail address and company.
    A form that two different keys of one table share joins nothing.
    """
    if joint.right.kind == LABEL:
        return Widened(joint)
    joint = _with_keyless(joint, left, right)
    work = _Work(joint, several)
    if not len(work.open):
        return Widened(joint)
    kinds = kind_in(left.columns, joint.left), kind_in(right.columns, joint.right)
    words = joint.words(left.table, right.table)
    ours, theirs = left.texts.get(joint.left.index), right.texts.get(joint.right.index)
    if ours is not None and theirs is not None:
        for level in levels_of(*kinds):
            work.join(level, words, work.left_texts(ours), work.right_texts(theirs))
    _by_fallbacks(work, left, right)
    return Widened(work.joint(), tuple(work.steps), tuple(work.unclear))


def _with_keyless(joint: Joint, left: Keyed, right: Keyed) -> Joint:
    """Codes for the rows without a key that have an address or a name: one for each different text."""
    n = joint.n_codes
    codes = []
    for held, keyed in ((joint.left_codes, left), (joint.right_codes, right)):
        texts = _fallback_texts(keyed, held < 0)
        made: dict[str, int] = {}
        new = held.copy()
        for record in np.flatnonzero(texts != "").tolist():
            new[record] = made.setdefault(texts[record], n + len(made))
        n += len(made)
        codes.append(new)
    if n == joint.n_codes:
        return joint
    return replace(joint, left_codes=codes[0], right_codes=codes[1], n_codes=n)


def _fallback_texts(keyed: Keyed, without: np.ndarray) -> Array:
    """Of the rows without a key the first text that may name them, with its kind; "" elsewhere."""
    texts = np.full(len(without), "", dtype=object)
    for kind in FALLBACKS:
        for column in keyed.columns:
            if column.kind == kind and column.strict:
                held = keyed.texts[column.index]
                free = without & (texts == "") & (held != "")
                texts[free] = [f"{kind} {text}" for text in held[free]]
    return texts


@dataclass(slots=True, eq=False)
class _Work:
    """The codes of two tables while more and more of them become one."""

    start: Joint
    several: bool
    steps: list[Step] = field(default_factory=list)
    unclear: list[Unclear] = field(default_factory=list)
    to: dict[int, int] = field(default_factory=dict)  # right code -> left code
    taken: set[int] = field(default_factory=set)  # left codes that have found a partner
    left_first: Codes = field(init=False)
    right_first: Codes = field(init=False)
    open: Codes = field(init=False)  # right codes without a partner
    rows: np.ndarray = field(init=False)  # of each right code

    def __post_init__(self) -> None:
        self.left_first = self.start.first_left()
        self.right_first = _first(self.start.right_codes, self.start.n_codes)
        self.rows = np.bincount(
            self.start.right_codes[self.start.right_codes >= 0], minlength=self.start.n_codes
        )
        self.open = np.flatnonzero((self.left_first < 0) & (self.right_first >= 0))

    def left_texts(self, texts: Array) -> Entities:
        """The text of each left key, of its first row."""
        codes = np.flatnonzero(self.left_first >= 0)
        return _filled(codes, texts[self.left_first[codes]])

    def right_texts(self, texts: Array) -> Entities:
        """The text of each right key that has no partner yet."""
        return _filled(self.open, texts[self.right_first[self.open]])

    def join(self, level: Level, words: str, left: Entities, right: Entities) -> None:
        """Joins what is the same in this form, and puts aside what could be two."""
        if not left or not right:
            return
        right_forms = _grouped(level, right)
        left_forms = _grouped(level, left, right_forms.keys())
        joined: dict[int, int] = {}
        for text, rights in right_forms.items():
            lefts = left_forms.get(text)
            if lefts is None:
                continue
            if len(lefts) > 1 or self._doubtful(level, lefts, rights):
                self.unclear.append(Unclear(tuple(lefts), tuple(rights)))
                joined |= dict.fromkeys(rights, -1)
            else:
                joined |= dict.fromkeys(rights, next(iter(lefts)))
        self._note(joined, f"{words}, {level.words}" if level.words else words)

    def _doubtful(
        self, level: Level, lefts: Mapping[int, Form], rights: Mapping[int, Form]
    ) -> bool:
        """What was left out differs; or two rows, each of which should be a customer's only one, would be one's."""
        if len({f.rest for f in (*lefts.values(), *rights.values())} - {""}) > 1:
            return True
        code = next(iter(lefts))
        taken = self.right_first[code] >= 0 or code in self.taken
        return level.loose and not self.several and (len(rights) > 1 or taken)

    def _note(self, joined: Mapping[int, int], words: str) -> None:
        found = {right: left for right, left in joined.items() if left >= 0}
        if found:
            rows = int(self.rows[list(found)].sum())
            self.steps.append(Step(words, len(found), rows))
            self.to |= found
            self.taken |= set(found.values())
        if joined:
            self.open = self.open[~np.isin(self.open, list(joined))]

    def joint(self) -> Joint:
        """The joint with one code for what was joined."""
        return recoded(self.start, self.to)


def recoded(joint: Joint, to: Mapping[int, int]) -> Joint:
    """The joint with right codes as others: `to` gives each its left one."""
    if not to:
        return joint
    names = np.append(np.arange(joint.n_codes), -1)
    names[list(to)] = list(to.values())
    right = names[joint.right_codes]
    known = joint.first_left() >= 0
    coverage = float(np.append(known, False)[right].mean()) if len(right) else 0.0
    return replace(joint, right_codes=right, coverage=coverage)


def only_joined(joint: Joint, keys: int) -> Joint:
    """The joint without the codes, from `keys` on, that rows without a key had only to be looked for."""
    if joint.n_codes == keys:
        return joint
    left, right = joint.left_codes.copy(), joint.right_codes.copy()
    left[(left >= keys) & ~np.isin(left, right)] = -1
    right[(right >= keys) & ~np.isin(right, left)] = -1
    return replace(joint, left_codes=left, right_codes=right)


def _by_fallbacks(work: _Work, left: Keyed, right: Keyed) -> None:
    """Rows without a key on one side, by their address and company."""
    left_key = set(_with_text(left, work.start.left_codes, work.start.left.index))
    right_key = set(_with_text(right, work.start.right_codes, work.start.right.index))
    for ours, theirs, kind in _fallback_columns(left, right, work.start):
        a, b = work.left_texts(left.texts[ours]), work.right_texts(right.texts[theirs])
        free_left = {c: t for c, t in a.items() if c not in left_key}
        free_right = {c: t for c, t in b.items() if c not in right_key}
        words = f"no key; {left.table.headers[ours]} = {right.table.headers[theirs]}"
        for level in (SAME, *levels_of(kind, kind)):
            still = set(work.open.tolist())
            work.join(level, words, a, {c: t for c, t in free_right.items() if c in still})
            bound = {c: t for c, t in b.items() if c in still and c in right_key}
            work.join(level, words, free_left, bound)


def _with_text(keyed: Keyed, codes: Codes, index: int) -> Iterator[int]:
    """The codes whose rows have a key of their own."""
    texts = keyed.texts.get(index)
    if texts is None:
        return iter(set(codes.tolist()))
    return iter(set(codes[texts != ""].tolist()))


def _fallback_columns(left: Keyed, right: Keyed, joint: Joint) -> Iterator[tuple[int, int, str]]:
    """Columns of one kind on both sides, but for the key itself."""
    for kind in FALLBACKS:
        ours = [k.index for k in left.columns if k.kind == kind and k.strict]
        theirs = [k.index for k in right.columns if k.kind == kind and k.strict]
        if ours and theirs and (ours[0], theirs[0]) != (joint.left.index, joint.right.index):
            yield ours[0], theirs[0], kind


def _grouped(
    level: Level, texts: Entities, wanted: Collection[str] | None = None
) -> dict[str, dict[int, Form]]:
    """Codes by their form, those that have one (and are wanted)."""
    groups: dict[str, dict[int, Form]] = defaultdict(dict)
    for code, text in texts.items():
        form = level.form(text)
        if form.text and (wanted is None or form.text in wanted):
            groups[form.text][code] = form
    return groups


def _filled(codes: Codes, texts: Array) -> Entities:
    return {c: t for c, t in zip(codes.tolist(), texts.tolist(), strict=True) if t}


def _first(codes: Codes, n: int) -> Codes:
    first = np.full(n, -1, dtype=np.intp)
    records = np.flatnonzero(codes >= 0)[::-1]
    first[codes[records]] = records
    return first
