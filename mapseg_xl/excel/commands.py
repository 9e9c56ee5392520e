"""The commands about Excel: `functions`, `addin`, `doctor`. Imports nothing heavy before a command runs."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

DONE, UNUSABLE = 0, 1


def add_excel_parsers(commands: Any) -> None:
    """Add the commands about Excel to the command line's."""
    functions = commands.add_parser(
        "functions",
        help="the cell functions",
        description="List every cell function with its arguments and an example.",
    )
    functions.set_defaults(command=functions_command)
    _addin_parser(commands)
    doctor = commands.add_parser(
        "doctor",
        help="what works on this computer",
        description="Look this computer over for what the Excel add-in needs; say what to do about what is missing.",
    )
    doctor.set_defaults(command=doctor_command)


def _addin_parser(commands: Any) -> None:
    addin = commands.add_parser(
        "addin", help="the Excel add-in", description="Build, install or remove the Excel add-in."
    )
    does = addin.add_subparsers(required=True, metavar="WHAT")
    build = does.add_parser("build", help="make mapseg.xlam and workbook_template.xlsm from text")
    build.add_argument(
        "--out", type=Path, default=Path("build/addin"), metavar="DIR", help="default: build/addin"
    )
    build.set_defaults(command=build_command)
    install = does.add_parser("install", help="build it here and put it where Excel starts")
    install.set_defaults(command=install_command)
    uninstall = does.add_parser("uninstall", help="take it away again; workbooks stay")
    uninstall.set_defaults(command=uninstall_command)


def functions_command(_: argparse.Namespace) -> int:
    """`mapseg functions`."""
    from mapseg_xl.excel.catalog import FUNCTIONS
    from mapseg_xl.excel.template.function_list import printed

    print(printed(FUNCTIONS))
    return DONE


def build_command(args: argparse.Namespace) -> int:
    """`mapseg addin build`."""
    from mapseg_xl.excel.addin.build import build

    addin, template = build(args.out)
    print(f"The add-in: {addin}")
    print(f"The template: {template}")
    return DONE


def install_command(_: argparse.Namespace) -> int:
    """`mapseg addin install`."""
    from mapseg_xl.excel.addin.build import build
    from mapseg_xl.excel.addin.install import install
    from mapseg_xl.excel.addin.machine import this_machine

    made = install(this_machine(), build)
    print(f"The add-in: {made.addin}")
    kept = " (you have worked in it: it stays as it is)" if made.kept else ""
    print(f"The template to start from: {made.template}{kept}")
    print("Quit Excel and start it again: the tab MAP Segmentation is then in the ribbon.")
    return DONE


def uninstall_command(_: argparse.Namespace) -> int:
    """`mapseg addin uninstall`."""
    from mapseg_xl.excel.addin.install import uninstall
    from mapseg_xl.excel.addin.machine import this_machine

    removed = uninstall(this_machine())
    for path in removed:
        print(f"Removed {path}")
    if not removed:
        print("The add-in is not installed.")
    return DONE


def doctor_command(_: argparse.Namespace) -> int:
    """`mapseg doctor`: exit 1 where something has to be mended."""
    from mapseg_xl.excel.addin.doctor import PROBLEM, check
    from mapseg_xl.excel.addin.machine import this_machine

    found = check(this_machine())
    for finding in found:
        print(f"{finding.state:8}{finding.subject}: {finding.said}")
        if finding.do:
            print(f"{'':8}-> {finding.do}")
    return UNUSABLE if any(f.state == PROBLEM for f in found) else DONE
