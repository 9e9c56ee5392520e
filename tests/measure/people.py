"""A small base of customers for tests of rules and segments."""

import numpy as np

from mapseg_xl.intake.tables import BLANK, Customers, Trait


def trait(name, cells, **more):
    """A trait whose values stand in order of first appearance, blank last."""
    texts = [BLANK if c is None else c for c in cells]
    values = sorted(dict.fromkeys(texts), key=lambda v: v == BLANK)
    codes = np.array([values.index(t) for t in texts], np.int32)
    return Trait(name, "A", "account", tuple(values), codes, **more)


def customers(*traits, headers=None, **roles):
    """Customers with these traits and role columns."""
    n = len(traits[0].codes) if traits else len(next(iter(roles.values())))
    return Customers(
        n=n,
        status=np.zeros(n, np.int8),
        ids=np.array([str(i) for i in range(n)], object),
        roles=roles,
        role_headers=headers or {},
        traits=traits,
        source="base.xlsx",
        sheet="Customers",
        rows=np.arange(n) + 2,
    )
