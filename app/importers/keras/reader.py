"""Keras models: `.keras`, the older whole-model `.h5`, and `.weights.h5`, weights alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import orjson

from ...core.errors import BadInput, TooLarge, Unsupported
from ...core.network import Bidirectional, Layer, Network
from ...core.text import Vocabulary
from ..assumed import choices, chosen, unsaid
from ..base import Imported, Options, build, refuse_unused, settle_flatten, what_it_reads
from ..binary.archive import MAX_TEXT, Archive
from ..binary.archive import SIGNATURE as ZIP
from ..binary.hdf5 import SIGNATURE as HDF5
from ..binary.hdf5 import Node, open_hdf5
from ..inferred_order import Misfit
from . import inferred as keras_inferred
from . import named
from .affine import EPSILON, Affine, fold, read_affine
from .config import MODELS, Config, class_and_config, model_of
from .graph import CUTS, WITH_STATES, Graph, Step
from .layers import gate_order, read_layer, text
from .parts import INPUTS, Part, left_out, parts_of, readable_of
from .snippet import own_snippet, snippet
from .states import cut, giving, is_last, said_of_states
from .text import read_as_it_is, read_vocabulary
from .weights import ByClass, ByName, Store, groups_by_class

WHOLE = "a whole Keras model says everything itself"


def match(data: memoryview) -> bool:
    """Whether the file is HDF5, or a zip archive that begins as Keras writes it."""
    head = bytes(data[:64])
    return head.startswith(HDF5) or (
        head.startswith(ZIP) and head[30:].startswith((b"metadata.json", b"config.json"))
    )


def read(data: memoryview, options: Options) -> Imported:
    """Read any of the three.

    Raises
    ------
    BadInput
        For a file that is damaged, or whose weights do not fit its configuration, or an option
        that changes nothing.
    Unsupported
        Naming a layer that is not read.
    """
    if bytes(data[:4]) == ZIP:
        return _read_archive(data, options)
    root = open_hdf5(data)
    text = root.attributes.get("model_config")
    if isinstance(text, str):
        refuse_unused(options, ("layer",), WHOLE)
        return _read_whole(root, text, options)
    if "layer_names" in root.attributes:
        return named.read(root, options)
    return keras_inferred.read(root, options)


def _read_archive(data: memoryview, options: Options) -> Imported:
    archive = Archive(data)
    for name in ("config.json", "model.weights.h5"):
        if name not in archive.names:
            raise BadInput(f"The .keras file lacks {name}. Save the model again: model.save().")
    version = ""
    if "metadata.json" in archive.names:
        metadata = _json(archive.read_text("metadata.json"))
        version = str(metadata.get("keras_version", ""))[:20]
    kind, config = model_of(_json(archive.read_text("config.json")))
    root = open_hdf5(archive.read("model.weights.h5"))
    if kind not in MODELS and not says_layers(config):
        return _of_own_class(kind, root, options, version)
    refuse_unused(options, ("layer",), WHOLE)
    rows = rows_of(kind, config)
    groups = groups_by_class(root, [row_kind for row_kind, _ in rows])
    stores = [ByClass(group) for group in groups]
    found = imported(kind, config, rows, stores, version, ".keras", options)
    vocabulary = read_vocabulary(rows, archive)
    found = replace(found, assumed=(*found.assumed, *read_as_it_is(rows)))
    return found if vocabulary is None else with_vocabulary(found, vocabulary)


def says_layers(config: Config) -> bool:
    """Whether a model of any class says how it is built, as a functional one does."""
    return isinstance(config.get("layers"), list) and "input_layers" in config


def _of_own_class(kind: str, root: Node, options: Options, version: str) -> Imported:
    """A model of a class of the owner's, of which the file has the weights alone."""
    found = keras_inferred.read(root, options)
    detected = {"Keras version": version or "not said", "class": f"{kind[:60]}, of your own"}
    return replace(
        found,
        format="Keras (.keras), weights of a class of your own",
        detected=detected | found.detected,
        snippet=own_snippet(found.network, kind),
    )


