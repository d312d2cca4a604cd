"""A pickle is taken apart, never run: what it would call is kept as a record."""

from __future__ import annotations

import io
import os
import pickle
import pickletools
import random
import re
import struct
import time
import zipfile
from collections import OrderedDict

import numpy as np
import pytest

from app.core.errors import BadInput, UserError
from app.importers import read_model
from app.importers.binary import pickle as opcodes
from app.importers.binary.buffer import Buffer
from app.importers.binary.pickle import Global, Pickles, Record, Reference
from app.importers.binary.pickle_opcodes import OPCODES, STOP
from tests.fuzz_importers import OTHERWISE, ZIPPED, bend, bend_archive, corpus, use
from tests.imports import FILES

PLAIN = [
    *(None, True, False, 0, 255, 256, -1, 2**31, -(2**40), 2**70, 2.5, -0.0, "", "é", "a'\"\\\n"),
    *((), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4), [], [1, [2]], {}, {"a": {1: "b"}}),
]


def load(data: bytes):
    return Pickles(Buffer(data, "pickle")).load()[0]


@pytest.mark.parametrize("protocol", range(6))
def test_containers_numbers_and_texts_are_what_pickle_makes_of_them(protocol):
    assert load(pickle.dumps(PLAIN, protocol)) == PLAIN


def test_every_opcode_but_those_that_reach_out_of_the_file_is_known():
    left_out = {"EXT1", "EXT2", "EXT4", "NEXT_BUFFER", "READONLY_BUFFER"}
    known = {*OPCODES, STOP}
    missing = {op.name for op in pickletools.opcodes if ord(op.code) not in known}
    assert missing == left_out


class Called(Exception):
    """What a pickle must never bring about."""


def trap(*_: object) -> None:
    raise Called


class Trap:
    """An object whose pickle calls something, in any of the ways there are."""

    def __init__(self, way: tuple) -> None:
        self.way = way

    def __reduce__(self):
        return self.way


class Stated:
    """A class with a state that it would be given."""

    def __setstate__(self, state: object) -> None:
        raise Called

    def __new__(cls, *_: object):
        return object.__new__(cls)

    def __getnewargs__(self):
        return ("given",)

    def __getstate__(self):
        return {"kept": 1}


@pytest.mark.parametrize("protocol", range(6))
def test_nothing_is_called_or_imported_and_the_names_are_kept(protocol, tmp_path):
    there = tmp_path / "there"
    found = load(pickle.dumps(Trap((os.mkdir, (str(there),))), protocol))
    assert isinstance(found, Record)
    assert found.of.name == "mkdir"
    assert found.args == (str(there),)
    assert not there.exists()
    assert load(pickle.dumps(Trap((trap, (1,))), protocol)).of == Global(__name__, "trap")
    assert load(b"cno_such_module\nthing\n.") == Global("no_such_module", "thing")


@pytest.mark.parametrize("protocol", [2, 4])
def test_an_object_is_its_class_its_arguments_and_its_state(protocol):
    found = load(pickle.dumps(Stated(), protocol))
    assert (found.of, found.args, found.state) == (
        Global(__name__, "Stated"),
        ("given",),
        {"kept": 1},
    )
    items = load(pickle.dumps(OrderedDict(a=1), protocol))
    assert (str(items.of), items.items) == ("collections.OrderedDict", {"a": 1})


def test_what_stands_elsewhere_is_a_reference():
    pickles = Pickles(Buffer(b"(U\x01aK\x02tQ.", "pickle"))
    found, end = pickles.load()
    assert isinstance(found, Reference)
    assert (found.name, end) == (("a", 2), 9)
    assert pickles.references == [found]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "cut off"),
        (b"\x80\x02", "cut off"),
        (b".", "contradicts itself"),
        (b"\x82\x01.", "opcode or a name that does not exist"),
        (b"h\x05.", "opcode or a name that does not exist"),
        (b"X\xff\xff\xff\x7fabc.", "has 9 bytes, but speaks of"),
        (b"\x8d" + b"\xff" * 8 + b".", "but speaks of"),
        (b"\x8b\xff\xff\xff\xff.", "an integer of 4,294,967,295 bytes"),
        (b"I" + b"9" * 5000 + b"\n.", "a line of its pickle does not end"),
        (b"N(K\x01u.", "stores a value in something that is not a mapping"),
        (b"NNa.", "appends to something that is not a list"),
        (b"K\x01K\x02\x93.", "by a value that is not text"),
        (b"(" * 400_000, "more than 150,000 opcodes"),
        (b"}" * 400_000, "more than 150,000 opcodes"),
        (b"\x8f" * 400_000, "more than 150,000 opcodes"),
        (b"]" + b"\x85" * 400_000, "more than 150,000 opcodes"),
        (b"cx\ny\n" + b")R" * 400_000, "more than 150,000 opcodes"),
        (b"]\x94" + b"2a" * 400_000, "more than 150,000 opcodes"),
    ],
)
def test_a_lie_or_a_bomb_is_refused_within_a_second(data, words, monkeypatch):
    monkeypatch.setattr(opcodes, "MAX_STEPS", 150_000)  # types are checked at every call here
    begun = time.process_time()
    with pytest.raises(BadInput, match=words):
        load(data)
    assert time.process_time() - begun < 1


