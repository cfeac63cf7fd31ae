"""Data flows one way: who imports what, as ARCHITECTURE.md says."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import conformance

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PACKAGE = Path(conformance.__file__).parent
ARCHITECTURE = Path(__file__).parent.parent / "ARCHITECTURE.md"
FRONTS = {"cli", "cli_judging", "cli_options", "cli_search", "explain", "pytest_plugin", "strategies"}
ROOTS = {"__init__", "errors", "record"}
REFERENCE_IMPORTS = {"errors", "record", "contract", "exchange", "fixtures", "targets.identity", "reference"}
EFFECTS = {"open", "print", "input", "breakpoint"}
IMPURE = {
    *("asyncio", "time", "datetime", "socket", "ssl", "select", "os", "sys", "random", "secrets", "uuid", "tempfile"),
    *(
        "pathlib",
        "subprocess",
        "threading",
        "multiprocessing",
        "concurrent",
        "signal",
        "logging",
        "urllib.request",
        "http",
    ),
    *EFFECTS,
    *("shutil", "glob", "io", "requests", "boto3", "botocore", "httptools", "yaml", "jinja2", "rich", "click"),
}
"""What reaches the clock, the network, files, the environment or chance."""
HEAVY = {
    *("asyncio", "boto3", "botocore", "jinja2", "rich", "jsonschema", "requests", "yaml", "httptools", "junitparser"),
    *("openapi_spec_validator", "schemathesis", "hypothesis", "pytest", "urllib3", "http.client", "ssl"),
}


def _modules() -> Iterator[tuple[str, ast.Module]]:
    """Yield the name (without ``conformance.``) and the syntax tree of each module."""
    for path in sorted(PACKAGE.rglob("*.py")):
        name = ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__")
        yield name, ast.parse(path.read_bytes(), filename=str(path))


MODULES = dict(_modules())


def imports(tree: ast.Module) -> Iterator[str]:
    """Yield what a module imports, wherever the import stands: at the top, for types only, or in a function."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            for alias in node.names:
                yield f"{node.module}.{alias.name}"


def own_imports(tree: ast.Module) -> set[str]:
    """Return what of ours a module imports, without ``conformance.``; constants of ``conformance`` itself left out."""
    ours = {name.removeprefix("conformance.") for name in imports(tree) if name.startswith("conformance.")}
    return {name for name in ours if name.partition(".")[0] in PARTS}


def part(name: str) -> str:
    """Return the package or module directly below ``conformance`` to which a name belongs."""
    return name.partition(".")[0]


PARTS = {part(name) for name in MODULES}


def within(name: str, wholes: Iterable[str]) -> bool:
    """Tell whether a name is one of others, or of something in one of them."""
    return any(f"{name}.".startswith(f"{whole}.") for whole in wholes)


def order() -> list[str]:
    """Return the packages in the order of the table of ARCHITECTURE.md, the reference apart."""
    named = re.findall(r"^\| `conformance/(\w+)/` \|", ARCHITECTURE.read_text(encoding="utf-8"), re.MULTILINE)
    return [name for name in named if name != "reference"]


def allowed(package: str) -> set[str]:
    """Return what a package may import from: parts, or modules of them."""
    layers = order()
    if package in FRONTS:
        return {*PARTS}
    if package == "reference":
        return REFERENCE_IMPORTS
    if package in ROOTS:
        return set()
    above = {*layers[: layers.index(package) + 1], *ROOTS}
    return {*above, "reference"} if package == "selftest" else above


def test_imports_for_types_count() -> None:
    """An import that only a type checker follows, or one inside of a function, is an import all the same."""
    text = """
from typing import TYPE_CHECKING
from conformance import DISTRIBUTION
if TYPE_CHECKING:
    from conformance.run.plan import Planned
def late():
    from conformance import explain
"""

    assert own_imports(ast.parse(text)) == {"run.plan.Planned", "explain"}


def test_every_package_is_in_the_table() -> None:
    """ARCHITECTURE.md places each package of the code, and no other."""
    assert PARTS - FRONTS - ROOTS - {"reference"} == set(order())


@pytest.mark.parametrize("name", MODULES)
def test_imports_go_one_way(name: str) -> None:
    """A package imports from those above it in the table only, and the reference from none that decides."""
    kept = allowed(part(name))

    wrong = {one for one in own_imports(MODULES[name]) if not within(one, kept)}

    assert wrong == set()


def test_nothing_imports_the_reference() -> None:
    """Only fronts, the selftest and the reference itself import the reference; a run meets it over the wire."""
    users = {part(name) for name, tree in MODULES.items() if "reference" in map(part, own_imports(tree))}

    assert "cli" in users
    assert users <= {*FRONTS, "reference", "selftest"}


@pytest.mark.parametrize("package", ["oracle", "cases"])
def test_what_decides_is_pure(package: str) -> None:
    """The oracle and the cases reach no clock, network, file, environment or chance, and open nothing."""
    used = {name: set(imports(tree)) | names(tree) for name, tree in MODULES.items() if part(name) == package}

    found = {f"{name}: {one}" for name, some in used.items() for one in some if within(one, IMPURE)}

    assert len(used) > 1
    assert found == set()


def names(tree: ast.Module) -> set[str]:
    """Return the built-in functions with effects that a module uses."""
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} & EFFECTS


@pytest.mark.parametrize("arguments", [["--help"], ["run", "--help"], ["--version"]])
def test_help_imports_nothing_heavy(arguments: list[str]) -> None:
    """Asking for help loads click and hardly anything else, so that it is there at once."""
    program = (
        "import json, sys\n"
        "from conformance.cli import main\n"
        f"try: main({arguments!r})\n"
        "except SystemExit: print(json.dumps(sorted(sys.modules)), file=sys.stderr)\n"
    )

    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=20, check=True)

    loaded = set(json.loads(ended.stderr))
    assert "conformance.cli" in loaded
    assert loaded & HEAVY == set()
    assert {name for name in loaded if name.startswith("conformance.")} == {
        "conformance.cli",
        "conformance.cli_judging",
        "conformance.cli_options",
        "conformance.cli_search",
        "conformance.errors",
    }
