"""Bytes to sheets: one module a file format, and the checks before opening one."""
