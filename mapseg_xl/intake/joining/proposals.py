"""Likely pairs of two tables whose sure keys are joined already: asked, accepted, refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from mapseg_xl.intake.columns.key_columns import LABEL, Keyed
from mapseg_xl.intake.columns.profiles import shown
from mapseg_xl.intake.columns.role_words import header_key, key_set
from mapseg_xl.intake.joining.answers import BULK, NO, OPEN, YES, AskedPair, PairAnswers, pair_id
from mapseg_xl.intake.joining.joints import Joint
from mapseg_xl.intake.joining.widening import FALLBACKS, Step, recoded
from mapseg_xl.intake.pairing.likely import LikelyPair, likely_pairs
from mapseg_xl.intake.pairing.parties import Party
from mapseg_xl.intake.pairing.scoring import words_of
from mapseg_xl.intake.tables import Array, RawTable

_HEADERS = {
    "name": key_set("name; full name; display name; debtor; kundenname; nom; nombre; naam"),
    "country": key_set("country; land; pays; pais; billing country; country code; nation; paese"),
    "city": key_set("city; town; stadt; ort; ville; ciudad; billing city; citta"),
    "phone": key_set("phone; phone number; telephone; telefon; tel; mobile; telefono"),
}


@dataclass(frozen=True, slots=True, eq=False)
class Proposed:
    """The joint with the pairs that people accepted, and all pairs as they stand."""

    joint: Joint
    pairs: tuple[AskedPair, ...] = ()
    steps: tuple[Step, ...] = ()


def proposed(
    joint: Joint, left: Keyed, right: Keyed, money: Array | None, answers: PairAnswers
) -> Proposed:
    """Pairs of what is still unmatched on the right with anybody on the left; accepted ones are joined.

    `money`: of each record of the right table, None where it has none.
    """
    if joint.right.kind == LABEL:
        return Proposed(joint)
    ours, theirs = _Side(joint, left, "left", None), _Side(joint, right, "right", money)
    lone = ~np.isin(theirs.codes, ours.codes)
    theirs = theirs.only(lone)
    if not theirs.n or not (ours.tells and theirs.tells):
        return Proposed(joint)
    said, joined = _said(ours, theirs, answers)
    free = np.array([c not in joined for c in theirs.codes.tolist()], dtype=bool)
    asked = theirs.only(free)
    never = frozenset(answers.no.values())
    wanted = answers.ask or answers.accept_from is not None
    found = likely_pairs(ours.parties(), asked.parties(), never=never) if wanted else ()
    refused = frozenset(right for _, right in never)
    opened = [_asked(ours, asked, pair, answers.accept_from, refused) for pair in found]
    accepted = {p.id for p in opened if p.state == BULK}
    for pair, one in zip(found, opened, strict=True):
        if one.id in accepted:
            joined[int(asked.codes[pair.right])] = int(ours.codes[pair.left])
    pairs = (*opened, *said)
    return Proposed(recoded(joint, joined), pairs, _steps(pairs))


def _steps(pairs: tuple[AskedPair, ...]) -> tuple[Step, ...]:
    """What people's answers joined, as lines of the report."""
    words = {YES: "accepted by you", BULK: "accepted by score"}
    found = []
    for state, said in words.items():
        rows = [p.rows for p in pairs if p.state == state]
        if rows:
            found.append(Step(said, len(rows), sum(rows)))
    return tuple(found)


def _said(
    ours: _Side, theirs: _Side, answers: PairAnswers
) -> tuple[list[AskedPair], dict[int, int]]:
    """The pairs that were answered one by one, where both parties are there, and what they join."""
    left = {key: at for at, key in enumerate(ours.keys)}
    right = {key: at for at, key in enumerate(theirs.keys)}
    said: list[AskedPair] = []
    joined: dict[int, int] = {}
    for state, held in ((YES, answers.yes), (NO, answers.no)):
        for pair, (one, other) in held.items():
            if one not in left or other not in right:
                continue
            at, to = left[one], right[other]
            said.append(theirs.line(ours, at, to, pair, state))
            if state == YES:
                joined.setdefault(int(theirs.codes[to]), int(ours.codes[at]))
    return said, joined


def _asked(
    ours: _Side, theirs: _Side, pair: LikelyPair, least: float | None, refused: frozenset[str]
) -> AskedPair:
    """A pair nobody has answered; joined where its score is high enough and nobody else is as likely.

    `refused`: rows of which a better pair was refused. They are asked about, for nobody has seen their next best.
    """
    doubtful = pair.rival or theirs.keys[pair.right] in refused
    bulk = least is not None and pair.score >= least and not doubtful
    key = pair_id(ours.keys[pair.left], theirs.keys[pair.right])
    return theirs.line(ours, pair.left, pair.right, key, BULK if bulk else OPEN, pair)


