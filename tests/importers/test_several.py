"""Models in several files: a configuration beside its weights, and TensorFlow.js."""

from __future__ import annotations

from typing import Any

import numpy as np
import orjson
import pytest

from app.core.errors import BadInput, Unsupported
from app.importers import Imported, read_files
from app.importers.binary.hdf5 import Node, open_hdf5
from tests.imports import FILES, assert_agrees, assert_close, expected, output, run


def file(name: str) -> tuple[str, memoryview]:
    return name, memoryview((FILES / name).read_bytes())


def together(*files: tuple[str, bytes | memoryview], **options: object) -> Imported:
    return read_files([(name, memoryview(data)) for name, data in files], options)


def agrees(name: str, found: Imported) -> None:
    wanted = expected(name)
    assert_close(output(found, run(found, wanted["inputs"])), wanted["output"])


@pytest.mark.parametrize("turn", [1, -1])
def test_a_configuration_and_its_weights_are_one_model_in_either_order(turn):
    files = [file("old_named_words.json"), file("old_named_words.h5")][::turn]
    found = read_files(files)
    agrees("old_named_words.h5", found)
    assert found.format == "Keras (.json and its weights)"
    assert found.assumed == ()


def configuration(name: str) -> dict[str, Any]:
    """The configuration of a whole-model file."""
    text = open_hdf5((FILES / name).read_bytes()).attributes["model_config"]
    assert isinstance(text, str)
    return orjson.loads(text)


def test_weights_of_keras_3_go_with_their_configuration_too():
    found = together(
        ("a.json", orjson.dumps(configuration("stacked.h5"))), file("stacked.weights.h5")
    )
    assert_agrees("stacked.keras", found)


def test_weights_by_other_names_are_taken_in_their_order_as_keras_does():
    content = orjson.loads((FILES / "old_named_words.json").read_bytes())
    for layer in content["config"]["layers"]:
        layer["config"]["name"] += "_x"
    agrees(
        "old_named_words.h5",
        together(("m.json", orjson.dumps(content)), file("old_named_words.h5")),
    )
    with pytest.raises(BadInput, match="has 5 layers with weights, but the file has those of 3"):
        together(("m.json", orjson.dumps(content)), file("old_named_flat.h5"))


def test_what_is_missing_beside_a_configuration_is_named():
    config = file("old_named_words.json")
    with pytest.raises(Unsupported, match=r"configuration of a Keras model.* without weights"):
        read_files([config])
    with pytest.raises(BadInput, match=r"goes one file with its weights.*; x.bin came"):
        together(config, ("x.bin", b"\0"))
    with pytest.raises(BadInput, match="same name"):
        read_files([config, config])
    with pytest.raises(BadInput, match=r"2 files came .* no model together"):
        read_files([file("lstm.keras"), file("lstm.h5")])
    with pytest.raises(BadInput, match="option reads would change nothing"):
        read_files([config, file("old_named_words.h5")], {"reads": "last_state"})


def named_arrays(node: Node, path: str = "") -> dict[str, np.ndarray]:
    """Arrays of a file of weights by the names of their layers, in the layers' order."""
    found = {}
    for layer in node.attributes["layer_names"] or ():  # type: ignore[union-attr]
        group = node.children[layer]
        for name in group.attributes["weight_names"] or ():  # type: ignore[union-attr]
            array = group.find(name)
            assert array is not None
            found[name.partition(":")[0]] = array.array()
    return found


