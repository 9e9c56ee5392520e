"""Limits that a process sets itself before it opens what a stranger sent. The standard library only."""

from __future__ import annotations

import sys

_GRACE_SECONDS = 2  # between the signal that tells what it is for and the one that ends everything


def limit_this_process(memory_bytes: int, cpu_seconds: int) -> None:
    """From here on this process gets no more memory and processor time than this; the system ends it where it asks.

    POSIX: resource limits. Windows: a job object. A machine's own lower limits stay.
    """
    if sys.platform == "win32":
        _limit_by_job(memory_bytes, cpu_seconds)
    else:
        _limit_by_resource(memory_bytes, cpu_seconds)


def memory_bytes() -> int:
    """The memory that this process may have at most: the machine's, or less where it is limited; 0 unknown."""
    if sys.platform == "win32":
        return _windows_memory()
    import os
    import resource

    most = resource.getrlimit(resource.RLIMIT_AS)[0]
    try:
        there = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (ValueError, OSError):
        there = 0
    return there if most == resource.RLIM_INFINITY else min(most, there or most)


def _windows_memory() -> int:
    import ctypes

    class Status(ctypes.Structure):
        _fields_ = (
            ("length", ctypes.c_uint32),
            ("load", ctypes.c_uint32),
            ("physical", ctypes.c_uint64),
            ("rest", ctypes.c_uint64 * 6),
        )

    status = Status(length=ctypes.sizeof(Status))
    ctypes.WinDLL("kernel32").GlobalMemoryStatusEx(ctypes.byref(status))  # type: ignore[attr-defined,unused-ignore]
    return int(status.physical)


def _limit_by_resource(memory_bytes: int, cpu_seconds: int) -> None:
    import resource

    wanted = (
        (resource.RLIMIT_AS, memory_bytes, 0),
        (resource.RLIMIT_CPU, cpu_seconds, _GRACE_SECONDS),
        (resource.RLIMIT_CORE, 0, 0),
    )
    for kind, most, grace in wanted:
        hard = resource.getrlimit(kind)[1]
        limit = most + grace if hard == resource.RLIM_INFINITY else min(most + grace, hard)
        try:
            resource.setrlimit(kind, (min(most, limit), limit))
        except (ValueError, OSError):  # macOS refuses a limit of addresses; time is limited still
            continue


def _limit_by_job(memory_bytes: int, cpu_seconds: int) -> None:
    """A job that this process alone is in; it lasts as long as the process, which never closes it."""
    import ctypes
    from ctypes import wintypes

    class Basic(ctypes.Structure):
        _fields_ = (
            ("process_time", ctypes.c_int64),  # in units of 100 ns
            ("job_time", ctypes.c_int64),
            ("flags", wintypes.DWORD),
            ("least_working_set", ctypes.c_size_t),
            ("most_working_set", ctypes.c_size_t),
            ("processes", wintypes.DWORD),
            ("affinity", ctypes.c_size_t),
            ("priority", wintypes.DWORD),
            ("scheduling", wintypes.DWORD),
        )

    class Extended(ctypes.Structure):
        _fields_ = (
            ("basic", Basic),
            ("counters", ctypes.c_uint64 * 6),
            ("process_memory", ctypes.c_size_t),
            ("job_memory", ctypes.c_size_t),
            ("peak_process_memory", ctypes.c_size_t),
            ("peak_job_memory", ctypes.c_size_t),
        )

    process_time, process_memory, no_crash_window, extended_information = 0x2, 0x100, 0x400, 9
    limits = Extended()
    limits.basic.flags = process_time | process_memory | no_crash_window
    limits.basic.process_time = cpu_seconds * 10_000_000
    limits.process_memory = memory_bytes
    kernel = ctypes.WinDLL("kernel32", use_last_error=True)  # type: ignore[attr-defined,unused-ignore]
    kernel.CreateJobObjectW.restype = wintypes.HANDLE
    kernel.GetCurrentProcess.restype = wintypes.HANDLE
    kernel.SetInformationJobObject.argtypes = (
        wintypes.HANDLE,
        ctypes.c_int,
        ctypes.c_void_p,
        wintypes.DWORD,
    )
    kernel.AssignProcessToJobObject.argtypes = (wintypes.HANDLE, wintypes.HANDLE)
    job = kernel.CreateJobObjectW(None, None)
    size = ctypes.sizeof(limits)
    kernel.SetInformationJobObject(job, extended_information, ctypes.byref(limits), size)
    kernel.AssignProcessToJobObject(job, kernel.GetCurrentProcess())
