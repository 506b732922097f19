"""What is known of each of the smooth functions of which the highest is seen."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blackbox.core.asking import Floats
from blackbox.descent.pieces import SPARE, Piece, Pieces
from tests.fakes.functions import ill_conditioned

seeds = st.integers(0, 2**32 - 1)
dims = st.integers(1, 8)


def plane(slope: Floats, at: Floats, height: float = 0.0) -> Piece:
    """A model of height + slope · x, measured at a point."""
    return Piece(at, height + float(slope @ at), slope, np.zeros((at.size, at.size)))


def far_apart(m: int, d: int, rng: np.random.Generator) -> Floats:
    """Slopes of length 1 to 2, no two of which are nearly the same."""
    slopes = list[Floats]()
    while len(slopes) < m:
        slope = rng.standard_normal(d)
        slope *= rng.uniform(1, 2) / np.linalg.norm(slope)
        if all(np.linalg.norm(slope - other) > 0.5 for other in slopes):
            slopes.append(slope)
    return np.array(slopes)


@given(d=dims, seed=seeds)
def test_a_quadratic_is_known_exactly_after_one_independent_step_an_axis(d: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    matrix, slope = ill_conditioned(d, 10.0, rng), rng.standard_normal(d)

    def measured(x: Floats) -> tuple[Floats, float, Floats]:
        return x, float(x @ matrix @ x / 2 + slope @ x), matrix @ x + slope

    at = rng.standard_normal(d)
    piece = Piece(*measured(at), np.zeros((d, d)))
    for axis in np.linalg.qr(rng.standard_normal((d, d)))[0]:
        at = at + axis
        piece.learn(*measured(at))
    assert piece.hessian == pytest.approx(matrix, abs=1e-5)
    elsewhere = 3 * rng.standard_normal(d)
    _, value, gradient = measured(elsewhere)
    assert piece.at(elsewhere)[0] == pytest.approx(value, abs=1e-3)
    assert piece.at(elsewhere)[1] == pytest.approx(gradient, abs=1e-4)


@given(d=dims, seed=seeds)
def test_what_was_measured_last_is_right_where_it_was_measured(d: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    piece = plane(rng.standard_normal(d), rng.standard_normal(d))
    for _ in range(3 * d):
        at, value, gradient = rng.standard_normal(d), float(rng.standard_normal()), rng.standard_normal(d)
        piece.learn(at, value, gradient)
        assert piece.at(at)[0] == value
        assert np.array_equal(piece.at(at)[1], gradient)
        assert np.array_equal(piece.hessian, piece.hessian.T)
        assert piece.far(at) == 0
        assert not piece.sure


@given(d=st.integers(2, 8), seed=seeds)
def test_of_the_highest_of_planes_every_piece_is_recognised_again(d: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    slopes = far_apart(int(rng.integers(2, d + 3)), d, rng)
    heights, ruled = rng.uniform(-0.3, 0.3, len(slopes)), dict[int, Piece]()
    pieces: Pieces | None = None
    for at in rng.uniform(-2, 2, (60, d)):
        k = int((heights + slopes @ at).argmax())
        value = float(heights[k] + slopes[k] @ at)
        if pieces is None:
            pieces = Pieces(plane(slopes[k], at, heights[k]))
            ruled[k] = pieces.home
            continue
        piece, known = pieces.take(at, value, slopes[k])
        assert known == (k in ruled)
        assert ruled.setdefault(k, piece) is piece
        assert np.array_equal(piece.point, at)
    assert pieces is not None
    assert {id(piece) for piece in pieces.all} == {id(piece) for piece in ruled.values()}


@given(d=dims, seed=seeds)
def test_no_more_pieces_are_kept_than_may_meet_and_the_newest_is_among_them(d: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    pieces = Pieces(plane(rng.standard_normal(d), np.zeros(d)))
    for size in 3.0 ** np.arange(2, 40):
        newest, known = pieces.take(rng.standard_normal(d), 0.0, size * np.ones(d))
        assert not known
        assert newest in pieces.others
        assert len(pieces.others) <= 2 * d + SPARE


@given(d=dims, seed=seeds)
def test_wherever_the_walk_settles_nothing_is_lost_and_home_is_no_other(d: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    pieces = Pieces(plane(np.ones(d), np.zeros(d)))
    pieces.others = [plane(rng.standard_normal(d), np.zeros(d)) for _ in range(4)]
    every = {id(piece) for piece in pieces.all}
    for k in rng.integers(0, 5, 10):
        piece = pieces.all[k]
        pieces.settle(piece)
        assert pieces.home is piece
        assert all(other is not piece for other in pieces.others)
        assert {id(one) for one in pieces.all} == every
        assert len(pieces.all) == 5


@given(d=dims, seed=seeds)
def test_where_the_piece_at_home_was_none_the_highest_there_is_at_home(d: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    here = rng.standard_normal(d)
    pieces = Pieces(plane(np.ones(d), here))
    pieces.others = [plane(rng.standard_normal(d), rng.standard_normal(d), float(rng.uniform())) for _ in range(4)]
    highest = max(pieces.others, key=lambda one: one.at(here)[0])
    wrong = pieces.home
    pieces.forget(wrong, here)
    assert pieces.home is highest
    assert len(pieces.all) == 4
    assert all(one is not wrong for one in pieces.all)
    lost = pieces.others[0]
    pieces.forget(lost, here)
    assert pieces.home is highest
    assert all(one is not lost for one in pieces.all)


def test_the_only_piece_is_never_forgotten() -> None:
    pieces = Pieces(plane(np.ones(2), np.zeros(2)))
    pieces.forget(pieces.home, np.zeros(2))
    assert len(pieces.all) == 1


@given(d=dims, seed=seeds)
def test_of_two_models_of_one_piece_the_nearer_is_kept(d: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    here, slope = rng.standard_normal(d), rng.standard_normal(d)
    pieces = Pieces(plane(-5 * slope, here))
    away = [float(part) for part in rng.permutation([0.1, 0.5, 2.0])]
    pieces.others = [plane(slope, here + part) for part in away]
    pieces.drop_doubles()
    assert [one.far(here) for one in pieces.others] == pytest.approx([0.1])


def test_a_model_of_the_piece_at_home_is_dropped_as_well() -> None:
    pieces = Pieces(plane(np.ones(2), np.zeros(2)))
    pieces.others = [plane(np.ones(2), np.full(2, 0.2)), plane(-np.ones(2), np.full(2, 0.2))]
    kept = pieces.others[1]
    pieces.drop_doubles()
    assert pieces.others == [kept]


def test_a_piece_that_stands_above_what_was_found_is_dropped_if_it_was_measured_farther_away() -> None:
    here, slope = np.zeros(2), np.array([1.0, 0.0])
    near, far, lower = (plane(slope, np.full(2, away), height) for away, height in ((0.1, 1), (5.0, 1), (5.0, -1)))
    pieces = Pieces(plane(-slope, here))
    pieces.others = [near, far, lower]
    pieces.drop_wrong(here, 0.0, reach=0.5, most=0.9)
    assert pieces.others == [near, lower]
    pieces.drop_wrong(here, 0.0, reach=0.5, most=1.1)
    assert pieces.others == [near, lower]


@given(d=dims, seed=seeds)
def test_the_curvature_together_is_that_of_the_pieces_by_their_weights(d: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    models = [Piece(np.zeros(d), 0.0, np.ones(d), ill_conditioned(d, 10.0, rng)) for _ in range(3)]
    pieces, weights = Pieces(models[0], models[1:]), rng.dirichlet(np.ones(3)).tolist()
    judge = sum(weight * model.hessian for weight, model in zip(weights, models, strict=True))
    assert pieces.curvature(weights) == pytest.approx(judge, abs=1e-12)