def tensorflow_js(arrays: dict[str, np.ndarray], dtype: str | None) -> tuple[bytes, bytes]:
    """`model.json` and all of its weights, as the converter of TensorFlow.js writes them."""
    rows, data = [], b""
    for name, array in arrays.items():
        row: dict[str, Any] = {"name": name, "shape": list(array.shape), "dtype": "float32"}
        if dtype is None:
            data += array.astype("<f4").tobytes()
        else:
            least, most = float(array.min()), float(array.max())
            scale = (most - least) / 65535 or 1.0
            row["quantization"] = {"dtype": dtype, "min": least, "scale": scale}
            data += np.round((array - least) / scale).astype("<u2").tobytes()
        rows.append(row)
    content = orjson.loads((FILES / "old_named_words.json").read_bytes())
    manifest = {"paths": ["group1-shard1of2.bin", "group1-shard2of2.bin"], "weights": rows}
    model = {
        "format": "layers-model",
        "modelTopology": {"keras_version": "2.15.0", "model_config": content},
        "weightsManifest": [manifest],
    }
    return orjson.dumps(model), data


def converted(case: str, **options: object) -> Imported:
    """What the converter of TensorFlow.js made of a Keras model."""
    weights = (FILES / f"tfjs_{case}.shard").read_bytes()
    model = (FILES / f"tfjs_{case}.json").read_bytes()
    return together(("model.json", model), ("group1-shard1of1.bin", weights), **options)


@pytest.mark.parametrize(
    ("case", "near"), [("words", 1e-6), ("within", 1e-6), ("words_halves", 2e-3)]
)
def test_what_the_converter_of_tensorflow_js_wrote_gives_what_keras_gave(case, near):
    found, wanted = converted(case), expected(f"tfjs_{case}.json")
    given = output(found, run(found, wanted["inputs"]))
    assert_close(given, wanted["output"], near)
    assert found.format == "Keras (TensorFlow.js layers model)"


def words() -> dict[str, np.ndarray]:
    return named_arrays(open_hdf5((FILES / "old_named_words.h5").read_bytes()))


def test_a_model_of_tensorflow_js_is_read_with_its_shards():
    model, data = tensorflow_js(words(), None)
    shards = [("b/group1-shard2of2.bin", data[100:]), ("b/group1-shard1of2.bin", data[:100])]
    agrees("old_named_words.h5", together(shards[0], ("model.json", model), shards[1]))
    with pytest.raises(BadInput, match=r"files beside its model.json: group1-shard2of2.bin"):
        together(("model.json", model), shards[1])
    with pytest.raises(BadInput, match="damaged"):
        together(("model.json", model), ("group1-shard2of2.bin", b""), shards[1])
    with pytest.raises(Unsupported, match=r"model.json is .* TensorFlow.js .*group1-shard1of2.bin"):
        together(("model.json", model))


def test_weights_that_were_rounded_to_whole_numbers_come_near():
    model, data = tensorflow_js(words(), "uint16")
    found = together(
        ("model.json", model),
        ("group1-shard1of2.bin", data[:100]),
        ("group1-shard2of2.bin", data[100:]),
    )
    wanted = expected("old_named_words.h5")
    assert np.allclose(output(found, run(found, wanted["inputs"])), wanted["output"], atol=1e-4)


def test_a_graph_of_tensorflow_js_is_named():
    graph = {"format": "graph-model", "modelTopology": {"node": []}, "weightsManifest": []}
    with pytest.raises(Unsupported, match=r"TensorFlow.js graph model"):
        together(("model.json", orjson.dumps(graph)), ("x.bin", b"\0"))


@pytest.mark.parametrize(
    "manifest",
    [
        [5],
        [{"paths": "x", "weights": []}],
        [{"paths": ["x.bin"], "weights": [5]}],
        [{"paths": ["x.bin"], "weights": [{"name": "a", "shape": [2**40, 2**40]}]}],
        [{"paths": ["x.bin"], "weights": [{"name": "a", "shape": [1], "dtype": "string"}]}],
        [{"paths": ["x.bin"], "weights": [{"name": "a", "shape": [1], "quantization": 3}]}],
    ],
)
def test_a_manifest_that_lies_is_refused(manifest):
    content = orjson.loads((FILES / "old_named_words.json").read_bytes())
    model = {"modelTopology": {"model_config": content}, "weightsManifest": manifest}
    with pytest.raises(BadInput, match="damaged"):
        together(("model.json", orjson.dumps(model)), ("x.bin", b"\0\0\0\0"))
