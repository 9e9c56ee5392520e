"""Loads Python's bridge to LibreOffice (UNO), which belongs to the system's Python, into this one where both fit."""

from __future__ import annotations

import builtins
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

_SYSTEM = Path("/usr/lib/python3/dist-packages")
_PROGRAM = Path("/usr/lib/libreoffice/program")


def missing() -> str | None:
    """Why LibreOffice cannot be driven from this Python; None where it can."""
    if not (_SYSTEM / "uno.py").exists() or not (_PROGRAM / "pyuno.so").exists():
        return "LibreOffice's Python bridge (python3-uno) is not installed: run `make test`, which sets it up"
    theirs = Path("/usr/bin/python3").resolve().name
    ours = f"python{sys.version_info.major}.{sys.version_info.minor}"
    if theirs != ours:
        return f"LibreOffice's Python bridge is for {theirs}, and this is {ours}"
    return None


def need_bridge() -> None:
    """Skips the test where LibreOffice cannot be driven."""
    why = missing()
    if why is not None:
        pytest.skip(why)


def uno() -> ModuleType:
    """The module `uno`, without its folder on the path and without its change to `import`."""
    if "uno" not in sys.modules:
        path, imports = list(sys.path), builtins.__import__
        sys.path.append(str(_PROGRAM))
        try:
            module = _loaded("uno", _SYSTEM / "uno.py")
        finally:
            sys.path[:] = path
            builtins.__import__ = imports
        return module
    return sys.modules["uno"]


def _loaded(name: str, path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def struct(name: str, **values: object) -> object:
    """A UNO struct with its fields set: `struct("table.CellAddress", Sheet=0)`."""
    made = uno().createUnoStruct(f"com.sun.star.{name}")
    for field, value in values.items():
        setattr(made, field, value)
    return made


def enum(name: str, value: str) -> object:
    """A value of a UNO enumeration: `enum("awt.FontSlant", "ITALIC")`."""
    return uno().Enum(f"com.sun.star.{name}", value)


def properties(**values: object) -> tuple[object, ...]:
    """Named arguments as UNO wants them."""
    return tuple(struct("beans.PropertyValue", Name=n, Value=v) for n, v in values.items())


def typed(kind: str, value: object) -> object:
    """A value with a UNO type, for arguments declared as `any`: `typed("[]com.sun.star.x.Y", ...)`."""
    return uno().Any(kind, value)
