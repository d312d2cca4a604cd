"""A head that reads the last states of all layers: each layer's gradient has two paths."""

from __future__ import annotations

import numpy as np
import pytest

from app.core.cells import Weights
from app.core.cells.lstm import LSTM
from app.core.explain import backpropagate, gradient_norms, read_logit
from app.core.model import Model
from app.core.modelfile import read, to_bytes
from app.core.network import AllLayers, Bidirectional, Dense, Network, Recurrent, last_sum
from app.core.network.chain import states_of_layers
from tests.fixtures.draws import draw

X = draw("all layers", 1, 4, 3)


def layer(name: str, features: int, *, backwards: bool = False) -> Recurrent:
    sizes = {"kernel": (features, 8), "recurrent_kernel": (2, 8), "bias": (8,)}
    weights = Weights(**{part: draw(f"{name} {part}", *size) for part, size in sizes.items()})
    return Recurrent(name, LSTM, weights, return_sequences=True, go_backwards=backwards)


def both(name: str, features: int) -> Bidirectional:
    return Bidirectional(
        name,
        layer(f"{name}/forward", features),
        layer(f"{name}/backward", features, backwards=True),
    )


def network(*recurrent: Recurrent | Bidirectional) -> Network:
    states = sum(each.units for each in recurrent)
    head = Dense("head", draw("head", states, 2), draw("head bias", 2), "softmax")
    return Network((*recurrent, AllLayers("all_layers"), head))


NETWORKS = {
    "forward": network(layer("a", 3), layer("b", 2)),
    "both": network(both("a", 3), both("b", 4)),
    "mixed": network(layer("a", 3), both("b", 2)),
}


def logit(of: Network, x: np.ndarray):
    run = of.run(x)
    return run, read_logit(of.head, states_of_layers(of, run.traces)[0, -1:], 1, 2)


@pytest.mark.parametrize("name", NETWORKS)
def test_the_states_of_all_layers_stand_side_by_side_in_their_order(name):
    of = NETWORKS[name]
    run, _ = logit(of, X)
    last = [run.traces[each]["hidden_state"][0, -1] for each in of.recurrent]
    assert np.allclose(states_of_layers(of, run.traces)[0, -1], np.concatenate(last))
    kernel, bias = of.layers[-1].kernel, of.layers[-1].bias  # type: ignore[union-attr]
    z = np.concatenate(last) @ kernel + bias
    assert run.by_timestep is not None
    assert np.allclose(run.by_timestep[0, -1], np.exp(z) / np.exp(z).sum())


@pytest.mark.parametrize("name", NETWORKS)
def test_gradients_are_those_of_small_changes_of_what_the_first_layer_reads(name):
    of = NETWORKS[name]
    run, found = logit(of, X)
    norms = [
        gradient_norms(backpropagate(of, run.traces, each, found.d_hidden)).input_dot
        for each in of.recurrent
        if each.startswith("a")
    ]
    for t in range(X.shape[1]):
        moved = [X.copy(), X.copy()]
        moved[0][:, t] *= 1 + 1e-5
        moved[1][:, t] *= 1 - 1e-5
        up, down = (logit(of, each)[1].value for each in moved)
        assert sum(each[t] for each in norms) == pytest.approx((up - down) / 2e-5, abs=1e-7)


def test_a_network_of_it_is_written_and_read_again_and_its_head_is_no_one_sum():
    of = NETWORKS["both"]
    model = Model("m", "", "", {"kind": "imported"}, of, None, ("a", "b"))
    again = read(to_bytes(model), "m").network
    rows, same = of.run(X).by_timestep, again.run(X.astype(np.float32)).by_timestep
    assert rows is not None
    assert same is not None
    assert np.allclose(rows, same, atol=1e-6)
    assert "last states of all its recurrent layers" in str(last_sum(of))
    assert "no Sequential" in of.code()
    assert of.summary(4)[-2].output_shape == (None, 8)
