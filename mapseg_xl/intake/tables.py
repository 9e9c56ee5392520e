"""The typed tables intake yields, and the shapes a sheet takes on its way there. No reading, no cleaning."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import IntEnum
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mapseg_xl.intake.joining.answers import AskedPair

Array: TypeAlias = NDArray[Any]

BLANK = "(blank)"


class Status(IntEnum):
    """Where a row stands in its life cycle. Rows are one of these four, always."""

    LEAD = 0
    TRIAL = 1
    CUSTOMER = 2
    CHURNED = 3


@dataclass(frozen=True, slots=True)
class Spot:
    """One cell (or row) of an issue that stands in several: what it holds, and what it was read as."""

    cell: str
    issue: str  # the sentence for this cell alone
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Issue:
    """One line of Data health: a cell (`B17`), a row (`A17:F17`) or a whole column (`C:C`)."""

    severity: str  # "error", "warning", "note"
    source: str
    sheet: str
    cell: str
    column: str  # the column's header, unchanged
    issue: str  # what is wrong, with the value: "date cannot be read: '31/02/2025'"
    action: str  # what was done, or what to do
    count: int = 1
    kind: str = ""  # stable code, e.g. "unreadable_date"; groups rows on the tab
    before: str = ""  # what the cell holds, where that was changed or left out
    after: str = ""  # what it was read as
    spots: tuple[Spot, ...] = ()  # of an issue of several cells: each of them, at most 1,000


@dataclass(frozen=True, slots=True, eq=False)
class RawSheet:
    """One sheet as stored: columns of equal length, cells as Python objects or already typed.

    An object column holds None (empty), str, float, bool, date, datetime, time, timedelta or `CellError`.
    Typed columns (parquet) are float64, bool, datetime64 or object of str.
    """

    source: str  # file name without folder
    sheet: str  # sheet name; the file's stem for csv and parquet
    columns: tuple[Array, ...]
    top: int = 1  # sheet row of element 0
    left: int = 1  # sheet column of columns[0]
    hidden: bool = False
    issues: tuple[Issue, ...] = ()  # found while reading (hidden rows, formulas without value)
    headers: tuple[
        str, ...
    ] = ()  # given where the file itself names its columns (parquet); else in the cells


@dataclass(frozen=True, slots=True)
class CellError:
    """An Excel error value in a cell, such as #N/A. Never the same as empty."""

    code: str

    def __str__(self) -> str:
        return self.code


@dataclass(frozen=True, slots=True)
class Wishes:
    """What people said about reading cells: repairs that are off, a mapping of values, likely typos merged or not.

    `mapping`: column in its comparable form ("" for all) -> a value's spelling key -> the value to use.
    """

    repairs_off: frozenset[str] = frozenset()  # names of `repairs.py`
    mapping: Mapping[str, Mapping[str, str]] = field(default_factory=dict, hash=False)
    merge_typos: bool = False

    def mapping_of(self, header: str) -> Mapping[str, str]:
        """Value -> value to use, of one column; what is said of it wins over what is said of all."""
        own = self.mapping.get(plain(header), {})
        every = self.mapping.get("", {})
        return {**every, **own} if every else own


@dataclass(frozen=True, slots=True, eq=False)
class RawTable:
    """The table found in a sheet: headers, and the records between title, total and blank rows."""

    source: str
    sheet: str
    headers: tuple[str, ...]  # unchanged but for outer spaces; unique
    letters: tuple[str, ...]  # sheet column letters, one a header
    header_row: int
    rows: NDArray[np.int64]  # the sheet row of each record
    columns: tuple[Array, ...]
    issues: tuple[Issue, ...] = ()
    wishes: Wishes = Wishes()
    turned: Mapping[int, str] = field(
        default_factory=dict
    )  # of a sheet that was turned: a row here -> the column it is there; `letters` are then its rows

    def cell(self, column: int, record: int) -> str:
        """Address of a record's cell, e.g. `C17`."""
        if self.turned:
            return f"{self.turned[int(self.rows[record])]}{self.letters[column]}"
        return f"{self.letters[column]}{self.rows[record]}"

    @property
    def area(self) -> str:
        """Where the table lies, from its first header to its last record, e.g. `H3:K90`."""
        last = self.rows[-1] if len(self.rows) else self.header_row
        return f"{self.letters[0]}{self.header_row}:{self.letters[-1]}{last}"


