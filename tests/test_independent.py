"""A whole run against a second version: pandas, lifelines, scipy and statsmodels on the same file, nothing of ours."""

import calendar
import math
import warnings

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

from mapseg_xl.pipeline import find
from mapseg_xl.request import Request
from mapseg_xl.settings import Settings

with warnings.catch_warnings():  # its own import and use of pandas warn, not our code
    warnings.simplefilter("ignore")
    from lifelines import KaplanMeierFitter
    from lifelines.statistics import logrank_test
    from lifelines.utils import restricted_mean_survival_time

AS_OF, WINDOW, MARGIN, ANNUAL, TAU = pd.Timestamp("2025-06-30"), 45, 0.7, 0.12, 18.0
Z = stats.norm.ppf(0.975)


def leads():
    r = np.random.default_rng(20)
    n = 3000
    size = r.choice(["Solo", "Small", "Large", "Tiny niche"], n, p=[0.4, 0.4, 0.194, 0.006])
    region = r.choice(["North", "South"], n)
    channel = r.choice(["Ads", "Referral", "Search"], n)
    created = pd.Timestamp("2022-01-01") + pd.to_timedelta(r.integers(0, 1270, n), "D")
    trial = created + pd.to_timedelta(r.integers(0, 20, n), "D")
    waited = r.integers(0, 70, n)
    converted = trial + pd.to_timedelta(waited, "D")
    won = (r.random(n) < np.where(size == "Large", 0.65, 0.45)) & (converted <= AS_OF)
    stay = r.exponential(np.where(size == "Large", 1500, 600), n).astype(int)
    churned = converted + pd.to_timedelta(stay, "D")
    gone = won & (churned <= AS_OF)
    price = np.round(r.gamma(4, np.where(size == "Large", 30, 12), n), 2)
    return pd.DataFrame(
        {
            "customer_id": [f"K{k:05d}" for k in range(n)],
            "created_on": created,
            "trial_on": trial,
            "converted_on": pd.Series(converted).where(won),
            "churned_on": pd.Series(churned).where(gone),
            "revenue_monthly": pd.Series(price).where(won),
            "revenue_total": pd.Series(np.round(price * (1 + stay / 30), 2)).where(won),
            "acquisition_cost": np.round(r.uniform(20, 160, n), 2),
            "company_size": size,
            "region": region,
            "channel": channel,
        }
    )


@pytest.fixture(scope="module")
def frame():
    return leads()


@pytest.fixture(scope="module")
def findings(frame, tmp_path_factory):
    path = tmp_path_factory.mktemp("base") / "leads.csv"
    frame.to_csv(path, index=False, date_format="%Y-%m-%d")
    settings = Settings(
        as_of=AS_OF.date(), window_days=WINDOW, gross_margin=MARGIN, annual_discount=ANNUAL,
        rmst_months=TAU,
    )  # fmt: skip
    request = Request(
        (path,),
        settings,
        segment_by=("company_size", "region"),
        segments=(
            "Referred: channel = Referral",
            "Big North: company_size = Large and region = North",
        ),
    )
    return find(request)


def months_between(start, end):
    """Whole months day by day, then the part of the running one."""

    def after(k):
        year, month = divmod(start.year * 12 + start.month - 1 + k, 12)
        return pd.Timestamp(
            year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1])
        )

    whole = 0
    while after(whole + 1) <= end:
        whole += 1
    return whole + (end - after(whole)).days / (after(whole + 1) - after(whole)).days


@pytest.fixture(scope="module")
def lives(frame):
    paying = frame[frame.converted_on.notna()]
    ended = paying.churned_on.notna()
    end = paying.churned_on.fillna(AS_OF)
    months = [months_between(a, b) for a, b in zip(paying.converted_on, end, strict=True)]
    return pd.DataFrame({"months": months, "ended": ended}, index=paying.index)


def masks(frame):
    """(segmentation, segment) -> members."""
    cut = {
        (trait, value): frame[trait] == value
        for trait in ("company_size", "region")
        for value in frame[trait].unique()
    }
    cut["my segments", "Referred"] = frame.channel == "Referral"
    cut["my segments", "Big North"] = (frame.company_size == "Large") & (frame.region == "North")
    return cut


SEGMENTS = [
    *(("company_size", s) for s in ("Solo", "Small", "Large", "Tiny niche")),
    *(("region", r) for r in ("North", "South")),
    *(("my segments", s) for s in ("Referred", "Big North")),
]
every_segment = pytest.mark.parametrize("at", SEGMENTS, ids=lambda at: at[1])


def row(findings, at, metric):
    (found,) = [
        r for r in findings.performance if (r.segmentation, r.segment, r.metric) == (*at, metric)
    ]
    return found


