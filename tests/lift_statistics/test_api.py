"""The library stands alone, and its examples say what it answers."""

import ast
import doctest
import inspect
from importlib import import_module
from pathlib import Path

import pytest

import lift_statistics

FILES = sorted(Path(lift_statistics.__file__).parent.glob("*.py"))
ALLOWED = {"numpy", "scipy", "lift_statistics", "collections", "dataclasses", "math"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_needs_numpy_and_scipy_only(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        assert {name.split(".")[0] for name in names} <= ALLOWED


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_examples_hold(path: Path) -> None:
    name = "lift_statistics" if path.stem == "__init__" else path.stem
    prefix = "" if path.stem == "__init__" else "lift_statistics."
    assert doctest.testmod(import_module(prefix + name)).failed == 0


@pytest.mark.parametrize("name", lift_statistics.__all__)
def test_every_public_function_has_an_example(name: str) -> None:
    member = getattr(lift_statistics, name)
    assert not inspect.isfunction(member) or ">>> " in member.__doc__
