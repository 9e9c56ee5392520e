"""Named functions over columns of customers, for workbooks that hold them: the figure of a segment, or of each.

They know no verdict, no cautious estimate and no range of money: that takes the add-in. Lifetime value is not among
them: its months are those that enough customers of every segment were followed for.
"""

from __future__ import annotations

from mapseg_xl.report.named_functions.segment_money import MEANS
from mapseg_xl.report.named_functions.segment_shares import SHARES
from mapseg_xl.report.named_functions.segment_staying import STAYING
from mapseg_xl.report.verbs import NamedFunction

ROW_LEVEL: tuple[NamedFunction, ...] = (*SHARES, *MEANS, *STAYING)