def _read_whole(root: Node, text: str, options: Options) -> Imported:
    kind, config = model_of(_json(text.encode(errors="replace")))
    weights = root.children.get("model_weights", root)
    version = root.attributes.get("keras_version") or weights.attributes.get("keras_version") or ""
    rows = rows_of(kind, config)
    stores = [ByName(weights.children.get(str(row.get("name")))) for _, row in rows]
    return imported(kind, config, rows, stores, str(version)[:20], "whole-model .h5", options)


def _json(data: bytes) -> Any:
    if len(data) > MAX_TEXT:
        raise TooLarge(
            f"The model's configuration has {len(data):,} bytes; the limit is {MAX_TEXT:,}."
        )
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        raise BadInput(
            "The model's configuration is not valid JSON: the file is damaged."
        ) from None


def rows_of(kind: str, config: Config) -> list[tuple[str, Config]]:
    """Class and configuration of every layer, in the file's order."""
    if kind not in MODELS and not says_layers(config):
        raise Unsupported(
            f"This is a Keras object of class {kind[:60]}. Sequential and functional models "
            "are read; a class of your own has to be rebuilt as one of them, or one of its "
            "recurrent layers given alone: in Python from_keras(model.lstm)."
        )
    layers = config.get("layers")
    if not isinstance(layers, list) or len(layers) > 10_000:
        raise BadInput("The model's configuration has no list of layers.")
    return [class_and_config(layer) for layer in layers]


def imported(
    kind: str,
    config: Config,
    rows: Sequence[tuple[str, Config]],
    stores: Sequence[Store],
    version: str,
    suffix: str,
    options: Options | None = None,
) -> Imported:
    """Read the layers, each with its own weights: all of them, or the recurrent part.

    Parameters
    ----------
    options : `layer`, the recurrent layer around which a part is to be opened
    """
    options = options or {}
    graph = Graph(kind, config, rows)
    layers = Layers(rows, stores, version)
    try:
        opened = Opened(*layers.chained(_steps(graph, rows)))
    except (Unsupported, Misfit) as error:
        opened = _part(graph, layers, options.get("layer"), error.detail)
    else:
        refuse_unused(options, (), "the model is read whole")
    network, folded, assumed, left = opened
    if not left and len(graph.outputs()) > 1:
        assumed = (*assumed, said_of_outputs(graph))
    detected = {"Keras version": version or "not said"} | gate_order(network)
    if said := said_of_states(network.layers):
        detected["what is read"] = said
    if folded:
        detected["folded"] = "; ".join(folded)
    return Imported(
        format=f"Keras ({suffix})",
        network=network,
        detected=detected,
        assumed=unsaid((*assumed, *_own_class(kind), *_assumed(rows))),
        choices=choices(assumed),
        snippet=snippet(network, version, bool(left)),
        title=str(config.get("name", ""))[:100],
        left_out=left,
    )


class Opened(NamedTuple):
    """What was read of a model.

    Attributes
    ----------
    folded : what became a part of other layers' weights
    assumed : what is to be known of a part
    left_out : the layers that are not in it
    """

    network: Network
    folded: list[str]
    assumed: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


def _steps(graph: Graph, rows: Sequence[tuple[str, Config]]) -> list[Step]:
    """The way to the model's output; of several tensors of one layer, to the first."""
    outputs = graph.outputs()
    if len({(link.layer, link.call) for link in outputs}) > 1:
        raise Unsupported(f"The model has {len(outputs)} output layers. One is read.")
    steps = graph.chain(outputs[0])
    makers = [rows[step.place] for step in steps]
    masked = any(row.get("mask_zero") or kind == "Masking" for kind, row in makers)
    own = next((step for step in steps if step.masked), None)
    if own and not masked:
        raise Unsupported(
            f"{graph.names[own.place][:60]} is given a mask of its own, which is not read. The "
            "masks of Embedding (mask_zero) and Masking are."
        )
    return steps


