"""Everything that one run, or one merge, writes, and every text in it: for tests of what must be in none of them."""

from __future__ import annotations

import csv
import html
import shutil
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from xml.etree import ElementTree as ET

from mapseg_xl.cli import main

QUICK = "bootstrap_draws = 40\nreruns = 200\n"
KINDS = (
    "finished",
    "tables",
    "slides",
    "in place",
    "again in place",
    "into",
    "merged",
    "merged csv",
)
FORMULAS = frozenset(
    ("f", "formula", "formula1", "formula2", "definedName", "calculatedColumnFormula")
)


def written(sources: list[Path], folder: Path, *options: object) -> Mapping[str, list[Path]]:
    """Every output of a run over the sources by kind; the first of them must be a workbook."""
    quick = folder / "quick.toml"
    quick.write_text(QUICK, encoding="utf-8")
    told = [*map(str, options), "--settings", str(quick)]
    finished, tables, slides = folder / "out.xlsx", folder / "tables", folder / "out.pptx"
    whole = ["--out", str(finished), "--tables", str(tables), "--slides", str(slides)]
    _done("run", *map(str, sources), *whole, *told)
    home = Path(shutil.copy(sources[0], folder / "home.xlsx"))
    beside = [str(path) for path in sources[1:]]
    _done("run", str(home), *beside, "--in-place", *told)
    once = Path(shutil.copy(home, folder / "once.xlsx"))
    _done("run", str(home), *beside, "--in-place", "--as-of", "2026-03-01", *told)
    other = folder / "other.xlsx"
    shutil.copy(_empty_book(folder / "empty.xlsx"), other)
    _done("run", *map(str, sources), "--into", str(other), *told)
    merged, flat = folder / "merged.xlsx", folder / "merged.csv"
    for out in (merged, flat):
        _done("merge", *map(str, sources), "--out", str(out))
    found = (
        [finished], sorted(tables.iterdir()), [slides], [once], [home], [other], [merged], [flat],
    )  # fmt: skip
    return dict(zip(KINDS, found, strict=True))


def _done(*arguments: str) -> None:
    assert main(arguments) == 0, arguments


def _empty_book(path: Path) -> Path:
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["Notes of the team"])
    book.save(path)
    return path


def texts(path: Path, without: frozenset[str] = frozenset()) -> Iterator[tuple[str, str]]:
    """Every part of a package, or every file, with its text; parts in `without` (those of the team) left out."""
    if not zipfile.is_zipfile(path):
        yield path.name, path.read_text("utf-8-sig")
        return
    with zipfile.ZipFile(path) as package:
        for part in package.namelist():
            if part not in without:
                yield (
                    f"{path.name}:{part}",
                    html.unescape(package.read(part).decode("utf-8", "replace")),
                )


def parts_as_in(path: Path, source: Path) -> frozenset[str]:
    """Parts of a package that stand in the source with the same content."""
    with zipfile.ZipFile(path) as package, zipfile.ZipFile(source) as before:
        there = set(before.namelist())
        return frozenset(
            part
            for part in package.namelist()
            if part in there and package.read(part) == before.read(part)
        )


def parts_of_sheets(path: Path, names: tuple[str, ...]) -> frozenset[str]:
    """The parts of the sheets of these names."""
    with zipfile.ZipFile(path) as package:
        book = ET.fromstring(package.read("xl/workbook.xml"))
        rels = ET.fromstring(package.read("xl/_rels/workbook.xml.rels"))
    targets = {r.get("Id"): r.get("Target", "").removeprefix("/xl/") for r in rels}
    sheets = (e for e in book.iter() if e.tag.endswith("}sheet") and e.get("name") in names)
    ids = (next(v for k, v in sheet.items() if k.endswith("}id")) for sheet in sheets)
    return frozenset(f"xl/{targets[i]}" for i in ids)


def formulas(path: Path) -> Iterator[tuple[str, str]]:
    """Every formula and name of a package, with its part."""
    with zipfile.ZipFile(path) as package:
        for part in package.namelist():
            if part.endswith((".xml", ".rels")):
                for element in ET.fromstring(package.read(part)).iter():
                    if element.tag.rpartition("}")[2] in FORMULAS and element.text:
                        yield part, element.text


def fields(path: Path) -> Iterator[str]:
    """Every field of a CSV file."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        for row in csv.reader(stream):
            yield from row