@dataclass(frozen=True, slots=True, eq=False)
class Trait:
    """A column that describes customers: each row has one of `values`, `(blank)` where the cell is empty.

    A number with many different values is cut into bands; `numbers` then keeps what the cells held.
    """

    name: str  # the source's header, unchanged
    letter: str
    family: str  # firmographic demographic geographic psychographic behavioural account
    values: tuple[str, ...]  # display order: by size, or natural order if `ordered`; "(blank)" last
    codes: NDArray[np.int32]  # index into values, one a customer
    ordered: bool = False
    numbers: NDArray[np.float64] | None = None  # NaN where empty
    made_from: tuple[
        str, ...
    ] = ()  # role names this column may follow from (circularity), e.g. ("status",)
    outcome_like: bool = False  # plan, contract, usage: "may be a result rather than a cause"


@dataclass(frozen=True, slots=True, eq=False)
class Customers:
    """One row a customer, lead or trial. Role columns by role name, everything else as traits.

    Role columns: dates are datetime64[D] with NaT; flags int8 with -1 unknown; numbers float64 with NaN;
    text object arrays of str with "" for empty. A role that no column fills is absent.
    """

    n: int
    status: NDArray[np.int8]
    ids: Array  # str; the sheet row as text where the table has no customer_id
    roles: Mapping[str, Array]
    role_headers: Mapping[str, str]  # role -> header it was read from
    traits: tuple[Trait, ...]
    source: str
    sheet: str
    rows: NDArray[np.int64]  # sheet row of each customer
    status_facts: Mapping[str, int] = field(default_factory=dict)  # conflicts and the like, counted

    def trait(self, name: str) -> Trait | None:
        """The trait of that header; case, spaces and underscores do not matter."""
        return next((t for t in self.traits if plain(t.name) == plain(name)), None)

    def only(self, kept: NDArray[np.bool_]) -> Customers:
        """These rows alone. Traits keep their values, also those nobody has any more."""
        return replace(
            self,
            n=int(kept.sum()),
            status=self.status[kept],
            ids=self.ids[kept],
            roles={role: column[kept] for role, column in self.roles.items()},
            traits=tuple(_only(trait, kept) for trait in self.traits),
            rows=self.rows[kept],
        )


def _only(trait: Trait, kept: NDArray[np.bool_]) -> Trait:
    numbers = None if trait.numbers is None else trait.numbers[kept]
    return replace(trait, codes=trait.codes[kept], numbers=numbers)


@dataclass(frozen=True, slots=True, eq=False)
class Orders:
    """Transactions, one a row: orders, invoices or payments."""

    customer: NDArray[np.int64]  # index of the customer's row in `Customers`; -1: matched nobody
    order_on: NDArray[np.datetime64]  # datetime64[D], NaT unknown
    value: NDArray[np.float64]  # NaN unknown; refunds are negative
    source: str
    sheet: str

    def only(self, kept: NDArray[np.bool_]) -> Orders:
        """As customers are kept (`Customers.only`): each order points at its customer's new place, -1 where gone."""
        place = np.append(np.where(kept, np.cumsum(kept) - 1, -1), -1)
        return replace(self, customer=place[self.customer])

    def until(self, day: date) -> Orders:
        """The orders up to and including a day, and those whose day is not known."""
        kept = ~(self.order_on > np.datetime64(day, "D"))
        if kept.all():
            return self
        return replace(
            self,
            customer=self.customer[kept],
            order_on=self.order_on[kept],
            value=self.value[kept],
        )


@dataclass(frozen=True, slots=True)
class SpendLine:
    """What was spent on a channel in a period, and how many customers the table says it brought."""

    channel: str
    period: date | None  # first day of the period
    spend: float | None
    new_customers: float | None
    cell: str  # "Spend!C17"