def near(value, rel=1e-9):
    return pytest.approx(value, rel=rel)


def sides(frame, at):
    inside = masks(frame)[at]
    return inside, ~inside


def matured(frame, inside):
    some = frame[inside & (frame.trial_on + pd.Timedelta(days=WINDOW) <= AS_OF)]
    within = (some.converted_on - some.trial_on).dt.days <= WINDOW
    return int(within.sum()), len(some)


def two_shares_p(x1, n1, x2, n2):
    p = (x1 + x2) / (n1 + n2)
    if min(n1, n2) * min(p, 1 - p) < 5:
        return stats.fisher_exact([[x1, n1 - x1], [x2, n2 - x2]]).pvalue
    return stats.chi2_contingency([[x1, n1 - x1], [x2, n2 - x2]], correction=False).pvalue


@every_segment
def test_conversion_is_that_of_matured_trials(findings, frame, at):
    (x1, n1), (x2, n2) = (matured(frame, side) for side in sides(frame, at))
    got = row(findings, at, "conversion")
    assert (got.events, got.n, got.value, got.rest_value) == (x1, n1, near(x1 / n1), near(x2 / n2))
    (l1, u1), (l2, u2) = (
        proportion_confint(*side, method="wilson") for side in ((x1, n1), (x2, n2))
    )
    assert (got.ci_low, got.ci_high) == (near(l1), near(u1))
    d, p1, p2 = x1 / n1 - x2 / n2, x1 / n1, x2 / n2
    assert got.difference == near(d)
    assert got.diff_low == near(d - math.hypot(p1 - l1, u2 - p2))
    assert got.diff_high == near(d + math.hypot(u1 - p1, p2 - l2))
    assert got.p_value == near(two_shares_p(x1, n1, x2, n2), 1e-7)
    assert got.index == near(p1 / p2)


def test_open_trials_are_counted_in_the_note(findings, frame):
    still_open = frame.trial_on + pd.Timedelta(days=WINDOW) > AS_OF
    early = int((still_open & frame.converted_on.notna()).sum())
    known = still_open & (frame.trial_on <= AS_OF)
    note = findings.base("conversion").note
    assert f"{int(known.sum())} units still open on 2025-06-30" in note
    assert f"({early} of them converted already" in note


def test_families_are_adjusted_over_segments_with_enough_on_both_sides(findings, frame):
    enough = [s for s in SEGMENTS[:4] if matured(frame, masks(frame)[s])[1] >= 30]
    p = [row(findings, s, "conversion").p_value for s in enough]
    expected = multipletests(p, method="fdr_bh")[1]
    assert [row(findings, s, "conversion").q_value for s in enough] == near(expected.tolist())
    assert [row(findings, s, "conversion").q_value for s in SEGMENTS[:4] if s not in enough] == [
        None
    ]
    own = [row(findings, s, "conversion") for s in SEGMENTS[6:]]
    expected = multipletests([r.p_value for r in own], method="fdr_by")[1]
    assert [r.q_value for r in own] == near(expected.tolist())
    north, south = (row(findings, s, "conversion") for s in SEGMENTS[4:6])
    assert north.q_value == north.p_value == near(south.p_value)


@every_segment
def test_revenue_is_the_mean_price_and_its_spread_welchs_or_resampled(findings, frame, at):
    a, b = (frame.revenue_monthly[side].dropna().to_numpy() for side in sides(frame, at))
    got = row(findings, at, "arpu")
    assert (got.n, got.value, got.median) == (len(a), near(a.mean()), near(np.median(a)))
    assert got.difference == near(a.mean() - b.mean())

    def by_t(x):
        return len(x) >= 200 and np.sort(x)[-max(1, round(len(x) / 100)) :].sum() <= 0.2 * x.sum()

    if by_t(a):
        limits = stats.t.interval(0.95, len(a) - 1, a.mean(), stats.sem(a))
        assert (got.ci_low, got.ci_high) == (near(limits[0]), near(limits[1]))
    if by_t(a) and by_t(b):
        welch = stats.ttest_ind(a, b, equal_var=False)
        assert got.p_value == near(welch.pvalue, 1e-7)
        assert (got.diff_low, got.diff_high) == near(tuple(welch.confidence_interval()))
    elif len(a) > 100:
        assert got.ci_high - got.ci_low == near(2 * Z * stats.sem(a), 0.25)


