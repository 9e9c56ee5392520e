"""Whether customers gave an address at a free-mail provider or at a domain of their own. Shows no address."""

from __future__ import annotations

import numpy as np

from mapseg_xl.intake.describing.categories import with_blank
from mapseg_xl.intake.pairing.addresses import is_free_mail
from mapseg_xl.intake.tables import Array, Trait, plain

FREE_MAIL = "Free mail address"
_VALUES = ("no", "yes")


def with_free_mail(traits: tuple[Trait, ...], emails: Array | None) -> tuple[Trait, ...]:
    """The traits, with a yes or no that says whose address is gmail.com, web.de and the like.

    Only where some are and some are not, and where no column of that name is there.
    """
    if emails is None or any(plain(t.name) == plain(FREE_MAIL) for t in traits):
        return traits
    hosts = [text.rpartition("@")[2].casefold().rstrip(".") for text in emails.tolist()]
    code = {host: int(is_free_mail(host)) if "." in host else -1 for host in set(hosts)}
    codes = np.array([code[host] for host in hosts], dtype=np.int32)
    if not ((codes == 0).any() and (codes == 1).any()):
        return traits
    values, codes = with_blank(_VALUES, codes)
    return (*traits, Trait(FREE_MAIL, "", "firmographic", values, codes, ordered=False))
