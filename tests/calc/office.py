"""A LibreOffice of our own that waits for commands: started with its own profile and pipe, killed by its own id."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import tempfile
import threading
import time
import uuid
from functools import lru_cache
from pathlib import Path
from typing import Any

from tests.calc.bridge import uno
from tests.tools.office import program

_START_SECONDS, _RELAUNCH = 60, 81
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Misc">
<prop oor:name="UseLocking" oor:op="fuse"><value>false</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Formula/Syntax">
<prop oor:name="EnglishFunctionName" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Recovery/AutoSave">
<prop oor:name="Enabled" oor:op="fuse"><value>false</value></prop></item>
<item oor:path="/org.openoffice.Setup/L10N">
<prop oor:name="ooSetupSystemLocale" oor:op="fuse"><value>en-US</value></prop></item>
</oor:items>
"""


class OfficeError(RuntimeError):
    """LibreOffice did not start, or ended."""


class Office:
    """One office process. `pipe`: the name under which other processes reach it; `documents`: how many it has seen."""

    def __init__(self) -> None:
        self.pipe = f"mapseg{uuid.uuid4().hex}"
        self.documents = 0
        self._folder = tempfile.TemporaryDirectory(prefix="mapseg-calc-")
        user = Path(self._folder.name) / "user"
        user.mkdir()
        (user / "registrymodifications.xcu").write_text(_SETTINGS, encoding="utf-8")
        self._process = self._start()
        self._context = self._wait()

    @property
    def pid(self) -> int:
        """The process that is ours to kill."""
        return self._process.pid

    def alive(self) -> bool:
        """Whether the process still runs."""
        return self._process.poll() is None

    def desktop(self) -> Any:
        """LibreOffice's desktop: opens documents."""
        return service(self._context, "frame.Desktop")

    def kill(self) -> None:
        """Ends the process group at once; calls that wait for it fail."""
        if self.alive():
            os.killpg(self.pid, signal.SIGKILL)
        self._process.wait(10)

    def close(self) -> None:
        """Ends the process and removes its profile."""
        self.kill()
        self._folder.cleanup()

    def watch(self, seconds: float) -> threading.Timer:
        """A started timer that kills the office when nobody cancels it: no test run ever hangs."""
        timer = threading.Timer(seconds, self.kill)
        timer.daemon = True
        timer.start()
        return timer

    def _start(self) -> subprocess.Popen[bytes]:
        command = [
            _binary(), "--headless", "--invisible", "--norestore", "--nologo", "--nodefault",
            "--nolockcheck", f"--accept=pipe,name={self.pipe};urp;StarOffice.ComponentContext",
            f"-env:UserInstallation=file://{self._folder.name}",
        ]  # fmt: skip
        # a virtual environment on PATH makes it crash
        environment = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": self._folder.name}
        return subprocess.Popen(
            command,
            env=environment,
            start_new_session=True,
            preexec_fn=_end_with_us,  # noqa: PLW1509  # one system call, no lock
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def _wait(self) -> Any:
        until = time.monotonic() + _START_SECONDS
        while time.monotonic() < until:
            if self._process.poll() == _RELAUNCH:  # it has set up its profile
                self._process = self._start()
            elif not self.alive():
                raise OfficeError(f"LibreOffice ended with {self._process.returncode}")
            try:
                return context_of(self.pipe)
            except uno().getClass("com.sun.star.connection.NoConnectException"):
                time.sleep(0.1)
        self.kill()
        raise OfficeError(f"LibreOffice did not answer within {_START_SECONDS} seconds")


def _binary() -> str:
    """The program itself where it lies beside its bridge: what starts it would outlive us when we are killed."""
    binary = Path("/usr/lib/libreoffice/program/soffice.bin")
    return str(binary) if binary.exists() else str(program())


def _end_with_us() -> None:
    """Linux ends the office when the test run is killed and cannot do it itself."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


@lru_cache(maxsize=4)
def context_of(pipe: str) -> Any:
    """The component context of an office that listens on a pipe.

    One connection an office: a new one for each test met the end of the last one, now and then, and broke with it.
    """
    local = uno().getComponentContext()
    resolver = service(local, "bridge.UnoUrlResolver")
    return resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")


def service(context: Any, name: str) -> Any:
    """An object of LibreOffice by the name of its service."""
    return context.ServiceManager.createInstanceWithContext(f"com.sun.star.{name}", context)
