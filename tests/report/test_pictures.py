"""Pictures: the path is drawn, the axes are named, the file is what its name says."""

import re

import numpy as np
import pytest

import blackbox
from blackbox.report.pictures import landscape, rates_picture, walk_picture, window

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