@every_segment
def test_churn_a_month_is_losses_over_months_lived(findings, frame, lives, at):
    a, b = (lives[side[lives.index]] for side in sides(frame, at))
    (d1, t1), (d2, t2) = ((int(x.ended.sum()), x.months.sum()) for x in (a, b))
    got = row(findings, at, "monthly_churn")
    assert (got.events, got.n, got.value) == (d1, near(t1), near(d1 / t1))
    assert got.ci_low == near(stats.chi2.ppf(0.025, 2 * d1) / 2 / t1 if d1 else 0)
    assert got.ci_high == near(stats.chi2.ppf(0.975, 2 * d1 + 2) / 2 / t1)
    p = stats.binomtest(d1, d1 + d2, t1 / (t1 + t2)).pvalue
    assert got.p_value == near(p, 1e-7)
    ratio = (d1 / t1) / (d2 / t2)
    if d1:
        spread = math.exp(Z * math.sqrt(1 / d1 + 1 / d2))
        assert got.diff_low == near((ratio / spread - 1) * d2 / t2)
        assert got.diff_high == near((ratio * spread - 1) * d2 / t2)


def curve(part):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return KaplanMeierFitter().fit(part.months, part.ended)


@every_segment
def test_curves_are_those_of_lifelines(findings, frame, lives, at):
    part, rest = (lives[side[lives.index]] for side in sides(frame, at))
    km = curve(part)
    for month in (12, 24):
        got = row(findings, at, f"survival_{month}m")
        if part.months.max() < month:
            assert got.value is None
            continue
        assert got.value == near(float(km.predict(month)))
        assert got.n == len(part)
        assert f"{int((part.months >= month).sum())} still followed" in got.note
        limits = km.confidence_interval_.loc[:month].iloc[-1]
        assert (got.ci_low, got.ci_high) == (near(limits.iloc[0], 1e-6), near(limits.iloc[1], 1e-6))
    got = row(findings, at, "rmst_months")
    if part.months.max() >= TAU:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            assert got.value == near(restricted_mean_survival_time(km, t=TAU))
            whole = logrank_test(part.months, rest.months, part.ended, rest.ended)
        sure = "strong" if whole.p_value <= 0.001 else "fair" if whole.p_value <= 0.05 else "can't"
        assert f"whole curves differ: {sure}" in got.note
    middle = row(findings, at, "median_lifetime_months")
    expected = km.median_survival_time_
    assert middle.value == (None if math.isinf(expected) else near(expected))


@every_segment
def test_the_difference_of_two_curves_has_greenwoods_errors(findings, frame, lives, at):
    part, rest = (lives[side[lives.index]] for side in sides(frame, at))

    def point(x, month):
        s, total = 1.0, 0.0
        for t in sorted(set(x.months[x.ended & (x.months <= month)])):
            n, d = (x.months >= t).sum(), (x.ended & (x.months == t)).sum()
            s, total = s * (1 - d / n), total + d / (n * (n - d))
        return s, total

    got = row(findings, at, "survival_12m")
    (s1, h1), (s2, h2) = point(part, 12), point(rest, 12)
    half = Z * math.sqrt(s1**2 * h1 + s2**2 * h2)
    assert got.difference == near(s1 - s2)
    assert (got.diff_low, got.diff_high) == near((s1 - s2 - half, s1 - s2 + half))
    z = (math.log(-math.log(s1)) - math.log(-math.log(s2))) / math.sqrt(
        h1 / math.log(s1) ** 2 + h2 / math.log(s2) ** 2
    )
    assert got.p_value == near(2 * stats.norm.sf(abs(z)), 1e-7)


def value_of(frame, lives, side, horizon):
    """Payments at the beginning of months, discounted, by loop; the sum after each."""
    km = curve(lives[side[lives.index]])
    monthly = (1 + ANNUAL) ** (1 / 12) - 1
    margin = frame.revenue_monthly[side].mean() * MARGIN
    paid, total = [], 0.0
    for k in range(horizon):
        still = 1.0 if k == 0 else float(km.predict(k))
        total += margin * still / (1 + monthly) ** k
        paid.append(total)
    return paid


def test_one_horizon_serves_all_that_are_large_enough(findings, frame, lives):
    def followed(side):
        months = lives.months[side[lives.index]]
        return next(k for k in range(1000) if (months >= k).sum() < 10), len(months)

    sizes = [followed(side) for at in SEGMENTS for side in sides(frame, at)]
    base = min(36, followed(frame.customer_id.notna())[0])
    expected = min([base, *(k for k, n in sizes if n >= 30 and k >= 12)])
    assert findings.context.horizon_months == expected


def test_what_was_proposed_costs_nobody_months_and_is_told_apart_only_where_it_is_followed(
    findings, lives
):
    proposals, horizon = findings.proposals, findings.context.horizon_months
    assert proposals.found
    for place, found in enumerate(proposals.found):
        judging = proposals.segmentation.member(place) & proposals.held_out
        months = lives.months[judging[lives.index]]
        assert (months >= horizon).sum() < 10  # by itself it would have shortened everybody's
        got = row(findings, ("hypotheses", found.name), "ltv")
        assert (got.value is None) == (months.max() < horizon - 1)
        if (months >= horizon - 1).sum() < 10:
            assert got.verdict in ("cant_tell", "not_available")


