"""Plausible ranges as formulas: of a share, of a count of events, of a share still here. As in Python's estimators."""

from __future__ import annotations

from mapseg_xl.settings import Settings
from mapseg_xl.stats.intervals import normal_quantile, tail

Z = repr(normal_quantile(Settings().confidence))
TAIL = repr(tail(Settings().confidence))

Ends = tuple[str, str]


def wilson_end(of: str, trials: str, sign: str, z: str = Z) -> str:
    """One end of Wilson's interval (1927) of a share: sign "-" the lower one, "+" the upper one."""
    end = f"({of}+{z}*{z}/2{sign}{z}*SQRT({of}*({trials}-{of})/{trials}+{z}*{z}/4))/({trials}+{z}*{z})"
    return f"MAX(0,{end})" if sign == "-" else f"IF({of}={trials},1,MIN(1,{end}))"


def wilson(of: str, trials: str) -> Ends:
    """Both ends, empty where there are no trials."""
    low, high = (f'IF({trials}=0,"",{wilson_end(of, trials, sign)})' for sign in "-+")
    return low, high


def garwood(events: str, exposure: str) -> Ends:
    """Both exact ends of events over exposure (Garwood 1936), empty where nothing was exposed."""
    low = f"IF({events}=0,0,CHIINV(1-{TAIL},2*{events})/2/{exposure})"
    high = f"CHIINV({TAIL},2*{events}+2)/2/{exposure}"
    return f'IF({exposure}=0,"",{low})', f'IF({exposure}=0,"",{high})'


def curve_end(share: str, hazard: str, sign: str) -> str:
    """One end of the log-log range of a share still here, which lies between 0 and 1; `hazard` is Greenwood's sum."""
    return f"{share}^EXP({sign}{Z}*SQRT({hazard})/ABS(LN({share})))"


LOWER, UPPER = "", "-"  # signs of `curve_end`: a larger power makes a smaller share
