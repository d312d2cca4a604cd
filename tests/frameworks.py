"""Doubles of PyTorch and Keras: what the notebook in examples/ uses of them, and no more.

They compute by the equations in each framework's own layout of weights, one timestep at a time.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import orjson

from app.core.cells import sigmoid

from .doubles import Module, Tensor

RANDOM = np.random.default_rng(7)


def draw(*shape: int) -> np.ndarray:
    return RANDOM.uniform(-0.5, 0.5, shape).astype(np.float32)


class LSTM(Module):
    """`torch.nn.LSTM` of one layer, with batch_first."""

    def __init__(self, input_size: int, hidden_size: int, batch_first: bool) -> None:
        assert batch_first
        rows = 4 * hidden_size
        shapes = {
            "weight_ih_l0": (rows, input_size),
            "weight_hh_l0": (rows, hidden_size),
            "bias_ih_l0": (rows,),
            "bias_hh_l0": (rows,),
        }
        super().__init__({name: draw(*shape) for name, shape in shapes.items()}, {})

    def __call__(self, x: Rows) -> tuple[Rows, tuple[Rows, Rows]]:
        w = {name: tensor.numpy() for name, tensor in self.state_dict().items()}
        h = c = np.zeros(w["weight_hh_l0"].shape[1], np.float32)
        hidden = []
        for row in np.asarray(x)[0]:
            z = w["weight_ih_l0"] @ row + w["bias_ih_l0"] + w["weight_hh_l0"] @ h + w["bias_hh_l0"]
            i, f, g, o = np.split(z, 4)
            c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
            h = sigmoid(o) * np.tanh(c)
            hidden.append(h)
        return Rows(np.stack(hidden)[np.newaxis]), (Rows(h[None, None]), Rows(c[None, None]))


class Rows(Tensor):
    """A tensor whose rows can be taken."""

    def __getitem__(self, key: Any) -> Rows:
        return Rows(self.numpy()[key])


torch = SimpleNamespace(nn=SimpleNamespace(LSTM=LSTM), randn=lambda *shape: Rows(draw(*shape)))


class KerasLayer:
    """What a layer says of itself."""

    built = True

    def __init__(self, **config: Any) -> None:
        self.name = type(self).__name__.lower()
        self.config = {"name": self.name, **config}
        self.weights: list[np.ndarray] = []

    def get_weights(self) -> list[np.ndarray]:
        return self.weights


class Embedding(KerasLayer):
    def __init__(self, input_dim: int, output_dim: int) -> None:
        super().__init__(input_dim=input_dim, output_dim=output_dim)
        self.weights = [draw(input_dim, output_dim)]
        self.width = output_dim

    def build(self, width: int) -> int:
        return self.width

    def __call__(self, ids: np.ndarray) -> np.ndarray:
        return self.weights[0][ids]


class KerasLSTM(KerasLayer):
    def __init__(self, units: int) -> None:
        super().__init__(units=units, return_sequences=False)
        self.name = self.config["name"] = "lstm"
        self.units = units

    def build(self, width: int) -> int:
        columns = 4 * self.units
        self.weights = [draw(width, columns), draw(self.units, columns), draw(columns)]
        return self.units

    def __call__(self, x: np.ndarray) -> np.ndarray:
        kernel, recurrent_kernel, bias = self.weights
        h = c = np.zeros((len(x), self.units), np.float32)
        for timestep in range(x.shape[1]):
            z = x[:, timestep] @ kernel + h @ recurrent_kernel + bias
            i, f, g, o = np.split(z, 4, axis=1)
            c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
            h = sigmoid(o) * np.tanh(c)
        return h


class Dense(KerasLayer):
    def __init__(self, units: int, activation: str) -> None:
        assert activation == "sigmoid"
        super().__init__(units=units, activation=activation)
        self.units = units

    def build(self, width: int) -> int:
        self.weights = [draw(width, self.units), draw(self.units)]
        return self.units

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return sigmoid(x @ self.weights[0] + self.weights[1])


class InputLayer(KerasLayer):
    """`keras.Input`, as a Sequential writes it down."""

    def __init__(self, shape: tuple[int | None, ...]) -> None:
        super().__init__(batch_shape=[None, *shape])

    def build(self, width: int) -> int:
        return width

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return x


class Sequential:
    """`keras.Sequential`, built at once."""

    built = True

    def __init__(self, layers: list[Any]) -> None:
        self.layers = layers
        width = 0
        for layer in layers:
            width = layer.build(width)

    def __call__(self, x: np.ndarray) -> np.ndarray:
        for layer in self.layers:
            x = layer(x)
        return x

    def to_json(self) -> str:
        rows = [
            {"class_name": type(layer).__name__.removeprefix("Keras"), "config": layer.config}
            for layer in self.layers
        ]
        config = {"name": "sequential", "layers": rows}
        return orjson.dumps({"class_name": "Sequential", "config": config}).decode()


keras = SimpleNamespace(
    Input=InputLayer,
    Sequential=Sequential,
    layers=SimpleNamespace(Embedding=Embedding, LSTM=KerasLSTM, Dense=Dense),
    ops=SimpleNamespace(array=np.array, convert_to_numpy=np.asarray),
)