@dataclass(frozen=True, slots=True)
class MarketLine:
    """What the team knows of one segment's market. Shares are fractions, growth is a year's, scores 0 to 3."""

    segment: str
    accounts: float | None = None
    reachable: float | None = None
    winnable: float | None = None
    average_contract_value: float | None = None
    growth: float | None = None
    competition: float | None = None
    roadmap_fit: float | None = None
    scalable_channel: float | None = None
    said_by: str = ""  # the table's own source column, else its sheet


@dataclass(frozen=True, slots=True)
class FeedbackNote:
    """One thing a customer said. No names, no addresses."""

    said_on: date | None
    team: str
    segment: str
    quote: str
    theme: str
    customer: int = -1  # row of the customer where the note names one by a key


@dataclass(frozen=True, slots=True)
class Written:
    """One condition of a segment as somebody typed it, the cell it stands in, and the input cell's name."""

    text: str
    cell: str  # "Hypotheses!C31"
    key: tuple[str, str]  # row and column of the input table
    wrong: str = ""  # why it is no condition at all


@dataclass(frozen=True, slots=True)
class OwnSegment:
    """A segment that people believe in: a rule in the grammar of `measure/rules.py`, and who suggested it."""

    name: str
    rule: str
    suggested_by: str = ""
    cell: str = ""  # where it was written, for messages
    conditions: tuple[Written, ...] = ()  # typed one a cell; `rule` is then empty


@dataclass(frozen=True, slots=True)
class Match:
    """One line of match_report.csv: how two tables were joined, with the money that found its customer.

    `only_left`, `only_right`: distinct keys without a partner. `duplicates`: keys on several rows of one side,
    `many_to_many`: of both. Money is the right table's.
    """

    left: str  # "crm.csv", or "team.xlsx · Billing"
    right: str
    key: str  # "Account ID = account"
    matched: int
    only_left: int
    only_right: int
    duplicates: int
    many_to_many: int
    money_left: float | None  # of the right table, with no customer on the left
    money_matched: float | None
    rows_left: int = 0  # rows of the right table without a customer, those with an empty key too
    rows_matched: int = 0
    rows_by_form: int = 0  # of those matched: by a form of the key (no legal form, no plus-address)
    rows_accepted: int = 0  # of those matched: likely pairs that people accepted
    rows_left_out: int = 0  # there twice, cell by cell; and totals, blank rows, headers again
    money_left_out: float | None = None
    money_all: float | None = None  # the sum of the table's column, row by row
    money_counted: float | None = None  # what of the money found is on the customers
    customers_covered: int = 0
    money_covered: float | None = None  # revenue of the customers that the table has a row of


EVERYBODY = "everybody counted is taken as a customer"  # a remark on a pivot's customers


@dataclass(frozen=True, slots=True)
class PivotLine:
    """One segment of a pivot: a value of each attribute, its figures by name, and the cell each stands in."""

    values: tuple[str, ...]
    figures: Mapping[str, float]
    cells: Mapping[str, str]  # figure -> "C17"


@dataclass(frozen=True, slots=True)
class Pivot:
    """Figures that a team keeps by segment: the finest segments of a pivot or summary table, never its totals.

    Figures are resolved: `leads trials customers churned` exclude each other, `size` is all of them; `converted` of
    `started`; `won lost open`; `price` (a month), `revenue` (so far) and `spend` are sums, `price_n` and `revenue_n`
    customers they are of, `price_squares` and `revenue_squares` sums of squares; `months` customer-months. A figure
    that the sheet lacks is absent.
    """

    source: str
    sheet: str
    area: str  # "A3:F12"
    attributes: tuple[str, ...]  # headers of the row and column fields, one or two
    lines: tuple[PivotLine, ...]
    headers: Mapping[str, str] = field(
        default_factory=dict
    )  # figure -> the header it was read from
    remarks: Mapping[str, str] = field(default_factory=dict)  # figure -> how it was read, in words


