"""The textbook's gradient descent as a Keras optimiser (extra `keras`; any backend).

    model.compile(optimizer=blackbox.keras.GradientDescent(learning_rate=0.1), loss=…)

Imported by nobody: `import blackbox.keras` is the only way here, and the only thing that needs Keras.
"""
# pyright: reportMissingImports=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUntypedBaseClass=false, reportUnknownArgumentType=false, reportMissingTypeStubs=false
# pyright: reportAttributeAccessIssue=false

from typing import Any

try:
    import keras
except ImportError as cause:
    raise ImportError("blackbox.keras needs Keras and a backend: install blackbox[keras]") from cause


class GradientDescent(keras.optimizers.Optimizer):
    """θ ← θ − η ∇J, or with momentum v ← μ v − η ∇J, θ ← θ + v."""

    def __init__(self, learning_rate: float = 0.01, momentum: float = 0.0, **options: Any) -> None:
        super().__init__(learning_rate=learning_rate, **options)
        if not 0 <= momentum < 1:
            raise ValueError(f"momentum={momentum!r}: must lie in [0, 1)")
        self.momentum = momentum
        self._velocities: list[Any] = []

    def build(self, variables: Any) -> None:
        """One velocity a variable, where momentum wants them."""
        if self.built:
            return
        super().build(variables)
        if self.momentum:
            self._velocities = [
                self.add_variable_from_reference(reference_variable=variable, name="velocity") for variable in variables
            ]

    def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
        """One step of one variable."""
        rate = keras.ops.cast(learning_rate, variable.dtype)
        slope = keras.ops.cast(gradient, variable.dtype)
        if not self.momentum:
            self.assign_sub(variable, rate * slope)
            return
        velocity = self._velocities[self._get_variable_index(variable)]
        self.assign(velocity, self.momentum * velocity - rate * slope)
        self.assign_add(variable, velocity)

    def get_config(self) -> dict[str, Any]:
        """For saving and cloning."""
        return {**super().get_config(), "momentum": self.momentum}
