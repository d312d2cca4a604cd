# pyright: reportMissingImports=false
"""Others who read a sentence: each makes, from our weights, a call without arguments."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from app.core.cells.base import Array, Weights

Call = Callable[[], object]


class Sizes(NamedTuple):
    """One layer and one sentence."""

    features: int
    units: int
    timesteps: int

    def draw(self) -> tuple[Weights, Array]:
        """Random weights of about the size that training gives, and one sequence."""
        random = np.random.default_rng(0)
        kernel = random.normal(0, self.features**-0.5, (self.features, 4 * self.units))
        recurrent = random.normal(0, self.units**-0.5, (self.units, 4 * self.units))
        bias = random.normal(0, 0.1, 4 * self.units)
        inputs = random.normal(size=(1, self.timesteps, self.features))
        weights = Weights(*(a.astype(np.float32) for a in (kernel, recurrent, bias)))
        return weights, inputs.astype(np.float32)


def naive_numpy(weights: Weights, inputs: Array) -> Call:
    """As tutorials write it: eight products a timestep."""
    W, U, b = (
        [block.copy() for block in np.split(array, 4, axis=-1)]
        for array in (weights.kernel, weights.recurrent_kernel, weights.bias)
    )

    def sigmoid(z: Array) -> Array:
        return 1 / (1 + np.exp(-z))

    def run() -> object:
        h = c = np.zeros(weights.units, np.float32)
        steps = []
        for x in inputs[0]:
            i = sigmoid(x @ W[0] + h @ U[0] + b[0])
            f = sigmoid(x @ W[1] + h @ U[1] + b[1])
            g = np.tanh(x @ W[2] + h @ U[2] + b[2])
            o = sigmoid(x @ W[3] + h @ U[3] + b[3])
            c = f * c + i * g
            h = o * np.tanh(c)
            steps.append((i, f, g, o, c, h))
        return steps

    return run


def _torch() -> Any:
    import torch

    torch.set_num_threads(1)
    torch.set_grad_enabled(False)
    return torch


def torch_loop(weights: Weights, inputs: Array) -> Call:
    """The equations in a loop: what people write to get the gates."""
    torch = _torch()
    x = torch.from_numpy(inputs[0][:, np.newaxis])
    W, U, b = (
        torch.from_numpy(array.T.copy())
        for array in (weights.kernel, weights.recurrent_kernel, weights.bias)
    )

    def run() -> object:
        h = c = torch.zeros(1, weights.units)
        steps = []
        for x_t in x:
            i, f, g, o = (x_t @ W.T + h @ U.T + b).chunk(4, 1)
            i, f, g, o = i.sigmoid(), f.sigmoid(), g.tanh(), o.sigmoid()
            c = f * c + i * g
            h = o * c.tanh()
            steps.append((i, f, g, o, c, h))
        return steps

    return run


def torch_cell(weights: Weights, inputs: Array) -> Call:
    """`torch.nn.LSTMCell` in a loop: what people write to get every cell state."""
    torch = _torch()
    cell = torch.nn.LSTMCell(weights.features, weights.units)
    x = torch.from_numpy(inputs[0][:, np.newaxis])

    def run() -> object:
        state = (torch.zeros(1, weights.units), torch.zeros(1, weights.units))
        steps = []
        for x_t in x:
            state = cell(x_t, state)
            steps.append(state)
        return steps

    return run


def torch_layer(weights: Weights, inputs: Array) -> Call:
    """`torch.nn.LSTM`."""
    torch = _torch()
    layer = torch.nn.LSTM(weights.features, weights.units)
    x = torch.from_numpy(inputs[0][:, np.newaxis].copy())
    return lambda: layer(x)


def onnxruntime(weights: Weights, inputs: Array) -> Call:
    """The LSTM operator of ONNX."""
    import onnxruntime as runtime
    from onnx import TensorProto, helper, numpy_helper

    units = weights.units
    stored = {
        "W": weights.kernel.T[np.newaxis],
        "R": weights.recurrent_kernel.T[np.newaxis],
        "B": np.zeros((1, 8 * units), np.float32),
    }
    node = helper.make_node("LSTM", ["X", "W", "R", "B"], ["Y", "h", "c"], hidden_size=units)
    shapes = {"Y": [len(inputs[0]), 1, 1, units], "h": [1, 1, units], "c": [1, 1, units]}
    graph = helper.make_graph(
        [node],
        "lstm",
        [helper.make_tensor_value_info("X", TensorProto.FLOAT, [None, 1, weights.features])],
        [helper.make_tensor_value_info(n, TensorProto.FLOAT, s) for n, s in shapes.items()],
        [numpy_helper.from_array(np.ascontiguousarray(a), n) for n, a in stored.items()],
    )
    model = helper.make_model(graph, ir_version=10, opset_imports=[helper.make_opsetid("", 17)])
    options = runtime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = runtime.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
    x = np.ascontiguousarray(inputs[0][:, np.newaxis])
    return lambda: session.run(None, {"X": x})


def jax_scan(weights: Weights, inputs: Array) -> Call:
    """The equations in a `scan`, compiled."""
    import jax
    from jax import nn
    from jax import numpy as jnp

    W, U, b = (jnp.asarray(a) for a in (weights.kernel, weights.recurrent_kernel, weights.bias))
    x = jnp.asarray(inputs[0])

    @jax.jit
    def run(x: Any) -> Any:
        def step(state: Any, z: Any) -> Any:
            h, c = state
            i, f, g, o = jnp.split(z + h @ U, 4)
            i, f, g, o = nn.sigmoid(i), nn.sigmoid(f), jnp.tanh(g), nn.sigmoid(o)
            c = f * c + i * g
            h = o * jnp.tanh(c)
            return (h, c), (i, f, g, o, c, h)

        zeros = jnp.zeros(weights.units)
        return jax.lax.scan(step, (zeros, zeros), x @ W + b)[1]

    return lambda: jax.block_until_ready(run(x))


def keras_layer(weights: Weights, inputs: Array) -> Call:
    """A Keras layer on torch, called as Keras's documentation calls a model."""
    _torch()
    import keras

    layer = keras.layers.LSTM(weights.units, return_sequences=True)
    model = keras.Sequential([keras.Input(inputs.shape[1:]), layer])
    return lambda: model(inputs)


def floor(weights: Weights, inputs: Array) -> Call:
    """The least that any of them must do: read the recurrent kernel once for each timestep."""
    kernel, x = weights.kernel, inputs[0]
    recurrent = weights.recurrent_kernel.T.copy()
    h, z = np.zeros(weights.units, np.float32), np.empty(4 * weights.units, np.float32)

    def run() -> object:
        x.dot(kernel)
        for _ in range(len(x)):
            recurrent.dot(h, z)
        return z

    return run


PEERS: dict[str, tuple[str, Callable[[Weights, Array], Call]]] = {
    "NumPy as tutorials write it": ("all gates, c, h", naive_numpy),
    "torch, the equations in a loop": ("all gates, c, h", torch_loop),
    "torch.nn.LSTMCell in a loop": ("c, h", torch_cell),
    "torch.nn.LSTM": ("h", torch_layer),
    "onnxruntime": ("h", onnxruntime),
    "jax, compiled scan": ("all gates, c, h", jax_scan),
    "Keras on torch": ("h", keras_layer),
    "floor: the products alone": ("nothing", floor),
}
"""Name -> what it gives, and how its call is made."""
