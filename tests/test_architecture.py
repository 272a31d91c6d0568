"""The shape of the code: who may import whom, what stands where, and that the project names no machine."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from settings import ROOT

LAYERS = ("indicators", "data", "loaders", "ui", "pages")
WEB = {"streamlit"}
INPUT_AND_OUTPUT = {"duckdb", "requests", "sqlite3", "urllib", "http", "socket", "pathlib", "io", "os", "subprocess"}


def project_files() -> list[Path]:
    """Every file of the project but what git ignores: the environment, caches and built figures."""
    found = []
    for path in ROOT.rglob("*"):
        parts = path.relative_to(ROOT).parts
        kept = parts[0] in {".ci", ".streamlit", ".gitignore"} or not parts[0].startswith(".")
        built = parts[0] == "build" or parts[:2] == ("data", "var") or "__pycache__" in parts
        if kept and not built and path.is_file():
            found.append(path)
    assert len(found) > 100
    return found


def modules(layer: str) -> list[Path]:
    found = sorted((ROOT / layer).rglob("*.py"))
    assert found, layer
    return found


def imported(path: Path) -> Iterator[tuple[str, str]]:
    """First part and whole name of every module a file imports, wherever in it the import stands."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        yield from ((name.split(".")[0], name) for name in names)


def offending(layer: str, forbidden: set[str]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in modules(layer)
        for package, name in imported(path)
        if package in forbidden
    ]


@pytest.mark.parametrize(
    ("layer", "forbidden"),
    [
        ("indicators", {"data", "loaders", "ui", "pages", "settings"} | WEB | INPUT_AND_OUTPUT),
        ("data", {"loaders", "ui", "pages"} | WEB),
        ("loaders", {"ui", "pages"} | WEB),
        ("ui", {"loaders", "pages"}),
        ("pages", {"loaders"}),
    ],
)
def test_imports_point_one_way(layer: str, forbidden: set[str]) -> None:
    assert offending(layer, forbidden) == []


def test_within_the_data_layer_only_what_a_build_computes_calls_indicators() -> None:
    callers = {line.split(" ")[0] for line in offending("data", {"indicators"})}
    assert callers == {"data/computed.py"}


def test_loaders_leave_indicators_to_the_build() -> None:
    assert offending("loaders", {"indicators"}) == []


def test_pages_do_not_import_each_other() -> None:
    assert offending("pages", {"pages"}) == []


def test_the_settings_import_no_layer() -> None:
    assert not {package for package, _ in imported(ROOT / "settings.py")} & {*LAYERS, *WEB}


def test_views_read_figures_through_the_store_only() -> None:
    """Pages write no SQL and open no snapshot themselves: what they ask for is kept by snapshot id."""
    assert offending("pages", {"duckdb"}) == []
    assert [line for line in offending("pages", {"data"}) if ".queries" in line] == []
    assert [line for line in offending("ui", {"data"}) if ".queries" in line and "ui/store.py" not in line] == []


def test_the_app_is_the_frame_alone() -> None:
    assert {package for package, _ in imported(ROOT / "app.py")} == {"ui"}
    tree = ast.parse((ROOT / "app.py").read_text(encoding="utf-8"))
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.For | ast.If | ast.ClassDef)]


def test_views_stand_in_subfolders() -> None:
    """A file directly in pages/ would be served without the frame on a cold start."""
    assert list((ROOT / "pages").glob("*.py")) == []
    assert len(list((ROOT / "pages").glob("*/*.py"))) >= 5


@pytest.mark.parametrize("layer", ["indicators", "data", "loaders"])
def test_every_public_function_and_class_says_what_it_does(layer: str) -> None:
    silent = []
    for path in modules(layer):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if tree.body and not ast.get_docstring(tree):
            silent.append(f"{path.relative_to(ROOT)}")
        silent += [
            f"{path.relative_to(ROOT)}: {node.name}"
            for node in tree.body
            if isinstance(node, ast.FunctionDef | ast.ClassDef)
            and not node.name.startswith("_")
            and not ast.get_docstring(node)
            and "overload" not in map(ast.unparse, node.decorator_list)
        ]
    assert silent == []


def test_no_drawer_for_odds_and_ends() -> None:
    assert [path for path in project_files() if path.stem in {"utils", "helpers", "misc", "common"}] == []


# Put together from pieces, so that this file does not name them itself.
HOME_FOLDERS = ["/" + name + "/" for name in ("home", "root", "work", "Users", "tmp", "mnt")]
REGISTRIES = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("files", "pythonhosted", "org"),
        ("registry", "npmjs", "org"),
        ("conda", "anaconda", "org"),
        ("registry", "yarnpkg", "com"),
    )
]


def text_of(path: Path) -> str:
    data = path.read_bytes()
    return "" if b"\0" in data else data.decode("utf-8", errors="replace")


def test_no_file_names_a_folder_of_a_machine() -> None:
    pattern = re.compile(r"(?<![\w.)}\]/])(" + "|".join(map(re.escape, HOME_FOLDERS)) + r")\w")
    found = [
        f"{path.relative_to(ROOT)}: {line.strip()[:80]}"
        for path in project_files()
        for line in text_of(path).splitlines()
        if pattern.search(line)
    ]
    assert found == []


def test_no_file_names_a_package_registry() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {host}" for path in project_files() for host in REGISTRIES if host in text_of(path)
    ]
    assert found == []


def test_no_source_needs_a_folder_beside_the_project() -> None:
    outside = "../" + "shared"
    assert [str(path.relative_to(ROOT)) for path in project_files() if outside in text_of(path)] == []
