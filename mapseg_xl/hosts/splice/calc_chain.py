"""The order of calculation that Excel keeps: cells of a tab that is written anew must not be in it any more."""

from __future__ import annotations

from collections.abc import Collection

from mapseg_xl.hosts.splice.markup import Edit, Markup


def without_sheets(content: bytes, where: str, sheets: Collection[int]) -> bytes | None:
    """The part without the cells of sheets of these ids; None where no other cell is left in it.

    A cell without a sheet is on that of the cell before it.
    """
    markup = Markup(content, where, 1)
    edits, sheet, left = list[Edit](), "", 0
    for node in markup.root.named("c"):
        sheet = node.get("i") or sheet
        if sheet.isdecimal() and int(sheet) in sheets:
            edits.append(Edit(node.start, node.end, ""))
        else:
            left += 1
    if not left:
        return None
    return markup.edited(edits) if edits else content