@dataclass(frozen=True)
class Layers:
    """The layers of a file, each read when it is its turn."""

    rows: Sequence[tuple[str, Config]]
    stores: Sequence[Store]
    version: str

    def chained(self, steps: Sequence[Step]) -> tuple[Network, list[str]]:
        """The network of some layers in their order, and what was folded into which of them."""
        layers: list[Layer | Affine] = []
        for step in steps:
            if self.rows[step.place][0] not in INPUTS:
                layers = self.following(layers, step)
        plain, folded = fold(layers)
        return build(settle_flatten(plain)), folded

    def following(self, layers: list[Layer | Affine], step: Step) -> list[Layer | Affine]:
        """The layers, and one more behind them."""
        (kind, row), store = self.rows[step.place], self.stores[step.place]
        if kind in MODELS:
            return [*layers, *self._inner(step)]
        name = text(row, "name", kind.lower())
        if kind in CUTS:
            if not is_last(step.key):
                raise Unsupported(
                    f"{name} takes another part of a tensor than the last timestep, x[:, -1]: not "
                    "read."
                )
            return cut(layers, name)
        affine = read_affine(kind, name, row, store.arrays)
        if affine is not None:
            return [*layers, affine]
        return [*layers, giving(read_layer(kind, row, store.arrays, self.version), step)]

    def inside(self, place: int) -> tuple[Graph, Layers]:
        """The layers of a model that is a layer of this one."""
        kind, row = self.rows[place]
        rows = rows_of(kind, row)
        return Graph(kind, row, rows), Layers(rows, self.stores[place].inner(rows), self.version)

    def _inner(self, step: Step) -> list[Layer | Affine]:
        """What is read of a model within, whose layers get its name where theirs are taken."""
        graph, inner = self.inside(step.place)
        outputs = graph.outputs()
        if step.join or not 0 <= step.tensors[0] < len(outputs):
            raise Unsupported(f"{name_of(self.rows[step.place])} gives what is not read.")
        layers: list[Layer | Affine] = []
        for each in graph.chain(outputs[step.tensors[0]]):
            if inner.rows[each.place][0] not in INPUTS:
                layers = inner.following(layers, each)
        taken = {name_of(row) for row in self.rows}
        prefix = name_of(self.rows[step.place])
        return [under(x, f"{prefix}.{x.name}") if x.name in taken else x for x in layers]

    def reads(self, step: Step) -> bool:
        """Whether a layer is read at all."""
        try:
            self.following([], step)
        except Unsupported:
            return False
        return True

    def reads_plainly(self, step: Step) -> bool:
        """The same, without what would have to be folded into its neighbours."""
        return self.rows[step.place][0] not in EPSILON and self.reads(step)


def under(layer: Layer | Affine, name: str) -> Layer | Affine:
    """The same layer by another name, its directions too."""
    if not isinstance(layer, Bidirectional):
        return replace(layer, name=name)
    both = (
        replace(each, name=f"{name}/{part}")
        for each, part in ((layer.forward, "forward"), (layer.backward, "backward"))
    )
    forward, backward = both
    return replace(layer, name=name, forward=forward, backward=backward)


def _part(graph: Graph, layers: Layers, wanted: Any, why: str) -> Opened:
    """The recurrent part of a model, with what answers on top of it where that fits.

    Where the recurrent layers are those of a model within, that one is opened.
    """
    if wanted is not None and not isinstance(wanted, str):
        raise BadInput("The option layer must be the name of a recurrent layer.")
    inner = [
        place
        for place, kind in enumerate(graph.kinds)
        if kind in MODELS and not layers.reads(Step(place)) and holds_recurrent(layers.rows[place])
    ]
    own = [kind for kind in graph.kinds if kind in WITH_STATES]
    readable = any(layers.reads(Step(p)) for p, k in enumerate(graph.kinds) if k in MODELS)
    if len(inner) == 1 and not own and not readable:
        return _within(graph, layers, inner[0], wanted, why)
    models = [
        graph.names[place]
        for place, row in enumerate(layers.rows)
        if row[0] in MODELS and holds_recurrent(row)
    ]
    for reads in (layers.reads, layers.reads_plainly):
        with_head, without = parts_of(graph, reads, wanted, why, models)
        for part in (with_head, without):
            try:
                network, folded = layers.chained(part.steps)
            except (Unsupported, BadInput) as error:
                if part is without and reads == layers.reads_plainly:
                    raise
                why = why if part is with_head else error.detail
                continue
            left = tuple(left_out(graph, part))
            said = (said_of(part, network, why), *chosen(wanted, readable_of(graph, reads, models)))
            return Opened(network, folded, said, left)
    raise Unsupported(why)


