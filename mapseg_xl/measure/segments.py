"""Named segments of the customers: the values of an attribute, two attributes crossed, or rules of one's own."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mapseg_xl.errors import InputError, MissingColumn
from mapseg_xl.intake.describing.traits import trait_of
from mapseg_xl.intake.tables import BLANK, Array, Customers, Trait
from mapseg_xl.measure.columns import find_column
from mapseg_xl.measure.membership import evaluate
from mapseg_xl.measure.parsing import parse_rule
from mapseg_xl.measure.rules import Condition, Rule

BASE = "ALL"  # segment, segmentation and id of the whole base
MY_SEGMENTS = "my segments"
HYPOTHESES = "hypotheses"
ATTRIBUTE, OWN, PROPOSAL = "attribute value", "my segment", "proposal"

KnownIds = Mapping[tuple[str, str], str]  # (segmentation, segment) -> segment_id of an earlier run


@dataclass(frozen=True, slots=True)
class NamedRule:
    """A segment as somebody asked for it."""

    name: str
    rule: Rule
    suggested_by: str = ""


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment. Its id survives re-runs on new data; the rule is text that `parse_rule` reads."""

    segment_id: str
    name: str
    rule: str
    source: str  # "attribute value" "my segment" "proposal"
    made_from: tuple[str, ...] = ()  # role names it is cut on or may follow from (circularity)
    outcome_like: bool = False  # "may be a result rather than a cause"
    suggested_by: str = ""  # of one's own segments
    is_blank: bool = False  # the rows with an empty cell


@dataclass(frozen=True, slots=True, eq=False)
class Segmentation:
    """Segments that are shown together. A partition deals every customer into exactly one of them.

    `codes` (partition) gives each customer the index of its segment; `members` (overlapping) holds one bool array
    a segment. The other one is None.
    """

    name: str  # the source's header, unchanged; `a x b`; "my segments"
    kind: str  # "partition" "overlapping"
    segments: tuple[Segment, ...]
    codes: NDArray[np.int32] | None = None
    members: tuple[NDArray[np.bool_], ...] | None = None

    @property
    def made_from(self) -> tuple[str, ...]:
        """Roles that any of the segments is made from."""
        return tuple(dict.fromkeys(role for s in self.segments for role in s.made_from))

    @property
    def outcome_like(self) -> bool:
        """Whether any of the segments may be a result rather than a cause."""
        return any(s.outcome_like for s in self.segments)

    @property
    def mirrored(self) -> bool:
        """Whether the two segments are each other's rest, so that they are one test."""
        if len(self.segments) != 2:
            return False
        if self.members is None:
            return True
        return bool(np.array_equal(self.members[0], ~self.members[1]))

    def member(self, index: int) -> NDArray[np.bool_]:
        """Which customers are in the segment of that index."""
        if self.members is not None:
            return self.members[index]
        inside: NDArray[np.bool_] = np.asarray(self.codes == index)
        return inside

    def sizes(self) -> tuple[int, ...]:
        """Customers in each segment."""
        if self.members is not None:
            return tuple(int(m.sum()) for m in self.members)
        codes: Array = np.asarray(self.codes)
        return tuple(np.bincount(codes, minlength=len(self.segments)).tolist())


def parse_segment_option(text: str) -> NamedRule:
    """Reads `NAME: RULE`. The name ends at the first colon after which a whole rule follows.

    So names may hold colons: `A: B: size > 3` is the segment `A: B`. Columns whose name ends with a colon are quoted.

    >>> named = parse_segment_option("Enterprise: employees >= 1000")
    >>> named.name, str(named.rule)
    ('Enterprise', 'employees >= 1000')
    """
    first_error: InputError | None = None
    for colon in re.finditer(":", text):
        name = text[: colon.start()].strip()
        if not name:
            continue
        try:
            return NamedRule(name, parse_rule(text[colon.end() :]))
        except InputError as error:
            first_error = first_error or error
    if first_error is not None:
        raise first_error
    raise InputError(
        f"Segment \"{text}\" has no name or no rule. Write NAME: RULE, e.g. 'Enterprise: employees >= 1000'."
    )


def segmentation_by(
    option: str, customers: Customers, known: KnownIds | None = None
) -> Segmentation:
    """The segmentation `--segment-by` asks for: a header as it stands, else `A x B`.

    Numbers are cut into bands, dates into years. Raises MissingColumn where there is no such column.
    """
    try:
        return partition(_trait(customers, option), known)
    except MissingColumn:
        sides = _sides(option, customers)
        if sides is not None:
            return crossed(*sides, known)
        sides_named = re.split(r"\s[x×]\s", option, flags=re.IGNORECASE)
        if len(sides_named) > 1:
            for side in sides_named:
                find_column(customers, side)  # raises for the side that is not there
        raise


def crossed_sides(option: str, customers: Customers) -> tuple[Trait, Trait] | None:
    """The two attributes that `A x B` crosses; None for a header as it stands and for anything else."""
    return None if _has(customers, option) else _sides(option, customers)


