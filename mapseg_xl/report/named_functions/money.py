"""Named functions on totals and averages of money: cost to win a customer, payback, value, growth, kept revenue."""

from __future__ import annotations

from mapseg_xl.report.named_functions.columns import paired
from mapseg_xl.report.named_functions.writing import guarded, named

MARGIN = "margin<-10,margin>1"  # 80 is no margin: 80% is .8
_CHURN = "OR(monthly_churn<0,monthly_churn>1)"
_KEPT = "contraction<0,churned<0,start<0,contraction+churned>start"

MONEY = (
    named(
        "CAC",
        "spend new_customers",
        paired("spend", "new_customers", "above/below", undefined="below=0"),
        "Cost to win a customer: spend over new customers; of columns, their sums.",
    ),
    named(
        "PAYBACK",
        "cac revenue_monthly margin",
        guarded(
            "cac revenue_monthly margin",
            "cac/(revenue_monthly*margin)",
            bad=f"OR(cac<0,{MARGIN})",
            undefined="revenue_monthly*margin<=0",
        ),
        "Months until a customer has earned back the cost to win them, if nobody leaves.",
    ),
    named(
        "SIMPLE_LTV",
        "revenue_monthly margin monthly_churn",
        guarded(
            "revenue_monthly margin monthly_churn",
            "revenue_monthly*margin/monthly_churn",
            bad=f"OR({MARGIN},{_CHURN})",
            undefined="monthly_churn=0",
        ),
        "Lifetime value by the shortcut: revenue a month x margin / churn.",
    ),
    named(
        "LTV_TO_CAC",
        "ltv cac",
        guarded("ltv cac", "ltv/cac", bad="cac<0", undefined="cac=0"),
        "Value for each unit of cost: lifetime value over the cost to win a customer.",
    ),
    named(
        "CHURN_TO_LIFETIME",
        "monthly_churn",
        guarded("monthly_churn", "1/monthly_churn", bad=_CHURN, undefined="monthly_churn=0"),
        "Months a customer stays on average, if the same share leaves every month.",
    ),
    named(
        "LIFETIME_TO_CHURN",
        "lifetime_months",
        guarded("lifetime_months", "1/lifetime_months", bad="lifetime_months<1"),
        "Share that leaves in a month, if customers stay so many months on average.",
    ),
    named(
        "CHURN_TO_ANNUAL",
        "monthly_churn",
        guarded("monthly_churn", "1-(1-monthly_churn)^12", bad=_CHURN),
        "Share that leaves within a year, if the same share leaves every month.",
    ),
    named(
        "NRR",
        "start expansion contraction churned",
        guarded(
            "start expansion contraction churned",
            "(start+expansion-contraction-churned)/start",
            bad=f"OR(expansion<0,{_KEPT})",
            undefined="start=0",
        ),
        "Net revenue retention: what last period's customers pay now over what they paid then.",
    ),
    named(
        "GRR",
        "start contraction churned",
        guarded(
            "start contraction churned",
            "(start-contraction-churned)/start",
            bad=f"OR({_KEPT})",
            undefined="start=0",
        ),
        "Gross revenue retention: the share of last period's revenue that is still here.",
    ),
    named(
        "GROWTH",
        "first last years",
        guarded(
            "first last years",
            "(last/first)^(1/years)-1",
            bad="OR(first<0,last<0,years<0)",
            undefined="first*years=0",
        ),
        "Growth a year between two figures, compounded.",
    ),
)