def holds_recurrent(row: tuple[str, Config]) -> bool:
    """Whether a model within has a recurrent layer, however deep."""
    kind, config = row
    if kind not in MODELS:
        return kind in WITH_STATES
    return any(map(holds_recurrent, rows_of(kind, config)))


def _within(graph: Graph, layers: Layers, place: int, wanted: Any, why: str) -> Opened:
    """The recurrent part of a model within, fed with what that is given."""
    inner_graph, inner = layers.inside(place)
    try:
        opened = Opened(*inner.chained(_steps(inner_graph, inner.rows)))
    except (Unsupported, Misfit) as error:
        opened = _part(inner_graph, inner, wanted, error.detail)
    name = graph.names[place]
    others = [
        f"{other} ({kind})"
        for other, kind in zip(graph.names, graph.kinds, strict=True)
        if other != name and kind not in INPUTS
    ]
    said = opened.assumed or (
        f"Only a part of the model is opened: {why.partition('. ')[0].rstrip('.')}. It is "
        f"{name[:60]}, a model within, and reads what that is given.",
    )
    return opened._replace(assumed=said, left_out=(*opened.left_out, *others))


def said_of(part: Part, network: Network, why: str) -> str:
    """That a part of the model is opened, why, and what it reads."""
    fed = what_it_reads(network, part.fed)
    started = (
        f" It starts from zeros and not, as in the model, from the states of {part.started[:60]}; "
        "send initial_state for those."
        if part.started
        else ""
    )
    answers = "" if part.whole else " What answers on top of it is left out."
    reason = why.partition(". ")[0].rstrip(".")
    return f"Only a part of the model is opened: {reason}. {fed}{started}{answers}"


def said_of_outputs(graph: Graph) -> str:
    """That a model returns several tensors of one layer, of which one is its answer here."""
    outputs = graph.outputs()
    return (
        f"The model returns {len(outputs)} tensors of {outputs[0].layer[:60]}. The first is its "
        "answer here; the others are among the layer's states."
    )


def _own_class(kind: str) -> list[str]:
    if kind in MODELS:
        return []
    return [
        f"The model is of a class of your own ({kind[:60]}), whose code is not in the file: it is "
        "computed as its layers are connected."
    ]


def _assumed(rows: Sequence[tuple[str, Config]]) -> list[str]:
    """What is done in another way here than the model says."""
    short = [name_of((kind, row)) for kind, row in rows if "float16" in _precision(row)]
    kept = [name_of((kind, row)) for kind, row in rows if row.get("stateful")]
    turned = [name_of((kind, row)) for kind, row in rows if row.get("time_major")]
    found = []
    if short:
        found.append(
            f"{', '.join(short[:8])} computes with 16 bits in Keras (mixed precision), and with 32 "
            "here: answers differ in the third or fourth digit."
        )
    if kept:
        found.append(
            f"Every sequence starts from zeros, though {', '.join(kept[:8])} goes on from the "
            "state of the sequence before (stateful). Send initial_state for another."
        )
    if turned:
        found.append(
            f"{', '.join(turned[:8])} reads (timesteps, batch, features) in Keras (time_major); "
            "one sequence, a row for each timestep, is the same numbers."
        )
    return found


def _precision(row: Config) -> str:
    """The name of a layer's policy of precision, as Keras 2 or 3 writes it; "" for none."""
    value = row.get("dtype")
    config = value.get("config") if isinstance(value, Mapping) else None
    return str(config.get("name", "") if isinstance(config, Mapping) else value or "")


def name_of(row: tuple[str, Config]) -> str:
    """A layer's own name."""
    return str(row[1].get("name", ""))


def with_vocabulary(found: Imported, vocabulary: Vocabulary) -> Imported:
    """The same with a vocabulary of its own."""
    return Imported(**{**vars(found), "vocabulary": vocabulary})
