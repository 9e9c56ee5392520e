"""Durations to test on, and the independent packages that check them."""

import importlib
import warnings

import numpy as np
import pytest

# Remission of leukaemia in weeks, drug against placebo (Freireich et al. 1963).
DRUG_EVENTS = [6, 6, 6, 7, 10, 13, 16, 22, 23]
DRUG_CENSORED = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
PLACEBO_EVENTS = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]


def count_durations(durations, left):
    """(times, events, censored) from one duration and one flag a person."""
    durations, left = np.asarray(durations, dtype=float), np.asarray(left, dtype=bool)
    times = np.unique(durations)
    events = np.array([(durations[left] == t).sum() for t in times])
    censored = np.array([(durations[~left] == t).sum() for t in times])
    return times, events, censored


def quiet_import(name):
    """A package of the tests whose own import warns about its dependencies, not about our code."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return importlib.import_module(name)


@pytest.fixture(scope="session")
def grouped():
    return count_durations


@pytest.fixture(scope="session")
def independent():
    return quiet_import


@pytest.fixture(scope="session")
def arms(independent):
    waltons = independent("lifelines.datasets").load_waltons()
    groups = {
        "drug": (
            DRUG_EVENTS + DRUG_CENSORED,
            [1] * len(DRUG_EVENTS) + [0] * len(DRUG_CENSORED),
        ),
        "placebo": (PLACEBO_EVENTS, [1] * len(PLACEBO_EVENTS)),
        "waltons_all": (waltons["T"], waltons["E"]),
    }
    for name, rows in waltons.groupby("group"):
        groups[f"waltons_{name}"] = (rows["T"], rows["E"])
    return {name: count_durations(*columns) for name, columns in groups.items()}


def _random_people(seed):
    """Durations with ties, some at month 0, about half censored."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(5, 120))
    life, seen = rng.exponential(15, n), rng.uniform(0, 30, n)
    durations = np.minimum(life, seen)
    if seed % 2:
        durations = np.floor(durations)
    return durations, life <= seen


@pytest.fixture(scope="session")
def random_people():
    return _random_people
