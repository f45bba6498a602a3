"""Do the imports point one way, has every outside thing one owner, and are the parts small?

Draws the arrows from the syntax tree, imports inside functions included, and measures what STYLE.md counts.
"""

import ast
import functools
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCES = sorted(path for folder in ("ledger", "api") for path in (ROOT / folder).rglob("*.py"))
LAYERS = (
    {"ledger", "ledger.errors", "ledger.ids"},
    {"ledger.acts"},
    {"ledger.journal"},
    {"ledger.records"},
    {"ledger.documents", "ledger.chain"},
    {"ledger.read_model"},
    set[str](),  # the verbs: what is named nowhere here
    {"ledger.demo"},
    {"ledger.commands"},
    {"ledger.cli"},
    {"api"},
)
"""From the ground up: a part may import from its own layer and from those before it. Journal stands before records
because what an act does to a record is worked out from its entry; documents and chain know nothing of each other."""
VERBS = LAYERS.index(set())
LOWEST = LAYERS.index({"ledger.documents", "ledger.chain"})
OWNERS = {
    "web3": ("ledger/chain/",),
    "eth_tester": ("ledger/chain/",),
    "eth": ("ledger/chain/",),
    "sqlalchemy": ("ledger/read_model/", "ledger/vault/"),
    "sqlite3": ("ledger/chain/", "ledger/private_index/"),
    "nacl": ("ledger/documents/", "ledger/journal/"),
    "fastapi": ("api/",),
    "starlette": ("api/",),
    "typer": ("ledger/cli.py", "ledger/commands/"),
}
MOST_LINES = 350
MOST_BODY = 40


def part_of(module: str) -> str:
    """The part that a module belongs to: ledger.chain.node -> ledger.chain, api.routes.acts -> api."""
    names = module.split(".")
    return names[0] if names[0] == "api" else ".".join(names[:2])


def layer(module: str) -> int:
    part = part_of(module)
    return next((level for level, parts in enumerate(LAYERS) if part in parts), VERBS)


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imported(tree: ast.Module) -> list[str]:
    """Every module that a source imports, wherever the import stands."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module == "ledger":
            found += [f"ledger.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found.append(node.module or "")
    return found


@functools.cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def wrong_arrows(path: Path) -> list[str]:
    module = module_of(path)
    ours = [name for name in imported(parsed(path)) if name.split(".")[0] in ("ledger", "api")]
    return [
        f"{module} -> {name}"
        for name in ours
        if part_of(name) != part_of(module)
        and (layer(name) > layer(module) or layer(name) == layer(module) == LOWEST)
    ]


def strangers(path: Path) -> list[str]:
    """Imports of outside things that another part owns."""
    place = path.relative_to(ROOT).as_posix()
    roots = {name.split(".")[0] for name in imported(parsed(path))}
    return [f"{place} imports {name}" for name in sorted(roots & OWNERS.keys()) if not place.startswith(OWNERS[name])]


def long_functions(path: Path) -> list[str]:
    functions = [n for n in ast.walk(parsed(path)) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    lines = path.read_text().splitlines()
    return [f"{f.name}: {size}" for f in functions if (size := body_lines(f, lines)) > MOST_BODY]


def body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef, lines: list[str]) -> int:
    """Lines of the body without docstring, comments and blank lines."""
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    if not body:
        return 0
    texts = (line.strip() for line in lines[body[0].lineno - 1 : function.end_lineno])
    return sum(1 for text in texts if text and not text.startswith("#"))


def each_source(function):
    return pytest.mark.parametrize("path", SOURCES, ids=module_of)(function)


@each_source
def test_imports_point_down(path):
    assert wrong_arrows(path) == []


def test_only_serve_and_import_name_a_module_of_the_layer_above():
    ledger = [path for path in SOURCES if module_of(path).startswith("ledger")]
    naming = [path for path in ledger if re.search(r"""["']api\.\w""", path.read_text())]
    assert [module_of(path) for path in naming] == ["ledger.commands.running"]


@each_source
def test_an_outside_thing_is_imported_by_its_owner_only(path):
    assert strangers(path) == []


@each_source
def test_nothing_is_asserted_outside_tests(path):
    assert [node.lineno for node in ast.walk(parsed(path)) if isinstance(node, ast.Assert)] == []


@each_source
def test_a_file_is_read_in_one_sitting(path):
    assert len(path.read_text().splitlines()) <= MOST_LINES


@each_source
def test_a_function_fits_on_a_screen(path):
    assert long_functions(path) == []


@each_source
def test_a_module_says_what_it_does(path):
    assert ast.get_docstring(parsed(path))


@pytest.mark.parametrize(
    ("place", "source", "arrow"),
    [
        ("ledger/acts/act.py", "from ledger.chain.node import Node", "ledger.acts.act -> ledger.chain.node"),
        ("ledger/writing.py", "def f():\n    import api.problems", "ledger.writing -> api.problems"),
        ("ledger/chain/node.py", "from ledger import documents", "ledger.chain.node -> ledger.documents"),
        ("ledger/provenance.py", "from ledger.commands import answers", "ledger.provenance -> ledger.commands"),
    ],
)
def test_a_wrong_arrow_is_found(tmp_path, monkeypatch, place, source, arrow):
    monkeypatch.setattr(f"{__name__}.ROOT", tmp_path)
    path = tmp_path / place
    path.parent.mkdir(parents=True)
    path.write_text(source)
    assert wrong_arrows(path)[0].startswith(arrow)
