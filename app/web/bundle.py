"""The page's modules, joined: a request for each of a hundred takes longer than what it brings.

All that the first module leads to by imports becomes one file. What a module asks for later, by
``await import()``, becomes another, which takes from the first what both need: nothing is there
twice. Each module keeps a scope of its own, as a function that returns what it exports.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

SHARED = "shared.js"
"""What several of the files that are asked for later need, and the first does not."""

# as prettier sets them; whatever else begins a line with either word is refused
_IMPORT = re.compile(r'^import (?:\{([^}]*)\}|\* as (\w+)) from "(\.[^"]+)";', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async function|function|const|class) (\w+))", re.MULTILINE)
_LATER = re.compile(r'(?<=\bawait import\()"(\.[^"]+)"')
_OTHER = re.compile(r"^(?:import|export)\b(?!\().*", re.MULTILINE)


@dataclass(frozen=True)
class Module:
    """One module's text, under the address from which its own addresses count."""

    path: str
    text: str

    @cached_property
    def imports(self) -> list[str]:
        """Paths of what it needs at once."""
        return [beside(self.path, found[3]) for found in _IMPORT.finditer(self.text)]

    @cached_property
    def later(self) -> list[str]:
        """Paths of what it asks for later."""
        return [beside(self.path, address) for address in _LATER.findall(self.text)]

    @cached_property
    def exports(self) -> str:
        """Names of what it gives, as they stand between braces."""
        return ", ".join(_EXPORT.findall(self.text))

    def as_function(self, home: str) -> str:
        """Its text as that of a function which is called at once, for a file at another address."""

        def take(found: re.Match[str]) -> str:
            names = found[2] or "{" + re.sub(r"(\w+) as (\w+)", r"\1: \2", found[1]) + "}"
            return f"const {names} = {name_of(beside(self.path, found[3]))};"

        def ask(found: re.Match[str]) -> str:
            return f'"{address_of(beside(self.path, found[1]), home)}"'

        body = _EXPORT.sub("", _LATER.sub(ask, _IMPORT.sub(take, self.text)))
        if other := _OTHER.search(body):
            raise ValueError(
                f"{self.path}: only named imports and exports can be joined, not: {other[0]}"
            )
        result = f"return {{ {self.exports} }};"
        return f"// {self.path}\nconst {name_of(self.path)} = (() => {{\n{body}\n{result}\n}})();\n"


def name_of(path: str) -> str:
    """Name of what holds a module's exports."""
    return "$" + re.sub(r"\W", "_", path.removesuffix(".js"))


def beside(path: str, address: str) -> str:
    """Path that a relative address in a module leads to."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), address))


def address_of(path: str, home: str) -> str:
    """Relative address of a path in a file."""
    address = posixpath.relpath(path, posixpath.dirname(home) or ".")
    return address if address.startswith(".") else f"./{address}"


def join(texts: Mapping[str, str], entry: str) -> dict[str, str]:
    """Join all modules that one leads to.

    Parameters
    ----------
    texts : modules by path
    entry : path of the first

    Returns
    -------
    Files by path: the entry's, one for each module that is asked for later, and what those share.

    Raises
    ------
    ValueError
        Where modules import each other in a circle, or import or export without names.
    """
    modules = {path: Module(path, text) for path, text in texts.items()}
    homes: dict[str, str] = {}  # of each module, in an order in which they can run
    files: list[str] = []
    ahead = [entry]
    while ahead:
        first = ahead.pop(0)
        if first in files:
            continue
        files.append(first)
        for path in in_order(first, modules):
            taken = homes.get(path, first)
            homes[path] = taken if taken in (first, entry) else SHARED
            ahead += modules[path].later
    if SHARED in homes.values():
        files.append(SHARED)
    return {home: _file(home, modules, homes) for home in files}


def in_order(first: str, modules: Mapping[str, Module]) -> list[str]:
    """Paths of a module and all that it imports, each after what it needs."""
    done: list[str] = []

    def visit(path: str, on_the_way: tuple[str, ...]) -> None:
        if path in on_the_way:
            raise ValueError(f"modules import each other: {' -> '.join([*on_the_way, path])}")
        if path in done:
            return
        for other in modules[path].imports:
            visit(other, (*on_the_way, path))
        done.append(path)

    visit(first, ())
    return done


def _file(home: str, modules: Mapping[str, Module], homes: Mapping[str, str]) -> str:
    """One file: what it takes from others, its modules, and what it gives."""
    parts = [modules[path] for path, place in homes.items() if place == home]
    needed = dict.fromkeys(path for part in parts for path in part.imports)
    if home in homes:
        needed[home] = None
    taken: dict[str, list[str]] = {}
    for path in needed:
        if homes[path] != home:
            taken.setdefault(homes[path], []).append(name_of(path))
    lines = [
        f'import {{ {", ".join(names)} }} from "{address_of(other, home)}";\n'
        for other, names in taken.items()
    ]
    lines += [part.as_function(home) for part in parts]
    lines.append(f"export {{ {', '.join(name_of(part.path) for part in parts)} }};\n")
    if home in homes and modules[home].exports:
        lines.append(f"export const {{ {modules[home].exports} }} = {name_of(home)};\n")
    return "".join(lines)
