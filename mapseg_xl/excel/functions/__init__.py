"""The cell functions in Python: `seg_*`, pure functions on values as Excel hands them over."""

from mapseg_xl.excel.functions.comparing import seg_affinity, seg_compare
from mapseg_xl.excel.functions.conversion import seg_conversion, seg_time_to_convert, seg_winrate
from mapseg_xl.excel.functions.market import seg_headroom, seg_market_share, seg_tam
from mapseg_xl.excel.functions.mix import seg_funnel, seg_what_if
from mapseg_xl.excel.functions.money import (
    seg_cac,
    seg_churn_to_annual,
    seg_churn_to_lifetime,
    seg_growth,
    seg_grr,
    seg_lifetime_to_churn,
    seg_ltv_to_cac,
    seg_nrr,
    seg_payback,
    seg_simple_ltv,
)
from mapseg_xl.excel.functions.rate_table import seg_rate_compare, seg_trials_needed
from mapseg_xl.excel.functions.rates import (
    seg_index,
    seg_rate,
    seg_rate_cautious,
    seg_rate_difference,
    seg_rate_difference_high,
    seg_rate_difference_low,
    seg_rate_high,
    seg_rate_low,
    seg_won_share,
)
from mapseg_xl.excel.functions.revenue import (
    seg_arpu,
    seg_order_value,
    seg_orders,
    seg_repeat_rate,
    seg_revenue,
)
from mapseg_xl.excel.functions.scoring import seg_grade, seg_rank, seg_score
from mapseg_xl.excel.functions.staying import (
    seg_average_lifetime,
    seg_churn,
    seg_lifetime,
    seg_monthly_churn,
    seg_survival,
    seg_survival_curve,
)
from mapseg_xl.excel.functions.triangles import (
    seg_cohort_active,
    seg_cohort_ltv,
    seg_cohort_survival,
    seg_cohort_value,
    seg_retention_ltv,
)
from mapseg_xl.excel.functions.value import (
    seg_acquisition_cost,
    seg_ltv,
    seg_payback_months,
    seg_value_for_cost,
)
from mapseg_xl.excel.functions.volume import seg_cohort, seg_pivot, seg_volume
from mapseg_xl.excel.functions.why import seg_why

__all__ = [
    "seg_acquisition_cost",
    "seg_affinity",
    "seg_arpu",
    "seg_average_lifetime",
    "seg_cac",
    "seg_churn",
    "seg_churn_to_annual",
    "seg_churn_to_lifetime",
    "seg_cohort",
    "seg_cohort_active",
    "seg_cohort_ltv",
    "seg_cohort_survival",
    "seg_cohort_value",
    "seg_compare",
    "seg_conversion",
    "seg_funnel",
    "seg_grade",
    "seg_growth",
    "seg_grr",
    "seg_headroom",
    "seg_index",
    "seg_lifetime",
    "seg_lifetime_to_churn",
    "seg_ltv",
    "seg_ltv_to_cac",
    "seg_market_share",
    "seg_monthly_churn",
    "seg_nrr",
    "seg_order_value",
    "seg_orders",
    "seg_payback",
    "seg_payback_months",
    "seg_pivot",
    "seg_rank",
    "seg_rate",
    "seg_rate_cautious",
    "seg_rate_compare",
    "seg_rate_difference",
    "seg_rate_difference_high",
    "seg_rate_difference_low",
    "seg_rate_high",
    "seg_rate_low",
    "seg_repeat_rate",
    "seg_retention_ltv",
    "seg_revenue",
    "seg_score",
    "seg_simple_ltv",
    "seg_survival",
    "seg_survival_curve",
    "seg_tam",
    "seg_time_to_convert",
    "seg_trials_needed",
    "seg_value_for_cost",
    "seg_volume",
    "seg_what_if",
    "seg_why",
    "seg_winrate",
    "seg_won_share",
]
