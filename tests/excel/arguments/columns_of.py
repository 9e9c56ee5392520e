"""Columns as Excel hands them over."""


def column(values):
    """A column of n cells: n one-item lists."""
    return [[value] for value in values]


def by_name(table):
    """The lines of a spilled table by their first cell, each as a mapping from the header."""
    head = table[0]
    return {line[0]: dict(zip(head, line, strict=True)) for line in table[1:]}
