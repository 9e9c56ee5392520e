"""The words of the workbook, as data and small functions: verdicts, arrows, numbers in words, names cut to length.

Statistical names stand on Definitions only; everything here is for people who never heard them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from mapseg_xl.analyze.findings import Findings
from mapseg_xl.analyze.performance import PerformanceRow
from mapseg_xl.measure.segments import HYPOTHESES, MY_SEGMENTS
from mapseg_xl.metrics.base import Metric
from mapseg_xl.metrics.lifetime_value import knows_margin

COMPANY, OTHERS, RANGE = "Company average", "Everyone else", "plausible range"
NUMBERS = (  # no: "no segment"
    *("no", "one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
)
CALLS = {"focus": "Focus", "test": "Test", "hold": "Hold"}
VERDICTS = {
    "about_same": "= about the same",
    "cant_tell": "? can't tell yet",
    "not_available": "– not compared",
}
UP, DOWN = "▲", "▼"
HEADS = {  # what n counts, short enough for a column head
    "matured trials": "Trials",
    "leads or trials": "Trials",
    "decided opportunities": "Decided",
    "decided opportunities with a value": "Decided",
    "customers with a price": "Customers",
    "customers with revenue": "Customers",
    "customers and churned": "Customers",
    "customer-months": "Customer months",
    "new customers": "New",
    "buyers": "Buyers",
    "orders": "Orders",
}
SAY = {  # a metric as the subject of a sentence
    "conversion": "conversion",
    "win_rate": "opportunities won",
    "win_rate_by_value": "opportunities won, by value",
    "time_to_convert_days": "days to convert",
    "arpu": "revenue a month",
    "repeat_rate": "buying again",
    "orders_per_customer": "orders so far",
    "average_order_value": "revenue an order",
    "revenue_per_customer": "revenue so far",
    "churned_share": "share that has left",
    "monthly_churn": "leaving each month",
    "survival_12m": "still here at 12 months",
    "survival_24m": "still here at 24 months",
    "median_lifetime_months": "months until half have left",
    "rmst_months": "average months as a customer",
    "cac": "cost to win a customer",
    "ltv_to_cac": "value for its cost",
    "payback_months": "months to earn the cost back",
}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SEGMENTATIONS = {
    MY_SEGMENTS: "My segments",
    HYPOTHESES: "Hypotheses, judged on the customers they were not found on",
}
_BRIEF = {"rmst_months": "Average months", "payback_months": "Months to pay back"}
_LONGEST_NAMES = 6
_SMALL_SHARE = 0.03
_SHARES = (
    (0.97, "nearly all"),
    (0.85, "nine in ten"),
    (0.775, "four in five"),
    (0.7, "three in four"),
    (0.63, "two in three"),
    (0.55, "six in ten"),
    (0.45, "about half"),
    (0.37, "four in ten"),
    (0.29, "one in three"),
    (0.225, "one in four"),
    (0.15, "one in five"),
    (0.075, "one in ten"),
    (0.0, "fewer than one in ten"),
)


def number_word(number: int) -> str:
    """A small number in words, others in figures.

    >>> number_word(0), number_word(4), number_word(1200)
    ('no', 'four', '1,200')
    """
    return NUMBERS[number] if number < len(NUMBERS) else f"{number:,}"


def counted(number: float, one: str, many: str = "") -> str:
    """A count with its noun.

    >>> counted(1, "segment"), counted(1204, "row")
    ('1 segment', '1,204 rows')
    """
    return f"{number:,.0f} {one if number == 1 else many or one + 's'}"


def counted_word(number: int, one: str, many: str = "") -> str:
    """A small count in words, with its noun.

    >>> counted_word(1, "measure"), counted_word(6, "measure")
    ('one measure', 'six measures')
    """
    return f"{number_word(number)} {one if number == 1 else many or one + 's'}"


def listing(names: Sequence[str], longest: int = _LONGEST_NAMES) -> str:
    """Names as a sentence lists them, the last ones counted where there are many.

    >>> listing(["A", "B", "C"]), listing(list("ABCDEFGH"), 3)
    ('A, B and C', 'A, B, C and 5 more')
    """
    names = list(names)
    if len(names) > longest:
        return f"{', '.join(names[:longest])} and {len(names) - longest} more"
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def short(name: str, longest: int) -> str:
    """A name cut to a length, for charts and headlines.

    >>> short("Month-to-month", 8), short("DSL", 8)
    ('Month-t…', 'DSL')
    """
    name = " ".join(name.split())
    return name if len(name) <= longest else name[: longest - 1].rstrip() + "…"


def header(name: str) -> str:
    """A column's header as people write it.

    >>> header("internet_service")
    'internet service'
    """
    return " ".join(name.replace("_", " ").split()) or name


def segmentation_title(name: str) -> str:
    """A segmentation as the head of its segments."""
    return _SEGMENTATIONS.get(name) or header(name)


def sentence_case(text: str) -> str:
    """The text with its first letter capital."""
    return text[:1].upper() + text[1:]


def share_words(share: float) -> str:
    """A share in words, as headlines say it.

    >>> share_words(0.79), share_words(0.24), share_words(0.5)
    ('four in five', 'one in four', 'about half')
    """
    return next(words for least, words in _SHARES if share >= least)


def day(when: date) -> str:
    """A date with its month in words.

    >>> day(date(2026, 6, 30))
    '30 Jun 2026'
    """
    return f"{when.day} {_MONTHS[when.month - 1]} {when.year}"


def months(number: float) -> str:
    """A number of months as read: whole, or with one decimal.

    >>> months(72.0), months(29.4333)
    ('72', '29.4')
    """
    return f"{number:.1f}".removesuffix(".0")


def arrow(row: PerformanceRow) -> str:
    """Which way the figure lies; nothing where it lies level or is unknown."""
    if not row.difference:
        return ""
    return UP if row.difference > 0 else DOWN


def chip(row: PerformanceRow) -> str:
    """The verdict on a segment in three words: arrow = way the figure lies, word = good or bad."""
    if row.verdict in ("better", "worse"):
        return f"{arrow(row)} {row.verdict}".strip()
    return VERDICTS[row.verdict]


def is_clear(row: PerformanceRow | None) -> bool:
    """Whether the segment is better or worse beyond chance."""
    return row is not None and row.verdict in ("better", "worse")


def value_title(findings: Findings) -> str:
    """What value over the horizon is called: lifetime value only where a margin is known."""
    months = findings.context.horizon_months
    if not months:
        return "value over time"
    kind = "lifetime value" if knows_margin(findings.whole, findings.context) else "revenue"
    return f"{months}-month {kind}"


def title(metric: Metric, findings: Findings) -> str:
    """A metric as a section head."""
    if metric.id == "ltv":
        return value_title(findings)
    if metric.id == "rmst_months" and findings.context.tau_months is not None:
        return f"{metric.plain_title}, within {months(findings.context.tau_months)}"
    return metric.plain_title


def say(metric: Metric, findings: Findings) -> str:
    """A metric inside a sentence."""
    return value_title(findings) if metric.id == "ltv" else SAY.get(metric.id, metric.plain_title)


def figure(metric: Metric, findings: Findings) -> str:
    """The figure format of a metric: two decimals for shares so small that one would hide differences."""
    if metric.unit != "share":
        return "decimal" if metric.unit == "count" else metric.unit  # a count a customer
    base = findings.base(metric.id).value
    return "share2" if base is not None and 0 < base < _SMALL_SHARE else "share"


def brief(metric: Metric, findings: Findings) -> str:
    """A metric as the head of a narrow column."""
    return _BRIEF.get(metric.id) or sentence_case(say(metric, findings))


def better_is(metric: Metric) -> str:
    """Which way is good."""
    return f"{'higher' if metric.direction == 'good_high' else 'lower'} is better"


def head_of_n(metric: Metric) -> str:
    """The head of the column that holds the counts a metric divides by."""
    return HEADS.get(metric.counted, sentence_case(metric.counted))


def window_words(findings: Findings) -> str:
    """What counts as converted."""
    days = findings.whole.question.window_days
    form = findings.whole.conversion.form if findings.whole.conversion else ""
    if form == "undated":
        return "no start dates: everybody counts, trials still open too"
    if days is None:
        return "converted so far"
    return f"converted within {days} days, of those who had {days} days"


def grouped(texts: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Pairs of text and name as text -> names, in the order texts first come."""
    found: dict[str, list[str]] = {}
    for text, name in texts:
        found.setdefault(text, []).append(name)
    return found
