"""Every small fault the contracts could have: where it stands, what it says instead, and sources that hold all of them.

A campaign does not compile each mutant. `schemata` writes them all into one set of sources, each behind a switch: the
balance of an address that no account can have. The test run turns one on (scripts/mutate.py), so a campaign compiles
once. `plain` writes one mutant alone, to compare its bytes with the original's.

Not here: faults in types, layouts and hashing of acts beyond what the operators below reach. Of the interfaces only
Hand.sol has code.
"""

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

BASE = 0xA11A5 << 128
"""Address of mutant 0; far above what anybody can own."""
SWITCH = "contracts/Mutant.sol"
SWITCH_SOURCE = f"""// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

function mutated(uint160 number) view returns (bool) {{
    return address({BASE} + number).balance != 0;
}}
"""
SWAPS = {
    "<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "==", "&&": "||", "||": "&&",
    "+": "-", "-": "+", "*": "/", "/": "*", "|": "&", "&": "|", "<<": ">>", ">>": "<<",
}  # fmt: skip
ASSIGNMENTS = {"+=": "-=", "-=": "+=", "|=": "=", "&=": "=", "*=": "="}


@dataclass(frozen=True, slots=True)
class Site:
    """One mutant. `start` and `end` are bytes of the source; a statement's span includes its semicolon."""

    number: int
    path: str
    start: int
    end: int
    line: int
    where: str
    operator: str
    statement: bool
    original: str
    replacement: str

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


class Finder:
    """The sites of one source, from its syntax tree."""

    def __init__(self, path: str, source: bytes, constants: dict[str, list[str]]) -> None:
        self.path, self.source, self.constants = path, source, constants
        self.found: list[Site] = []
        self.pure: list[tuple[int, int]] = []
        self.where = ""

    def find(self, tree: dict[str, Any]) -> None:
        for part in tree["nodes"]:
            if part["nodeType"] == "FunctionDefinition":  # a free function, as those of Hand.sol
                self._find_in(part, part["name"])
            for member in part.get("nodes", []):
                if member["nodeType"] == "FunctionDefinition":
                    self._find_in(member, f"{part['name']}.{member['name'] or member['kind']}")

    def _find_in(self, function: dict[str, Any], where: str) -> None:
        self.where = where
        self._visibility(function)
        if function.get("body"):
            self._visit(function["body"])

    def _visibility(self, function: dict[str, Any]) -> None:
        """What a switch is read in is no longer pure, nor what it overrides."""
        start, end = span(function)
        if function.get("body"):
            end = span(function["body"])[0]
        for match in re.finditer(rb"\bpure\b", self.source[start:end]):
            self.pure.append((start + match.start(), start + match.end()))

    def _visit(self, node: Any) -> None:
        if isinstance(node, list):
            for part in node:
                self._visit(part)
        elif isinstance(node, dict) and "nodeType" in node:
            getattr(self, "_on_" + node["nodeType"], lambda _: None)(node)
            for name, part in node.items():
                if name != "loopExpression" and isinstance(part, dict | list):
                    self._visit(part)

    def _add(self, node: dict[str, Any], operator: str, replacement: str, *, statement: bool = False) -> None:
        start, end = span(node)
        if statement:
            end = self.source.index(b";", end) + 1
        line = self.source.count(b"\n", 0, start) + 1
        original = self.source[start:end].decode()
        self.found.append(Site(0, self.path, start, end, line, self.where, operator, statement, original, replacement))

    def _text(self, node: dict[str, Any]) -> str:
        start, end = span(node)
        return self.source[start:end].decode()

    def _on_BinaryOperation(self, node: dict[str, Any]) -> None:  # noqa: N802 - named after the compiler's nodes
        other = SWAPS.get(node["operator"])
        if other is None or "int_const" in node["typeDescriptions"]["typeString"]:
            return
        left, right = self._text(node["leftExpression"]), self._text(node["rightExpression"])
        self._add(node, f"{node['operator']} to {other}", f"({left}) {other} ({right})")

    def _on_UnaryOperation(self, node: dict[str, Any]) -> None:  # noqa: N802
        inner = self._text(node["subExpression"])
        if node["operator"] in ("!", "~"):
            self._add(node, f"drop {node['operator']}", inner)
        elif node["operator"] in ("++", "--"):
            other = "--" if node["operator"] == "++" else "++"
            self._add(node, f"{node['operator']} to {other}", other + inner if node["prefix"] else inner + other)

    def _on_IfStatement(self, node: dict[str, Any]) -> None:  # noqa: N802
        body = node["trueBody"]
        inner = body["statements"] if body["nodeType"] == "Block" else [body]
        guard = len(inner) == 1 and inner[0]["nodeType"] == "RevertStatement"
        if guard:
            self._add(node["condition"], "drop refusal", "false")
        else:
            self._add(node["condition"], "never", "false")
            self._add(node["condition"], "always", "true")

    def _on_Conditional(self, node: dict[str, Any]) -> None:  # noqa: N802
        self._add(node["condition"], "negate choice", f"!({self._text(node['condition'])})")

    def _on_ExpressionStatement(self, node: dict[str, Any]) -> None:  # noqa: N802
        inner = node["expression"]
        kind = inner["nodeType"]
        if kind == "FunctionCall":
            self._add(node, "drop call", "", statement=True)
        elif kind == "Assignment":
            self._add(node, "drop assignment", "", statement=True)
            other = ASSIGNMENTS.get(inner["operator"])
            if other:
                left, right = self._text(inner["leftHandSide"]), self._text(inner["rightHandSide"])
                self._add(node, f"{inner['operator']} to {other}", f"{left} {other} {right};", statement=True)

    def _on_EmitStatement(self, node: dict[str, Any]) -> None:  # noqa: N802
        self._add(node, "drop event", "", statement=True)

    def _on_Literal(self, node: dict[str, Any]) -> None:  # noqa: N802
        if node["kind"] == "bool":
            self._add(node, "flip", "false" if node["value"] == "true" else "true")
        elif node["kind"] == "number" and not node.get("subdenomination") and node["value"].isdigit():
            self._add(node, "one more", str(int(node["value"]) + 1))

    def _on_MemberAccess(self, node: dict[str, Any]) -> None:  # noqa: N802
        names = self.constants.get(node["expression"].get("name", ""), [])
        if node["memberName"] in names and len(names) > 1:
            other = names[(names.index(node["memberName"]) + 1) % len(names)]
            self._add(node, "other constant", f"{node['expression']['name']}.{other}")


