"""Compile contracts/*.sol into ledger/chain/artifacts/*.json, the committed artifacts.

`scripts/compile` writes them, `scripts/compile --check` only compares and exits 1 where one differs, `--input` prints
the compiler's standard JSON input. The compiler is npm's pinned solc through scripts/solc; SOLC names another
executable.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

import solcx

ROOT = Path(__file__).resolve().parent.parent
ARTIFACTS = ROOT / "ledger" / "chain" / "artifacts"
NAMES = (
    "Journal",
    "Directory",
    "Policies",
    "Certificates",
    "Applications",
    "Licenses",
    "Shipments",
    "Reports",
    "Organizations",
    "Issuance",
    "Manifests",
    "Orders",
    "Departures",
    "Statements",
    "Gateway",
)
SETTINGS = {
    "evmVersion": "paris",
    "viaIR": True,
    "optimizer": {"enabled": True, "runs": 200},
    "remappings": ["@openzeppelin/=node_modules/@openzeppelin/"],
    "metadata": {"bytecodeHash": "none", "appendCBOR": False},
    "outputSelection": {"*": {"*": ["abi", "evm.bytecode.object", "evm.deployedBytecode"]}},
}


def sources() -> dict[str, dict[str, str]]:
    """Every contract of ours, and of OpenZeppelin's the ones that ours import, by path from the root."""
    ours = sorted((ROOT / "contracts").rglob("*.sol"))
    vendored = ROOT / "node_modules" / "@openzeppelin" / "contracts" / "utils"
    paths = ours + sorted(vendored.rglob("*.sol")) + sorted((vendored.parent / "interfaces").glob("*.sol"))
    return {path.relative_to(ROOT).as_posix(): {"content": path.read_text()} for path in paths}


def standard_input() -> dict[str, Any]:
    """The compiler's standard JSON input, only of sources that the contracts reach."""
    wanted = reachable(sources())
    return {"language": "Solidity", "sources": wanted, "settings": SETTINGS}


def reachable(files: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    """The contracts and everything they import, in order of path."""
    pending, found = [f"contracts/{name}.sol" for name in NAMES], set[str]()
    while pending:
        path = pending.pop()
        if path in found:
            continue
        found.add(path)
        pending.extend(imports(path, files[path]["content"]))
    return {path: files[path] for path in sorted(found)}


def imports(path: str, content: str) -> list[str]:
    """Paths of the files that a source imports."""
    named = [part.split('"')[1] for part in content.split(";") if "import" in part and ' from "' in part]
    folder = Path(path).parent
    return [
        "node_modules/" + name if name.startswith("@") else Path(os.path.normpath(folder / name)).as_posix()
        for name in named
    ]


def compile_contracts() -> dict[str, str]:
    """Text of every artifact by name: abi, creation code, run-time code and where immutables stand in it."""
    binary = os.environ.get("SOLC", str(ROOT / "scripts" / "solc"))
    output = solcx.compile_standard(standard_input(), solc_binary=binary)
    for fault in output.get("errors", []):
        print(fault["formattedMessage"], file=sys.stderr)
    artifacts = {}
    for name in NAMES:
        contract = output["contracts"][f"contracts/{name}.sol"][name]
        deployed = contract["evm"]["deployedBytecode"]
        artifact = {
            "name": name,
            "abi": contract["abi"],
            "bytecode": "0x" + contract["evm"]["bytecode"]["object"],
            "deployedBytecode": "0x" + deployed["object"],
            "immutables": sorted(
                (span["start"], span["length"])
                for spans in deployed["immutableReferences"].values()
                for span in spans
            ),
        }
        artifacts[name] = json.dumps(artifact, indent=1, sort_keys=True) + "\n"
    return artifacts


def main(arguments: list[str]) -> int:
    """Run as the module's docstring says."""
    if arguments == ["--input"]:
        print(json.dumps(standard_input()))
        return 0
    artifacts = compile_contracts()
    differing = []
    for name, text in artifacts.items():
        path = ARTIFACTS / f"{name}.json"
        if not path.exists() or path.read_text() != text:
            differing.append(name)
        if arguments != ["--check"]:
            path.write_text(text)
        size = (len(json.loads(text)["deployedBytecode"]) - 2) // 2
        print(f"{name:14} {size:6} bytes")
    if arguments == ["--check"] and differing:
        print("differ from contracts/: " + ", ".join(differing), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