def _sides(option: str, customers: Customers) -> tuple[Trait, Trait] | None:
    for cross in re.finditer(r"\s[x×]\s", option, re.IGNORECASE):
        sides = option[: cross.start()], option[cross.end() :]
        if all(_has(customers, side) for side in sides):
            return _trait(customers, sides[0]), _trait(customers, sides[1])
    return None


def partition(trait: Trait, known: KnownIds | None = None) -> Segmentation:
    """The values of one attribute, in its order, as segments."""
    rules = [str(Rule((_equal(trait, value),))) for value in trait.values]
    keys = [(value,) for value in trait.values]
    ids = _ids(trait.name, trait.values, keys, known)
    segments = tuple(
        Segment(
            i,
            value,
            rule,
            ATTRIBUTE,
            trait.made_from,
            trait.outcome_like,
            is_blank=value == BLANK,
        )
        for i, value, rule in zip(ids, trait.values, rules, strict=True)
    )
    return Segmentation(trait.name, "partition", segments, codes=trait.codes)


def crossed(first: Trait, second: Trait, known: KnownIds | None = None) -> Segmentation:
    """Two attributes crossed: a segment for each pair of values that occurs, written `A | B`."""
    name = f"{first.name} x {second.name}"
    pair = first.codes.astype(np.int64) * len(second.values) + second.codes
    present, codes = np.unique(pair, return_inverse=True)
    keys = [
        (first.values[p // len(second.values)], second.values[p % len(second.values)])
        for p in present.tolist()
    ]
    values = [" | ".join(key) for key in keys]
    made_from = tuple(dict.fromkeys(first.made_from + second.made_from))
    segments = tuple(
        Segment(
            i,
            value,
            str(Rule((_equal(first, key[0]), _equal(second, key[1])))),
            ATTRIBUTE,
            made_from,
            first.outcome_like or second.outcome_like,
        )
        for i, value, key in zip(_ids(name, values, keys, known), values, keys, strict=True)
    )
    return Segmentation(name, "partition", segments, codes=codes.astype(np.int32))


def overlapping(
    name: str,
    rules: Sequence[NamedRule],
    customers: Customers,
    known: KnownIds | None = None,
    source: str = OWN,
) -> Segmentation:
    """Segments by rules of their own; a customer may be in several or none. Names must differ."""
    names = [r.name for r in rules]
    twice = next((n for i, n in enumerate(names) if n in names[:i]), None)
    if twice is not None:
        raise InputError(f"Two segments are called '{twice}'. Give each a name of its own.")
    columns = [[find_column(customers, c.column) for c in r.rule.conditions] for r in rules]
    segments = tuple(
        Segment(
            i,
            named.name,
            str(named.rule),
            source,
            tuple(dict.fromkeys(role for c in used for role in c.made_from)),
            any(c.outcome_like for c in used),
            named.suggested_by,
        )
        for i, named, used in zip(
            _ids(name, names, [(n,) for n in names], known), rules, columns, strict=True
        )
    )
    members = tuple(evaluate(r.rule, customers) for r in rules)
    return Segmentation(name, "overlapping", segments, members=members)


def _trait(customers: Customers, header: str) -> Trait:
    exact = next((t for t in customers.traits if t.name == header.strip()), None)
    if exact is not None:
        return exact
    column = find_column(customers, header)
    return trait_of(customers, column.name)


def _has(customers: Customers, header: str) -> bool:
    try:
        find_column(customers, header)
    except MissingColumn:
        return False
    return True


def _equal(trait: Trait, value: str) -> Condition:
    return (
        Condition(trait.name, "is blank")
        if value == BLANK
        else Condition(trait.name, "=", (value,))
    )


def _ids(
    segmentation: str,
    names: Sequence[str],
    keys: Iterable[tuple[str, ...]],
    known: KnownIds | None,
) -> list[str]:
    """Ids of an earlier run where there were some, else new ones; unique also if one value is written like two."""
    ids: dict[str, None] = {}
    for name, exact in zip(names, keys, strict=True):
        key = exact
        kept = (known or {}).get((segmentation, name), "")
        made = kept or segment_id(segmentation, key)
        while made in ids:  # two values written alike, or an id that a renamed value left behind
            key = (*key, "again")
            made = segment_id(segmentation, key)
        ids[made] = None
    return list(ids)


def segment_id(segmentation: str, key: tuple[str, ...]) -> str:
    """A short readable id made from the segmentation's name and the segment's value or values alone.

    The same on every machine and run, whatever else the data holds; different in another segmentation.

    >>> segment_id("contract", ("Two year",))
    'two-year-31108515'
    """
    readable = (
        unicodedata.normalize("NFKD", "-".join(key)).encode("ascii", "ignore").decode().lower()
    )
    slug = re.sub(r"[^a-z0-9]+", "-", readable).strip("-")[:24].rstrip("-") or "segment"
    exact = "\x1f".join((segmentation, *key)).encode("utf-8", "surrogatepass")
    return f"{slug}-{hashlib.blake2b(exact, digest_size=4).hexdigest()}"