def find(
    sources: dict[str, str], trees: dict[str, dict[str, Any]]
) -> tuple[list[Site], dict[str, list[tuple[int, int]]]]:
    """All sites in our contracts, numbered in order of path and place; and by path where `pure` stands."""
    constants = dict(_constants(trees))
    sites: list[Site] = []
    pure = {}
    for path in sorted(trees):
        if not path.startswith("contracts/"):
            continue
        finder = Finder(path, sources[path].encode(), constants)
        finder.find(trees[path])
        unique = {(s.start, s.end, s.replacement): s for s in finder.found}
        sites.extend(unique.values())
        pure[path] = finder.pure
    fields = [asdict(site) for site in sorted(sites, key=lambda s: (s.path, s.start, s.end, s.replacement))]
    return [Site(**(values | {"number": number})) for number, values in enumerate(fields, start=1)], pure


def _constants(trees: dict[str, dict[str, Any]]) -> Iterator[tuple[str, list[str]]]:
    for tree in trees.values():
        for library in tree["nodes"]:
            if library.get("contractKind") == "library":
                members = [n["name"] for n in library["nodes"] if n["nodeType"] == "VariableDeclaration"]
                yield library["name"], members


def span(node: dict[str, Any]) -> tuple[int, int]:
    start, length, _ = map(int, node["src"].split(":"))
    return start, start + length


def schemata(path: str, source: str, sites: list[Site], pure: list[tuple[int, int]]) -> str:
    """One source with all its sites behind their switches. `pure` functions become views, as a switch is read."""
    text = source.encode()
    edits = {(s.start, s.end): [o for o in sites if (o.start, o.end) == (s.start, s.end)] for s in sites}
    spans = sorted([*edits, *pure], key=lambda s: (s[0], -s[1]))

    def render(start: int, end: int, inside: list[tuple[int, int]]) -> bytes:
        out, position = b"", start
        while inside:
            first, *rest = inside
            inner = [s for s in rest if s[1] <= first[1]]
            inside = [s for s in rest if s[0] >= first[1]]
            whole = b"view" if first not in edits else switched(edits[first], render(*first, inner))
            out, position = out + text[position : first[0]] + whole, first[1]
        return out + text[position:end]

    rendered = render(0, len(text), spans).decode()
    head, pragma, tail = rendered.partition("pragma solidity 0.8.30;\n")
    if not sites:
        return rendered
    up = "../" * (path.count("/") - 1) or "./"
    return f'{head}{pragma}\nimport {{mutated}} from "{up}Mutant.sol";\n{tail}'


def switched(sites: list[Site], whole: bytes) -> bytes:
    for site in sites:
        replacement = site.replacement.encode()
        if site.statement:
            whole = b"if (mutated(%d)) { %s } else { %s }" % (site.number, replacement, whole)
        else:
            whole = b"(mutated(%d) ? %s : %s)" % (site.number, replacement, whole)
    return whole


def plain(source: str, site: Site) -> str:
    """The source with one mutant in it and nothing else changed."""
    text = source.encode()
    return (text[: site.start] + site.replacement.encode() + text[site.end :]).decode()
