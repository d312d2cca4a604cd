"""The shapes in annotations are held at every call of what is tested here."""

import numpy as np
import pytest
from jaxtyping import TypeCheckError

from app.core.cells import CELLS
from app.core.cells.initial import draw_weights


def test_inputs_of_a_wrong_shape_and_of_a_wrong_type_are_refused_at_the_call():
    lstm = CELLS["lstm"]
    weights = draw_weights(lstm, 2, 3, np.random.RandomState(0))
    state = {name: np.zeros((1, 3), np.float32) for name in lstm.states}
    lstm.step(weights, np.zeros((1, 2), np.float32), state)
    for wrong in (np.zeros(2, np.float32), np.zeros((1, 2), int)):
        with pytest.raises(TypeCheckError):
            lstm.step(weights, wrong, state)
