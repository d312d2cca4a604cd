"""What each opcode of a pickle does, as Python's `pickletools` describes it.

Those that would reach out of the file are left out, so that they are refused: the registry of
extensions, and buffers that stand elsewhere.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable
from struct import unpack
from typing import Any

from .pickle_machine import SET, Global, Machine, Record

MAX_INTEGER = 255
"""Bytes of an integer."""

Opcode = Callable[[Machine], Any]
STOP = ord(".")
OPCODES: dict[int, Opcode] = {}


def _opcode(sign: bytes) -> Callable[[Opcode], Opcode]:
    def register(does: Opcode) -> Opcode:
        OPCODES[sign[0]] = does
        return does

    return register


def _pushes(sign: bytes, value: Callable[[Machine], Any]) -> None:
    def does(machine: Machine) -> None:
        made = value(machine)  # which may put another stack in this one's place
        machine.stack.append(made)

    OPCODES[sign[0]] = does


def _text(data: memoryview) -> str:
    return str(data, "utf-8", "replace")


def _old_text(data: bytes | memoryview) -> str | memoryview:
    """A string of Python 2, which may have been text or bytes."""
    try:
        return str(data, "utf-8")
    except UnicodeDecodeError:
        return memoryview(data)


def _quoted(machine: Machine) -> str | memoryview:
    line = machine.line().strip()
    if len(line) < 2 or line[:1] not in b"'\"" or line[:1] != line[-1:]:
        raise machine.file.damaged("a string of its pickle has no quotation marks")
    return _old_text(codecs.escape_decode(line[1:-1])[0])


def _integer(machine: Machine, size: int) -> int:
    if size > MAX_INTEGER:
        raise machine.file.damaged(f"its pickle has an integer of {size:,} bytes")
    return int.from_bytes(machine.take(size), "little", signed=True)


def _decimal(machine: Machine) -> int:
    return int(machine.line().rstrip(b"L"))


_pushes(b"N", lambda _: None)
_pushes(b"\x88", lambda _: True)
_pushes(b"\x89", lambda _: False)
_pushes(b"J", lambda m: _integer(m, 4))
_pushes(b"K", lambda m: m.byte())
_pushes(b"M", lambda m: m.uint(2))
_pushes(b"\x8a", lambda m: _integer(m, m.byte()))
_pushes(b"\x8b", lambda m: _integer(m, m.uint(4)))
_pushes(b"L", _decimal)
_pushes(b"F", lambda m: float(m.line()))
_pushes(b"G", lambda m: unpack(">d", m.take(8))[0])
_pushes(b"S", _quoted)
_pushes(b"T", lambda m: _old_text(m.take(m.uint(4))))
_pushes(b"U", lambda m: _old_text(m.take(m.byte())))
_pushes(b"V", lambda m: m.line().decode("raw-unicode-escape", "replace"))
_pushes(b"X", lambda m: _text(m.take(m.uint(4))))
_pushes(b"\x8c", lambda m: _text(m.take(m.byte())))
_pushes(b"\x8d", lambda m: _text(m.take(m.uint(8))))
_pushes(b"B", lambda m: m.take(m.uint(4)))
_pushes(b"C", lambda m: m.take(m.byte()))
_pushes(b"\x8e", lambda m: m.take(m.uint(8)))
_pushes(b"\x96", lambda m: m.take(m.uint(8)))
_pushes(b")", lambda _: ())
_pushes(b"]", lambda _: [])
_pushes(b"}", lambda _: {})
_pushes(b"\x8f", lambda _: Record(SET))
_pushes(b"t", lambda m: tuple(m.from_mark()))
_pushes(b"l", lambda m: m.from_mark())
_pushes(b"\x91", lambda m: Record(SET, elements=m.from_mark()))
_pushes(b"h", lambda m: m.memo[m.byte()])
_pushes(b"j", lambda m: m.memo[m.uint(4)])
_pushes(b"g", lambda m: m.memo[int(m.line())])
_pushes(b"2", lambda m: m.stack[-1])
_pushes(b"Q", lambda m: m.refer(m.stack.pop()))
_pushes(b"P", lambda m: m.refer(_text(memoryview(m.line()))))
_pushes(
    b"c", lambda m: Global(m.line().decode("utf-8", "replace"), m.line().decode("utf-8", "replace"))
)

OPCODES |= {
    ord("("): Machine.mark,
    ord("0"): lambda m: m.stack.pop() if m.stack else m.from_mark(),
    ord("1"): Machine.from_mark,
    ord("a"): lambda m: m.append([m.stack.pop()]),
    ord("e"): lambda m: m.append(m.from_mark()),
    0x90: lambda m: m.append(m.from_mark()),
    ord("b"): Machine.build,
    0x80: Machine.byte,
    0x95: lambda m: m.take(8),
    ord("q"): lambda m: m.memo.__setitem__(m.byte(), m.stack[-1]),
    ord("r"): lambda m: m.memo.__setitem__(m.uint(4), m.stack[-1]),
    ord("p"): lambda m: m.memo.__setitem__(int(m.line()), m.stack[-1]),
    0x94: lambda m: m.memo.__setitem__(len(m.memo), m.stack[-1]),
}


@_opcode(b"I")
def _line_of_digits(machine: Machine) -> None:
    line = machine.line()
    machine.push({b"00": False, b"01": True}[line] if line in (b"00", b"01") else int(line))


@_opcode(b"\x85")
def _one(machine: Machine) -> None:
    machine.stack[-1] = (machine.stack[-1],)


@_opcode(b"\x86")
def _two(machine: Machine) -> None:
    machine.stack[-2:] = [(machine.stack[-2], machine.stack[-1])]


@_opcode(b"\x87")
def _three(machine: Machine) -> None:
    machine.stack[-3:] = [(machine.stack[-3], machine.stack[-2], machine.stack[-1])]


@_opcode(b"d")
def _dictionary(machine: Machine) -> None:
    pairs = machine.from_mark()
    machine.push({})
    machine.store(pairs)


@_opcode(b"s")
def _item(machine: Machine) -> None:
    value, key = machine.stack.pop(), machine.stack.pop()
    machine.store([key, value])


@_opcode(b"u")
def _items(machine: Machine) -> None:
    machine.store(machine.from_mark())


@_opcode(b"\x93")
def _named_on_the_stack(machine: Machine) -> None:
    name, module = machine.stack.pop(), machine.stack.pop()
    if not isinstance(name, str) or not isinstance(module, str):
        raise machine.file.damaged("its pickle names something by a value that is not text")
    machine.push(Global(module, name))


@_opcode(b"R")
@_opcode(b"\x81")
def _call(machine: Machine) -> None:
    args, of = machine.stack.pop(), machine.stack.pop()
    machine.call(of, args)


@_opcode(b"\x92")
def _call_with_names(machine: Machine) -> None:
    named, args, of = machine.stack.pop(), machine.stack.pop(), machine.stack.pop()
    machine.call(of, (args, named))


@_opcode(b"i")
def _instance(machine: Machine) -> None:
    of = Global(
        machine.line().decode("utf-8", "replace"), machine.line().decode("utf-8", "replace")
    )
    machine.call(of, tuple(machine.from_mark()))


@_opcode(b"o")
def _object(machine: Machine) -> None:
    of, *args = machine.from_mark()
    machine.call(of, tuple(args))
