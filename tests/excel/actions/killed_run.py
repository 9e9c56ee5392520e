"""Presses a button on the workbook that is open in an office, and is killed at the n-th change of cells. For tests."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import xlwings as xw

from tests.calc.engine import App, engine_of
from tests.calc.office import service
from tests.excel.actions.calc_ribbon import Ribbon


def main(pipe: str, pid: str, button: str, changes: str) -> None:
    """Never returns where there are that many changes."""
    app = App(engine_of().impl, pipe, int(pid))
    documents = service(app.context, "frame.Desktop").Components.createEnumeration()
    while documents.hasMoreElements():
        app.adopt(documents.nextElement(), None, "Book1")
    left = [int(changes)]

    def kill(_: object) -> None:
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    app.breaks = kill
    Ribbon(xw.App(impl=app), Path("no-such-file")).press(button)


if __name__ == "__main__":
    main(*sys.argv[1:])
