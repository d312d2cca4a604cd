"""Code that gives the same numbers in the Keras that wrote a file."""

from __future__ import annotations

from ...core.network import Network
from ..base import numpy_inputs

FILE = '"model.keras"'
"""Stands for the file's own name."""
KERAS_2 = "import tf_keras as keras  # pip install tf_keras: the file is of Keras 2"
KERAS_1 = (
    "# of Keras 1: what still runs reads the weights of the file, but does not build the model"
)


def snippet(network: Network, version: str, part: bool) -> str:
    """The model's own prediction, or that of a part of it.

    Parameters
    ----------
    version : of the Keras that wrote the file; "" where it does not say
    """
    if version.startswith("1"):
        built = network.code().replace("from keras import", "from tf_keras import", 1)
        load = f"{KERAS_1}\n{built}\nmodel.load_weights({FILE})"
        return f"import numpy as np\n{load}\n{numpy_inputs(network)}\nmodel.predict(inputs)"
    keras = "import keras" if version.startswith("3") else KERAS_2
    load = f"{keras}\nimport numpy as np\nmodel = keras.models.load_model({FILE})"
    if not part:
        return f"{load}\n{numpy_inputs(network)}\nmodel.predict(inputs)"
    first, last = network.layers[0].name, network.layers[-1].name
    return f"""\
{load}
inputs = np.zeros((1, *model.input_shape[1:]))  # what the whole model reads
# what the part reads, to be sent here, and what it gives
keras.Model(model.inputs, model.get_layer({first!r}).input).predict(inputs)
keras.Model(model.inputs, model.get_layer({last!r}).output).predict(inputs)"""


def own_snippet(network: Network, kind: str) -> str:
    """The prediction of a model of the owner's own class."""
    name = kind[:60] if kind[:60].isidentifier() else "Model"
    return f"""\
import keras
import numpy as np
model = keras.models.load_model({FILE}, custom_objects={{{kind[:60]!r}: {name}}})
{numpy_inputs(network)}
model.predict(inputs)"""
