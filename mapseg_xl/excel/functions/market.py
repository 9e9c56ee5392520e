"""The market of a segment from a team's own answers: how large it is, how much of it is ours, what is left."""

from __future__ import annotations

from mapseg_xl.excel.answering.answers import BadArguments, NotAvailable
from mapseg_xl.excel.arguments.blocks import COUNT, SHARE, beside, figures, number
from mapseg_xl.excel.arguments.cells import one_name
from mapseg_xl.excel.cell_function import Answer, Column, Number, Text, cell_function
from mapseg_xl.prioritize.market import product

_SIZES = ("TAM", "SAM", "SOM")
_BOUNDS = (COUNT, SHARE, SHARE, COUNT)
_ASKED = ("accounts", "reachable", "winnable", "contract_value")


def seg_tam(
    accounts: Column,
    reachable: Column,
    winnable: Column,
    contract_value: Column,
    which: Text = None,
) -> Answer:
    """How large a market is: TAM = accounts x yearly value, SAM = the part we can reach, SOM = the part we can win.
    Without which, a table of all three.

    Parameters
    ----------
    accounts
        How many companies or people there are that might buy; a cell, or a column with one cell a segment.
    reachable
        Share of them that we can reach and serve: 0.4 or 40%.
    winnable
        Share of those that we can win.
    contract_value
        What one pays a year.
    which
        TAM, SAM or SOM: gives that number alone. For a single segment.

    >>> seg_tam(1000, 0.4, 0.1, 10000)
    [['TAM', 'SAM', 'SOM'], [10000000.0, 4000000.0, 400000.0]]
    >>> seg_tam(1000, 0.4, 0.1, 10000, "sam")
    4000000.0
    """
    columns = beside(*zip((accounts, reachable, winnable, contract_value), _ASKED, strict=True))
    answers = [
        figures(cells, name, bounds)
        for cells, name, bounds in zip(columns, _ASKED, _BOUNDS, strict=True)
    ]
    rows = [_sizes(*map(_known, row)) for row in zip(*answers, strict=True)]
    wanted = one_name(which, "which")
    if wanted is None:
        shown = [["" if size is None else size for size in row] for row in rows]
        return [list(_SIZES), *shown]
    if wanted.upper() not in _SIZES:
        raise BadArguments(f"which is '{wanted}'; it must be TAM, SAM or SOM.")
    if len(rows) > 1:
        raise BadArguments("which gives one number, so it needs one segment and not a column.")
    size = rows[0][_SIZES.index(wanted.upper())] if rows else None
    if size is None:
        raise NotAvailable("An answer that this size takes is blank.")
    return size


def seg_headroom(accounts: Number, reachable: Number, customers: Number) -> float:
    """Customers still to be won: accounts we can reach, less those we have. Below 0 the market estimate is wrong.

    Parameters
    ----------
    accounts
        How many companies or people there are that might buy.
    reachable
        Share of them that we can reach and serve: 0.4 or 40%.
    customers
        How many of them are our customers now.

    >>> seg_headroom(1000, 0.4, 120)
    280.0
    """
    reach = number(accounts, "accounts", COUNT) * number(reachable, "reachable", SHARE)
    return reach - number(customers, "customers", COUNT)


def seg_market_share(customers: Number, accounts: Number, reachable: Number) -> float:
    """Share of the accounts we can reach that are our customers. Above 1 the market estimate is wrong.

    Parameters
    ----------
    customers
        How many of them are our customers now.
    accounts
        How many companies or people there are that might buy.
    reachable
        Share of them that we can reach and serve: 0.4 or 40%.

    >>> seg_market_share(120, 1000, 0.4)
    0.3
    """
    ours = number(customers, "customers", COUNT)
    reach = number(accounts, "accounts", COUNT) * number(reachable, "reachable", SHARE)
    if not reach:
        raise NotAvailable("There is no account that we can reach.")
    return ours / reach


def _known(figure: float) -> float | None:
    return None if figure != figure else figure  # NaN is a blank


def _sizes(
    accounts: float | None, reachable: float | None, winnable: float | None, value: float | None
) -> tuple[float | None, ...]:
    tam = product(accounts, value)
    sam = product(tam, reachable)
    return tam, sam, product(sam, winnable)


FUNCTIONS = (
    cell_function(seg_tam, "Market", "=SEG_TAM(B2:B6,C2:C6,D2:D6,E2:E6)"),
    cell_function(seg_headroom, "Market", "=SEG_HEADROOM(5000,40%,120)"),
    cell_function(seg_market_share, "Market", "=SEG_MARKET_SHARE(120,5000,40%)"),
)
