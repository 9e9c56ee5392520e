"""Pieces of formulas that read columns of customers: whose row it is, yes and no, numbers, days. Without wildcards."""

from __future__ import annotations

from mapseg_xl.intake.cleaning.clean_labels import OUTCOME_WORDS
from mapseg_xl.intake.columns.role_words import OUTCOME_WORDS as DEAL_WORDS

_EARLIEST, _LATEST = (
    20_000,
    100_000,
)  # serial numbers of days, 1954 to 2173: nothing else is that large
_YES = ("1", "yes", "y", "true", "t", "x")
_NO = ("0", "no", "n", "false", "f")
_DEALS = {
    outcome: [word for word, means in DEAL_WORDS.items() if means == outcome and word.isascii()]
    for outcome in ("won", "lost")
}


def named_alike(cells: str) -> str:
    """Text as matching compares it: without outer and repeated spaces, hard ones among them."""
    return f'TRIM(SUBSTITUTE({cells},UNICHAR(160)," "))'


def is_day(cells: str) -> str:
    """Whether cells hold the number of a day; text is larger than any number, so it is none."""
    return f"({cells}>{_EARLIEST})*({cells}<{_LATEST})"


def flag(cells: str, outcome: str) -> str:
    """1 yes (or a day), 0 no, -1 blank, -2 neither; `outcome`: churned or converted adds its words."""
    yes_words, no_words = OUTCOME_WORDS[outcome]
    plain = [
        sorted(w for w in words if w.isascii() and "-" not in w) for words in (yes_words, no_words)
    ]
    yes = _any_of("said", (*_YES, *plain[0]))
    no = _any_of("said", (*_NO, *plain[1]))
    return f"""
        LET(said,{_said(cells)},IF({cells}="",-1,IF({yes}+IF({cells}=TRUE,1,0)+{is_day(cells)}>0,1,
        IF({no}+IF({cells}=FALSE,1,0)>0,0,-2))))"""


def deal(cells: str) -> str:
    """1 won, 0 lost, -1 open."""
    won = _any_of("said", ("1", "yes", "true", *_DEALS["won"]))
    lost = _any_of("said", ("0", "no", "false", *_DEALS["lost"]))
    said = f'SUBSTITUTE({_said(cells)}," ","")'
    return f"""
        LET(said,{said},IF({cells}="",-1,IF({won}+IF({cells}=TRUE,1,0)>0,1,
        IF({lost}+IF({cells}=FALSE,1,0)>0,0,-1))))"""


def settled(flags: str) -> str:
    """Flags with blanks read as no where every filled cell says yes; else a blank stays unknown."""
    return f"IF(AND(SUM(IF({flags}=0,1,0))=0,SUM(IF({flags}=1,1,0))>0),IF({flags}=-1,0,{flags}),{flags})"


def no_numbers(cells: str, least: float) -> str:
    """How many filled cells are no number from `least` on."""
    return f'SUM(IF({cells}="",0,IF(({cells}>={f"{least:G}"})*({cells}<1E+300)>0,0,1)))'


def flagged(cells: str, outcome: str, body: str) -> str:
    """The body with `flags`: 1, 0 and -1 where it is not known; #VALUE! where a cell says neither yes nor no."""
    return f"""
        LET(read,{flag(cells, outcome)},IF(SUM(IF(read=-2,1,0))>0,#VALUE!,
        LET(flags,{settled("read")},{body})))"""


def amounts(cells: str, least: float, body: str) -> str:
    """The body, once every filled cell is a number from `least` on."""
    return f"IF({no_numbers(cells, least)}>0,#VALUE!,{body})"


def ordered(body: str) -> str:
    """The body with `bought`: 1 where there is an order, once `orders` holds counts."""
    bought = 'IF(orders="",0,IF(orders>=1,1,0))'
    return amounts("orders", 0, f"LET(bought,{bought},{body})")


def _said(cells: str) -> str:
    return f'TRIM(SUBSTITUTE(SUBSTITUTE({cells},UNICHAR(160)," "),"-"," "))'


def _any_of(text: str, words: tuple[str, ...]) -> str:
    return "IF(" + "+".join(f'({text}="{word}")' for word in words) + ">0,1,0)"
