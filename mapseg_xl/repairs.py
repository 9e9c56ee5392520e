"""What intake mends without asking: each repair by name, so that people can switch it off. Mends nothing itself."""

from __future__ import annotations

from dataclasses import dataclass

SPELLINGS, KNOWN_NAMES, MAPPING, SPACES = (
    "merge_spellings",
    "align_known_names",
    "use_mapping",
    "remove_spaces",
)
TEXT_NUMBERS, DAY_NUMBERS, EMPTY_WORDS, PERCENT = (
    "read_text_numbers",
    "read_day_numbers",
    "read_empty_words",
    "read_percent",
)
TOTALS, REPEATED_IDS, COPIES, LATE_DATES = (
    "leave_out_totals",
    "leave_out_repeated_ids",
    "leave_out_copied_rows",
    "leave_out_late_dates",
)


@dataclass(frozen=True, slots=True)
class Repair:
    """One repair: its name in a settings file, what people call it, what it does, and the kinds of issue it makes."""

    name: str
    title: str
    says: str
    kinds: tuple[str, ...]


REPAIRS = (
    Repair(SPELLINGS, "Merge spellings", "Case, spaces, points and accents make no new value.",
           ("spelling_variants",)),
    Repair(KNOWN_NAMES, "Align known names", "Country names, size bands, yes and no said in several ways become one.",
           ("known_name",)),
    Repair(MAPPING, "Use the mapping", "Values on a mapping sheet, or on Mapping, are read as it says.",
           ("mapped_value",)),
    Repair(SPACES, "Remove spaces", "Outer spaces and characters nobody sees are no part of a value.",
           ("spaces_removed",)),
    Repair(TEXT_NUMBERS, "Read numbers in text", "$1,200 or (300) in text counts as the number.",
           ("text_number", "mixed_percent", "scaled_number", "ambiguous_number")),
    Repair(DAY_NUMBERS, "Read day numbers", "45658 among dates is the day that Excel means by it.",
           ("serial_date",)),
    Repair(EMPTY_WORDS, "Read n/a as empty", "n/a, - and null stand for an empty cell.",
           ("empty_word",)),
    Repair(PERCENT, "Read margins in percent", "A gross margin of 45 is 45%.",
           ("margin_in_percent",)),
    Repair(TOTALS, "Leave out totals", "Rows of totals and subtotals are nobody.",
           ("total_row",)),
    Repair(REPEATED_IDS, "Leave out repeated ids", "A second row of the same id is not counted again.",
           ("duplicate_id",)),
    Repair(COPIES, "Leave out copied rows", "A row equal to an earlier one of the same name is not counted again.",
           ("copied_row",)),
    Repair(LATE_DATES, "Leave out far dates", "Dates years after all others count as empty.",
           ("future_date",)),
)  # fmt: skip
NAMES = tuple(repair.name for repair in REPAIRS)
_REPAIR_OF = {kind: repair.name for repair in REPAIRS for kind in repair.kinds}


def repair_of(kind: str) -> str:
    """The name of the repair that makes issues of this kind; "" where there is nothing to switch off.

    >>> repair_of("total_row"), repair_of("outlier")
    ('leave_out_totals', '')
    """
    return _REPAIR_OF.get(kind, "")
