"""Opens a workbook in a process of its own, with limits: does the reader survive it? A script, never imported."""

from __future__ import annotations

import sys

MEMORY_BYTES = 3_000_000_000
CPU_SECONDS = 120


def main() -> int:
    """Arguments: a path and the suffixes its kind of file has. 0 where every sheet could be opened."""
    _limit()
    from pathlib import Path

    import python_calamine

    path, *suffixes = sys.argv[1:]
    if Path(path).suffix.lower() in suffixes:
        book = python_calamine.CalamineWorkbook.from_path(path)
    else:
        with Path(path).open("rb") as stream:
            book = python_calamine.CalamineWorkbook.from_filelike(stream)
    for sheet in book.sheets_metadata:
        if sheet.typ is python_calamine.SheetTypeEnum.WorkSheet:
            book.get_sheet_by_name(sheet.name)
    return 0


def _limit() -> None:
    try:
        import resource
    except (
        ImportError
    ):  # Windows has no such limits; the process of its own still protects the caller
        return
    wanted = ((resource.RLIMIT_AS, MEMORY_BYTES), (resource.RLIMIT_CPU, CPU_SECONDS))
    for kind, most in (*wanted, (resource.RLIMIT_CORE, 0)):
        hard = resource.getrlimit(kind)[1]
        limit = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (limit, limit))  # a machine's lower limit cannot be raised


if __name__ == "__main__":
    sys.exit(main())