@every_segment
def test_value_cost_their_ratio_and_payback_come_out_of_a_loop(findings, frame, lives, at):
    inside, _ = sides(frame, at)
    horizon = findings.context.horizon_months
    ltv, cac = row(findings, at, "ltv"), row(findings, at, "cac")
    spend, new = frame.acquisition_cost[inside].sum(), int(frame.converted_on[inside].notna().sum())
    assert (cac.n, cac.value) == (new, near(spend / new))
    assert cac.ci_low == near(spend / (stats.chi2.ppf(0.975, 2 * new + 2) / 2))
    assert cac.ci_high == near(spend / (stats.chi2.ppf(0.025, 2 * new) / 2))
    if lives.months[inside[lives.index]].max() < horizon - 1:
        assert ltv.value is None
        return
    paid = value_of(frame, lives, inside, horizon)
    assert ltv.value == near(paid[-1])
    assert row(findings, at, "ltv_to_cac").value == near(paid[-1] / (spend / new))
    payments = next((k + 1 for k, total in enumerate(paid) if total >= spend / new), None)
    assert row(findings, at, "payback_months").value == payments


@every_segment
def test_costs_are_compared_by_the_ratio_of_customers_won_for_the_money(findings, frame, at):
    (s1, n1), (s2, n2) = (
        (frame.acquisition_cost[x].sum(), int(frame.converted_on[x].notna().sum()))
        for x in sides(frame, at)
    )
    got = row(findings, at, "cac")
    spread, ratio = math.exp(Z * math.sqrt(1 / n1 + 1 / n2)), (s1 / n1) / (s2 / n2)
    assert got.diff_low == near((ratio / spread - 1) * s2 / n2)
    assert got.diff_high == near((ratio * spread - 1) * s2 / n2)
    assert got.p_value == near(stats.binomtest(n1, n1 + n2, s1 / (s1 + s2)).pvalue, 1e-7)


def test_resampled_value_is_as_wide_as_a_plain_bootstrap_of_customers(findings, frame, lives):
    got = findings.base("ltv")
    r, months = np.random.default_rng(1), findings.context.horizon_months
    monthly = (1 + ANNUAL) ** (1 / 12) - 1
    discount = (1 + monthly) ** -np.arange(months)
    price = frame.revenue_monthly[lives.index].to_numpy()
    draws = []
    for _ in range(120):
        at = r.integers(0, len(lives), len(lives))
        still = curve(lives.iloc[at]).predict(np.arange(months)).to_numpy()
        draws.append(price[at].mean() * MARGIN * (still @ discount))
    assert got.ci_high - got.ci_low == near(2 * Z * np.std(draws), 0.3)


def test_every_month_of_the_curve_table_is_counted_anew(findings, lives):
    points = [p for p in findings.survival if p.segment_id == "ALL"]
    assert [p.month for p in points] == list(range(int(lives.months.max()) + 1))
    for p in points:
        assert p.at_risk == (lives.months >= p.month).sum()
        left = lives.ended & (lives.months <= p.month) & (lives.months > p.month - 1)
        assert p.events == left.sum()


def test_volume_counts_every_row_once(findings, frame):
    table = next(t for t in findings.volumes if t.attribute == "company_size")
    for r in table.rows:
        some = frame[frame.company_size == r.value]
        paying, gone = some.converted_on.notna(), some.churned_on.notna()
        assert (r.n, r.share) == (len(some), near(len(some) / len(frame)))
        assert (r.customers, r.churned) == (int((paying & ~gone).sum()), int(gone.sum()))
        assert r.leads + r.trials == int((~paying).sum())


def test_every_id_is_one_segments_and_every_key_one_rows(findings):
    keys = [(r.segmentation, r.segment_id, r.metric) for r in findings.performance]
    assert len(keys) == len(set(keys))
    names = {(r.segmentation, r.segment): r.segment_id for r in findings.performance}
    proposed = len(findings.proposals.found)
    assert len(set(names.values())) == len(names) == len(SEGMENTS) + 1 + proposed


def test_a_segmentation_named_twice_is_one(frame, tmp_path):
    path = tmp_path / "few.csv"
    frame.head(80).to_csv(path, index=False, date_format="%Y-%m-%d")
    found = find(Request((path,), segment_by=("region", "Region", "region")))
    assert [g.segmentation.name for g in found.groups] == ["region"]
