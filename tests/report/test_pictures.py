"""Pictures: the path is drawn, the axes are named, the file is what its name says."""

import re
from dataclasses import replace

import numpy as np
import pytest

import blackbox
from blackbox.report.pictures import _colouring, landscape, rates_picture, restarts_picture, walk_picture, window

pytest.importorskip("matplotlib", reason="matplotlib is not installed (extra plot)")


def square_sum(points):
    return np.sum(points**2, axis=-1)


def drawn(d: int, kind: str = "svg") -> bytes:
    steps = blackbox.descend(square_sum, np.ones(d)).steps[:12]
    axes = window(steps, np.full(d, -np.inf), np.full(d, np.inf))
    ground = None if axes is None else landscape(axes, square_sum)
    return walk_picture(steps, "a walk", ground, kind)


@pytest.mark.parametrize(("d", "parts"), [(1, ["curve", "path", "start", "end"]), (2, ["path", "start", "end"])])
def test_up_to_two_inputs_the_path_is_drawn_on_the_landscape(d: int, parts: list[str]) -> None:
    picture = drawn(d).decode()
    for part in parts:
        assert f'id="{part}"' in picture
    path = re.search(r'id="path".*?d="(.*?)"', picture, re.DOTALL)
    assert path is not None
    assert path.group(1).count("L") >= 11 or path.group(1).count("\n") >= 11


def test_more_inputs_show_value_and_slope_per_step() -> None:
    picture = drawn(3).decode()
    assert 'id="path"' in picture
    assert 'id="slope"' in picture


def test_a_png_is_a_png_and_the_window_stays_inside_the_bounds() -> None:
    assert drawn(2, "png").startswith(b"\x89PNG")
    steps = blackbox.descend(square_sum, [1.0, 1.0]).steps
    axes = window(steps, np.array([0.0, -9.0]), np.array([1.0, 9.0]))
    assert axes is not None
    assert axes[0].min() >= 0
    assert axes[0].max() <= 1


def test_holes_in_the_landscape_are_left_out() -> None:
    steps = blackbox.descend(square_sum, [1.0, 1.0]).steps[:5]
    axes = window(steps, np.full(2, -9.0), np.full(2, 9.0))
    assert axes is not None
    ground = landscape(axes, lambda points: np.where(points[:, 0] < 0.5, np.nan, square_sum(points)))
    assert len(walk_picture(steps, "holes", ground)) > 1000


def test_a_study_is_a_grid_of_pictures() -> None:
    study = blackbox.learning_rates(square_sum, [1.0], [1.1, 0.4, 0.1])
    picture = rates_picture(study, [None] * 3, "svg").decode()
    assert picture.count('id="path"') == 3


def wells(points):
    return (points[..., 0] ** 2 - 4) ** 2 / 8 + 0.2 * points[..., 0] + np.sum(points[..., 1:] ** 2, axis=-1)


@pytest.mark.parametrize(("d", "across"), [(1, "x1"), (2, "x1"), (3, "step")])
def test_several_starts_are_drawn_with_their_paths_and_the_basins_they_end_in(d: int, across: str) -> None:
    trail = blackbox.descend(wells, np.full(d, 0.5), restarts=5, bounds=[(-3, 3)], learning_rate=0.05, slope=1e-4)
    steps = [step for walk in trail.walks for step in walk.steps]
    axes = window(steps, np.full(d, -3.0), np.full(d, 3.0))
    ground = None if axes is None else landscape(axes, wells)
    picture = restarts_picture(trail, "starts and basins", ground, "svg").decode()
    for part in ("path", "start", "end"):
        assert picture.count(f'id="{part}"') == 5
    assert ('id="curve"' in picture) == (d == 1)
    for word in (across, "starts and basins", *(f"{basin.value:.6g}, {basin.hits} of 5" for basin in trail.basins)):
        assert f"<!-- {word} -->" in picture


def test_a_walk_in_no_basin_is_drawn_grey_and_named() -> None:
    trail = blackbox.descend(lambda p: -p[0], [0.0], restarts=3, steps=5)
    lost = replace(trail, basins=trail.basins[:0])
    picture = restarts_picture(lost, "lost", None, "svg").decode()
    assert "<!-- in no basin -->" in picture
    assert picture.count("#8d99ae") >= 3


def test_the_floor_of_a_skewed_landscape_has_bands_of_its_own_and_a_scale_names_them() -> None:
    def valley(points):
        return 100 * (points[:, 1] - points[:, 0] ** 2) ** 2 + (1 - points[:, 0]) ** 2

    steps = blackbox.descend(lambda p: float(valley(p[None, :])[0]), [-1.2, 1.0], "bfgs", slope=1e-5).steps
    axes = window(steps, np.full(2, -np.inf), np.full(2, np.inf))
    assert axes is not None
    ground = landscape(axes, valley)
    levels = _colouring(ground)["levels"]
    assert np.count_nonzero(levels < np.median(ground.values)) == pytest.approx(len(levels) / 2, abs=1)
    assert "<!-- value -->" in walk_picture(steps, "a valley", ground, "svg").decode()


def test_level_ground_needs_no_scale() -> None:
    steps = blackbox.descend(lambda _: 7.0, [3.0, 1.0]).steps
    axes = window(steps, np.full(2, -np.inf), np.full(2, np.inf))
    assert axes is not None
    assert len(walk_picture(steps, "level", landscape(axes, lambda p: np.full(len(p), 7.0)))) > 1000