class _Side:
    """The parties of one table: one for each code, from the code's first record."""

    def __init__(self, joint: Joint, keyed: Keyed, side: str, money: Array | None) -> None:
        codes = joint.left_codes if side == "left" else joint.right_codes
        index = joint.left.index if side == "left" else joint.right.index
        filled = np.flatnonzero(codes >= 0)
        self.keyed, self.table = keyed, keyed.table
        self.codes, first = np.unique(codes[filled], return_index=True)
        self.records = filled[first]
        self.columns = columns_of(keyed)
        self.key_texts = keyed.texts.get(index)
        self.key_index = index
        n = joint.n_codes
        self.rows = np.bincount(codes[filled], minlength=n)[self.codes]
        self.has_money = money is not None
        worth = np.zeros(n) if money is None else np.bincount(codes[filled], money[filled], n)
        self.money = worth[self.codes]
        self._keys: list[str] | None = None

    def only(self, kept: np.ndarray) -> _Side:
        """Some of the parties."""
        part = object.__new__(_Side)
        part.__dict__.update(self.__dict__)
        part.codes, part.records = self.codes[kept], self.records[kept]
        part.rows, part.money = self.rows[kept], self.money[kept]
        part._keys = None
        return part

    @property
    def n(self) -> int:
        """How many parties."""
        return len(self.codes)

    @property
    def tells(self) -> bool:
        """Whether a column says who they are, beyond an id."""
        return bool({"name", "email", "domain"} & self.columns.keys())

    @property
    def keys(self) -> list[str]:
        """What names each party for good: its key, else its address or name."""
        if self._keys is None:
            self._keys = [self._key(r) for r in self.records.tolist()]
        return self._keys

    def _key(self, record: int) -> str:
        if self.key_texts is not None and self.key_texts[record]:
            return str(self.key_texts[record])
        for kind in FALLBACKS:
            for column in self.keyed.columns:
                if column.kind == kind and self.keyed.texts[column.index][record]:
                    return str(self.keyed.texts[column.index][record])
        cell = self.table.columns[self.key_index][record]
        return "" if cell is None else shown(cell).casefold()

    def parties(self) -> list[Party]:
        """As the pairing compares them."""
        texts = {what: self._texts(at) for what, at in self.columns.items()}
        empty = [""] * self.n
        held = zip(
            self.keys,
            *(texts.get(w, empty) for w in ("name", "email", "domain", "country", "city", "phone")),
            self.money.tolist(),
            self.rows.tolist(),
            strict=True,
        )
        return [Party(*values) for values in held]

    def _texts(self, index: int) -> list[str]:
        cells = self.table.columns[index][self.records].tolist()
        return ["" if cell is None else shown(cell) for cell in cells]

    def label(self, at: int) -> str:
        """What the row says of who it is: name or address, and the key where that is another cell."""
        record = int(self.records[at])
        cells = [self.columns.get("name"), self.columns.get("email"), self.columns.get("domain")]
        texts = [_cell(self.table, i, record) for i in cells if i is not None]
        name = next((t for t in texts if t), "")
        key = _cell(self.table, self.key_index, record)
        if not name or not key or key.casefold() == name.casefold():
            return name or key
        return f"{name} ({key})"

    def line(
        self,
        ours: _Side,
        at: int,
        to: int,
        key: str,
        state: str,
        pair: LikelyPair | None = None,
    ) -> AskedPair:
        """A pair as people see it. `self`: the right side."""
        return AskedPair(
            key,
            f"{self.table.sheet} {self.table.rows[self.records[to]]}",
            ours.label(at),
            self.label(to),
            (ours.keys[at], self.keys[to]),
            pair.score if pair else 0.0,
            words_of(pair.score) if pair else "",
            pair.why if pair else "",
            float(self.money[to]) if self.has_money else None,
            int(self.rows[to]),
            state,
            bool(pair and pair.rival),
        )


def columns_of(keyed: Keyed) -> dict[str, int]:
    """The columns of a table that tell who a row is: name, email, domain, country, city, phone."""
    found: dict[str, int] = {}
    for kind, what in (("company", "name"), ("email", "email"), ("domain", "domain")):
        for column in keyed.columns:
            if column.kind == kind:
                found.setdefault(what, column.index)
    for what, at in _by_header(keyed.table):
        found.setdefault(what, at)
    return found


def _by_header(table: RawTable) -> Iterator[tuple[str, int]]:
    for at, header in enumerate(table.headers):
        key = header_key(header)
        yield from ((what, at) for what, keys in _HEADERS.items() if key in keys)


def _cell(table: RawTable, index: int, record: int) -> str:
    cell = table.columns[index][record]
    return "" if cell is None else shown(cell)
