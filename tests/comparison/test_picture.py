"""The picture of a contest: a line a method, a band over its seeds, axes that fit."""

import numpy as np
import pytest

from blackbox.comparison.contest import Result, Run
from blackbox.comparison.picture import contest_picture

pytest.importorskip("matplotlib", reason="matplotlib is not installed (extra plot)")


def run(seed: int, *curve: tuple[float, float]) -> Run:
    value = curve[-1][1] if curve else float("nan")
    return Run(seed, None, value, 100, np.array(curve, dtype=np.float64).reshape(-1, 2), None)


def drawn(*results: Result) -> str:
    return contest_picture(results, False, "svg").decode()


def test_each_method_has_its_line_and_with_seeds_its_band() -> None:
    ours = Result("blackbox", tuple(run(seed, (1, 10.0 + seed), (40, 1e-6 * seed)) for seed in range(5)), False)
    theirs = Result("scipy:direct", tuple(run(seed, (3, 9.0), (50, 0.5)) for seed in range(5)), False)
    picture = drawn(ours, theirs)
    for name in ("blackbox", "scipy:direct"):
        assert f'id="curve {name}"' in picture
        assert f'id="band {name}"' in picture
        assert f"<!-- {name} -->" in picture
    assert "<!-- evaluations -->" in picture
    assert "<!-- median and quartiles of 5 seeds -->" in picture
    assert "best value so far, distance to the best known (0)" in picture


def test_one_seed_has_no_band_and_a_method_without_a_number_no_line() -> None:
    picture = drawn(Result("bfgs", (run(0, (1, 3.0), (9, 1.0)),), False), Result("scipy:shgo", (run(0),), False))
    assert 'id="curve bfgs"' in picture
    assert "band" not in picture
    assert 'id="curve scipy:shgo"' not in picture


def test_nobody_with_a_number_is_still_a_picture() -> None:
    assert "<!-- evaluations -->" in drawn(Result("scipy:shgo", (run(0),), False))


@pytest.mark.parametrize(("last", "logarithmic"), [(1e-9, True), (8.0, False)])
def test_the_distance_is_logarithmic_where_it_spans_decades(last: float, logarithmic: bool) -> None:
    one = Result("bfgs", (run(0, (1, 10.0), (9, last)),), False)
    other = Result("newton", (run(0, (1, 10.0), (9, last / 2 if logarithmic else 7.9)),), False)
    assert ("10^{-" in drawn(one, other)) == logarithmic