def test_keys_that_would_take_long_to_compare_are_kept_apart():
    deep = b")" + b"\x94" + b"2\x86\x94" * 40
    begun = time.process_time()
    found = load(b"}" + deep + b"Ns.")
    assert len(found) == 1
    load(pickle.dumps({i * 2**40: 0 for i in range(100_000)}))
    assert time.process_time() - begun < 1


def changed(old: bytes, new: bytes) -> bytes:
    """A good file whose pickle says something else."""
    with zipfile.ZipFile(FILES / "torch_saved_state.pt") as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    (main,) = (name for name in members if name.endswith("data.pkl"))
    assert old in members[main]
    members[main] = members[main].replace(old, new, 1)
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return written.getvalue()


FIRST = b"cpuq\x07K\x1btq\x08QK\x00K\tK\x03\x86q\tK\x03K\x01\x86"
"""The embedding's storage of 27 numbers, no offset, sizes 9 and 3, strides 3 and 1."""


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (FIRST, FIRST.replace(b"K\x1b", b"J\xff\xff\xff\x7f"), "must have 8,589,934,588 bytes"),
        (FIRST, FIRST.replace(b"K\t", b"J\xff\xff\xff\x7f"), "its arrays would take more than"),
        (FIRST, FIRST.replace(b"QK\0", b"QK\x7f"), "reaches beyond the end of its storage"),
        (FIRST, FIRST.replace(b"K\x03K\x01\x86", b"K\x7fK\x01\x86"), "beyond the end"),
        (FIRST, FIRST.replace(b"K\x03K\x01\x86", b"K\x03\x85"), "as many strides as dimensions"),
        (
            b"X\x01\0\0\x000q\x06",
            b"X\x01\0\0\x00Zq\x06",
            "the storage Z that it speaks of is missing",
        ),
        (b"FloatStorage", b"QInt8Storage", "PyTorch's type qint8"),
    ],
)
def test_a_tensor_that_is_not_what_it_says_is_refused(old, new, words):
    begun = time.process_time()
    with pytest.raises(UserError, match=words):
        read_model("model.pt", memoryview(changed(old, new)))
    assert time.process_time() - begun < 1


def test_a_storage_that_no_tensor_of_the_model_is_in_is_never_read():
    data = bytearray((FILES / "torch_saved_lightning.ckpt").read_bytes())
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as archive:
        last = max(
            (m for m in archive.infolist() if re.search(r"/data/\d+$", m.filename)),
            key=lambda m: m.header_offset,
        )
    data[last.header_offset : last.header_offset + 4] = b"\0\0\0\0"
    assert read_model("model.ckpt", memoryview(bytes(data))).network.recurrent


def bomb(levels: int) -> bytes:
    """A module that holds another twice, which holds another twice, and so on."""
    head = b"\x80\x02cm\nN\nq\0"
    one = b"h\0)\x81}(U\x0b_parameters}U\x08_modules}(%sub"
    body = one % b"U\x01aNu"
    for n in range(2, levels):
        held = b"U\x01ah%cU\x01bh%cu" % (n, n)
        body += b"q%c0" % n + one % held
    return head + body + b"."


def test_a_module_that_holds_the_same_one_again_and_again_is_refused_soon():
    data = bomb(38) + b"torch._utils"
    begun = time.process_time()
    with pytest.raises(UserError, match="more modules"):
        read_model("m.pkl", memoryview(data))
    assert time.process_time() - begun < 1


def test_modules_that_contain_one_another_are_refused():
    inner = b"cm\nN\n)\x81q\0}(U\x0b_parametersq\x01}U\x08_modulesq\x02}U\x01ah\0sub"
    with pytest.raises(UserError, match=r"more than 40 deep|no nn\.LSTM"):
        read_model("m.pkl", memoryview(b"\x80\x02" + inner + b"0h\0.torch._utils"))


@pytest.mark.parametrize("names", [ZIPPED, OTHERWISE])
def test_damaged_files_are_read_or_refused_in_words(names):
    chance, good = random.Random(str(names)), corpus(*names)
    words: list[str] = []
    for _ in range(60):
        change = bend_archive if names is ZIPPED else bend
        data = change(chance.choice(good), chance, good)
        begun = time.process_time()
        try:
            with np.errstate(all="ignore"):
                use(read_model("file", memoryview(data)))
        except UserError as refused:
            words.append(refused.detail)
        assert time.process_time() - begun < 1
    assert not [each for each in words if "parts do not fit together" in each]


def test_a_lie_about_the_sizes_in_an_old_file_is_refused():
    good = (FILES / "torch_saved_state.old.pth").read_bytes()
    at = good.rindex(struct.pack("<q", 2))
    for size in (2**62, 2**40, 28):
        with pytest.raises(UserError, match=r"speaks of|must have"):
            read_model("m.pth", memoryview(good[:at] + struct.pack("<q", size) + good[at + 8 :]))
    with pytest.raises(BadInput, match="but speaks of"):
        read_model("m.pth", memoryview(good[:-20]))
