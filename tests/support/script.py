"""Loads a script of scripts/ as a module, for tests of its functions."""

import importlib.machinery
import importlib.util
import pathlib

SOURCE_DIR = pathlib.Path(__file__).resolve().parents[2]


def path_of(name):
    return SOURCE_DIR / "scripts" / name


def load(name):
    return _load(name.replace("-", "_"), path_of(name))


def load_support(name):
    """What scripts share, of scripts/support/."""
    return _load(name, path_of(f"support/{name}.py"))


def _load(module_name, path):
    loader = importlib.machinery.SourceFileLoader(module_name, str(path))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(module_name, loader))
    loader.exec_module(module)
    return module
