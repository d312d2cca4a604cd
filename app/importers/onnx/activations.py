"""ONNX's operations that are activations, by the names that Keras gives them."""

from __future__ import annotations

from .graph import OnnxNode

ACTIVATIONS = {
    "Sigmoid": "sigmoid",
    "Tanh": "tanh",
    "Relu": "relu",
    "Elu": "elu",
    "Selu": "selu",
    "Softplus": "softplus",
    "Softsign": "softsign",
    "HardSwish": "hard_silu",
    "Mish": "mish",
    "Softmax": "softmax",
    "LogSoftmax": "log_softmax",
    "LeakyRelu": "leaky_relu_0.01",
    "Gelu": "gelu",
    "HardSigmoid": "hard_sigmoid_2",
}
DEFAULT_ALPHAS = {"Elu": 1.0, "LeakyRelu": 0.01}


def activation_of(node: OnnxNode, axes: int) -> str | None:
    """The name of a node's activation; None for one that has no name, or is over another axis.

    Parameters
    ----------
    axes : how many axes its input has
    """
    name, a = ACTIVATIONS.get(node.op), node.attributes
    alpha = DEFAULT_ALPHAS.get(node.op)
    if alpha is not None and abs(a.get("alpha", alpha) - alpha) > 1e-6:
        return None
    if node.op in ("Softmax", "LogSoftmax") and a.get("axis", -1) not in (-1, axes - 1):
        return None
    if node.op == "Gelu" and a.get("approximate", "none") != "none":
        return None
    if node.op == "HardSigmoid" and abs(a.get("alpha", 0.2) - 1 / 6) < 1e-6:
        return "hard_sigmoid"
    return name
