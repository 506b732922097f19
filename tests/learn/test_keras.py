"""The custom optimiser beside Keras's own: the same losses, step by step, on scikit-learn's digits."""

import os

import numpy as np
import pytest

os.environ.setdefault("KERAS_BACKEND", "jax")
keras = pytest.importorskip("keras", reason="Keras is not installed: `make test-keras` has it")
datasets = pytest.importorskip("sklearn.datasets", reason="scikit-learn is not installed: `make test-keras` has it")


@pytest.mark.parametrize("momentum", [0.0, 0.9])
def test_the_losses_are_those_of_kerass_own_sgd_step_by_step(momentum: float) -> None:
    from blackbox.keras import GradientDescent

    digits = datasets.load_digits()
    x, y = digits.data.astype("float32") / 16, digits.target

    def losses(optimizer) -> list[float]:
        keras.utils.set_random_seed(1)
        model = keras.Sequential([keras.layers.Input((64,)), keras.layers.Dense(24, "tanh"), keras.layers.Dense(10)])
        model.compile(optimizer, keras.losses.SparseCategoricalCrossentropy(from_logits=True))
        return [float(model.train_on_batch(x[k : k + 64], y[k : k + 64])) for k in range(0, 1280, 64)]

    ours = losses(GradientDescent(learning_rate=0.1, momentum=momentum))
    theirs = losses(keras.optimizers.SGD(learning_rate=0.1, momentum=momentum))
    assert np.allclose(ours, theirs, rtol=1e-4)
    assert ours[-1] < ours[0]


def test_trained_to_the_end_it_reads_the_digits_as_well_as_kerass_own() -> None:
    """Thirty epochs on 1,297 digits, 500 others to judge; the figures are printed."""
    from blackbox.keras import GradientDescent

    digits = datasets.load_digits()
    x, y = digits.data.astype("float32") / 16, digits.target

    def trained(optimizer) -> tuple[list[float], float]:
        keras.utils.set_random_seed(1)
        model = keras.Sequential([keras.layers.Input((64,)), keras.layers.Dense(24, "tanh"), keras.layers.Dense(10)])
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        model.compile(optimizer, loss, metrics=["accuracy"])
        history = model.fit(x[:1297], y[:1297], epochs=30, batch_size=64, shuffle=False, verbose=0)
        return history.history["loss"], float(model.evaluate(x[1297:], y[1297:], verbose=0)[1])

    ours, seen = trained(GradientDescent(learning_rate=0.1, momentum=0.9))
    theirs, expected = trained(keras.optimizers.SGD(learning_rate=0.1, momentum=0.9))
    print(f"{keras.backend.backend()}: loss {ours[0]:.4f} → {ours[-1]:.4f}")
    print(f"Keras's own SGD: loss {theirs[0]:.4f} → {theirs[-1]:.4f}")
    print(f"digits never seen: {seen:.1%} right, Keras's SGD {expected:.1%}")
    assert np.allclose(ours, theirs, rtol=1e-2, atol=1e-3)
    assert seen == pytest.approx(expected, abs=0.01)
    assert seen > 0.85


def test_it_survives_being_saved_as_a_configuration() -> None:
    from blackbox.keras import GradientDescent

    twin = GradientDescent.from_config(GradientDescent(learning_rate=0.25, momentum=0.5).get_config())
    assert float(twin.learning_rate) == 0.25
    assert twin.momentum == 0.5
