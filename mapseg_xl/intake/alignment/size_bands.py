"""Size bands as people write them: `11-50`, `11 – 50 employees`, `11 to 50`. Text in, bounds out."""

from __future__ import annotations

import re

_NOISE = re.compile(
    r"\b(employees?|empl?\.?|people|persons?|staff|fte|ftes|seats?|users?|mitarbeiter|mitarbeitende|ma|salaries|salari[ée]s|"
    r"empleados|dipendenti|medewerkers|headcount|team members)\b",
    re.IGNORECASE,
)
_NUMBER = r"(\d{1,3}(?:[,.' ]\d{3})+|\d+)\s*(k)?"
_RANGE = re.compile(
    rf"{_NUMBER}\s*(?:-|–|—|‑|−|~|to|bis|a|à|till|until|through)\s*{_NUMBER}", re.IGNORECASE
)
_OPEN = re.compile(
    rf"{_NUMBER}\s*(?:\+|and more|or more|and above|plus|und mehr|et plus|y mas|y más)",
    re.IGNORECASE,
)
_ABOVE = re.compile(
    rf"(?:>|over|more than|above|uber|über|mehr als|plus de|mas de|más de)\s*{_NUMBER}",
    re.IGNORECASE,
)
_BELOW = re.compile(
    rf"(?:<|under|less than|below|fewer than|unter|weniger als|moins de|menos de)\s*{_NUMBER}",
    re.IGNORECASE,
)


def band_of(text: str) -> tuple[str, int, int] | None:
    """The form and bounds of a band; None where the text is none.

    >>> band_of("11 – 50 employees") == band_of("11 to 50") == band_of("11-50")
    True
    >>> band_of("1-10") == band_of("11-10"), band_of("1,000+"), band_of("> 1000"), band_of("Plan 1-A") is None
    (False, ('+', 1000, 0), ('>', 1000, 0), True)
    """
    plain = " ".join(_NOISE.sub(" ", text).split())
    if found := _RANGE.fullmatch(plain):
        return "-", _whole(found[1], found[2]), _whole(found[3], found[4])
    for form, pattern in (("+", _OPEN), (">", _ABOVE), ("<", _BELOW)):
        if found := pattern.fullmatch(plain):
            return form, _whole(found[1], found[2]), 0
    return None


def _whole(digits: str, thousands: str | None) -> int:
    return int(re.sub(r"\D", "", digits)) * (1000 if thousands else 1)
