"""Makes one PNG a tab of a workbook, as LibreOffice prints it: python docs/pictures.py WORKBOOK OUTDIR."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

DOTS_PER_INCH = 96


def main(arguments: list[str]) -> int:
    if len(arguments) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    missing = [name for name in ("soffice", "pdftoppm", "pdftotext") if not shutil.which(name)]
    if missing:
        print(
            f"{', '.join(missing)} missing: install libreoffice-calc, poppler-utils",
            file=sys.stderr,
        )
        return 1
    for picture in make_pictures(Path(arguments[0]), Path(arguments[1])):
        print(picture)
    return 0


def make_pictures(book: Path, folder: Path) -> list[Path]:
    """The pages of a workbook as PNG files named after their tabs; a tab's further pages get a number."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        pdf = print_to_pdf(book, Path(scratch))
        command = [tool("pdftoppm"), "-png", "-r", str(DOTS_PER_INCH), str(pdf), f"{scratch}/page"]
        subprocess.run(command, check=True)  # noqa: S603
        pages = sorted(Path(scratch).glob("page-*.png"))
        made: list[Path] = []
        for page, tab in zip(pages, page_tabs(pdf), strict=True):
            made.append(shutil.move(page, free_name(folder, tab, made)))
    return [Path(path) for path in made]


def tool(name: str) -> str:
    """The full path of a program that `main` has seen."""
    return str(shutil.which(name))


def print_to_pdf(book: Path, folder: Path) -> Path:
    """What LibreOffice prints, from a profile of its own because a running office refuses a second one."""
    profile = folder / "profile"
    command = [tool("soffice"), "--headless", f"-env:UserInstallation=file://{profile}"]
    command += ["--convert-to", "pdf", "--outdir", str(folder), str(book)]
    environment = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(folder)}
    subprocess.run(  # noqa: S603
        command, check=True, env=environment, stdout=subprocess.DEVNULL, timeout=180
    )
    return folder / f"{book.stem}.pdf"


def page_tabs(pdf: Path) -> list[str]:
    """The tab of every page: the middle of its footer."""
    done = subprocess.run(  # noqa: S603
        [tool("pdftotext"), "-layout", str(pdf), "-"],
        check=True,
        capture_output=True,
        text=True,
    )
    pages = done.stdout.split("\f")[:-1]
    return [footer_middle(page) for page in pages]


def footer_middle(page: str) -> str:
    """The tab's name in the last line of a page: left, middle and page number stand far apart."""
    last = [line for line in page.splitlines() if line.strip()][-1]
    parts = re.split(r"\s{3,}", last.strip())
    return parts[-2] if len(parts) > 1 else "page"


def free_name(folder: Path, tab: str, made: list[Path]) -> Path:
    """A file name after a tab: lower case, words joined by hyphens."""
    stem = re.sub(r"[^a-z0-9]+", "-", tab.lower()).strip("-") or "page"
    path, number = folder / f"{stem}.png", 2
    while path in made:
        path, number = folder / f"{stem}-{number}.png", number + 1
    return path


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