@dataclass(frozen=True, slots=True)
class CohortRow:
    """Customers who started together: how many, and a figure at each time of `CohortTable.times`; None: open."""

    cohort: str  # as written; "2025-03" where it is a month
    size: float | None
    cells: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class CohortTable:
    """A team's cohort table, or the block of one segment in it.

    `kind`: `retained` counts of customers still here; `active` counts of customers who did something, and may come
    back; `shares` still here, of cohorts whose size nobody wrote down; `money` of each period.
    """

    source: str
    sheet: str
    area: str
    kind: str
    rows: tuple[CohortRow, ...]
    times: tuple[float, ...]  # months after everybody was there
    ages: tuple[int, ...]  # as the sheet counts them
    attribute: str = ""  # empty: of the whole base
    segment: str = ""
    remarks: tuple[str, ...] = ()  # how it was read, in words


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field of which two tables say different things of the same customers: which one counts, and why."""

    field: str  # role name, or a trait's header
    used: str  # "CRM · Country"
    other: str
    both: int  # customers of whom both say something
    differ: int
    example: str  # "Billing!D17 'France', CRM!E5 'Germany'"
    why: str


@dataclass(frozen=True, slots=True)
class OwnTie:
    """The rows and the money of the customers' own table: all of them on Customers, or left out."""

    table: str
    rows: int
    rows_used: int
    rows_left_out: int  # repeats of a customer
    money: float | None  # of all records
    money_used: float | None


@dataclass(frozen=True, slots=True)
class Joining:
    """How the tables were joined, beyond a line a table: by which keys, who may be whom, where they disagree."""

    steps: tuple[tuple[str, str, int, int], ...] = ()  # table, by what, keys, rows
    pairs: tuple[AskedPair, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    own: OwnTie | None = None
    revenue: float | None = None  # of all customers, which coverage is a share of


NOTHING_JOINED = Joining()


@dataclass(frozen=True, slots=True)
class SheetUse:
    """What became of a sheet, or of one table of it. Without a table, its area is empty and its rows are unknown."""

    source: str
    sheet: str
    kind: str  # "customers", "transactions", "spend", ..., "hidden", "no table"
    used: bool
    why: str  # what it is told by; where it was left, why
    area: str = ""  # "A4:K90"
    header_row: int | None = None
    rows: int | None = None
    columns: tuple[tuple[str, str], ...] = ()  # part played, header


@dataclass(frozen=True, slots=True, eq=False)
class Sources:
    """Everything intake found, as typed tables."""

    customers: Customers
    issues: tuple[Issue, ...]
    currency: str  # symbol printed before money, "$" unless the cells say otherwise; "" unknown
    taken: tuple[str, ...]  # sentences: which sheet was read, header row, which were left and why
    guesses: tuple[RoleGuess, ...] = ()
    orders: Orders | None = None
    spend: tuple[SpendLine, ...] = ()
    market: tuple[MarketLine, ...] = ()
    feedback: tuple[FeedbackNote, ...] = ()
    own_segments: tuple[OwnSegment, ...] = ()
    matches: tuple[Match, ...] = ()
    joining: Joining = field(default_factory=lambda: NOTHING_JOINED)
    cost_estimated: bool = False  # acquisition cost was spread from channel spend
    pivots: tuple[Pivot, ...] = ()
    cohorts: tuple[CohortTable, ...] = ()
    sheets: tuple[SheetUse, ...] = ()  # every sheet, in order


@dataclass(frozen=True, slots=True)
class RoleGuess:
    """How a column was read, for Confirm columns and Definitions."""

    header: str
    letter: str
    role: str  # role name, or "trait", or "ignored"
    family: str
    sure: bool
    why: str
    samples: tuple[str, ...]  # three
    sheet: str = ""


def plain(text: str) -> str:
    """Header in its comparable form: lower case, letters and digits only."""
    return "".join(c for c in text.casefold() if c.isalnum())


def objects(values: Sequence[Any]) -> Array:
    """The values as a column of Python objects, also where they are all of one length or type."""
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column
