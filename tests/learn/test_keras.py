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


def test_it_survives_being_saved_as_a_configuration() -> None:
    from blackbox.keras import GradientDescent

    twin = GradientDescent.from_config(GradientDescent(learning_rate=0.25, momentum=0.5).get_config())
    assert float(twin.learning_rate) == 0.25
    assert twin.momentum == 0.5
