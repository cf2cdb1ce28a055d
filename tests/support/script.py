"""Loads a script of scripts/ as a module, for tests of its functions."""

import importlib.machinery
import importlib.util
import pathlib

SOURCE_DIR = pathlib.Path(__file__).resolve().parents[2]


def path_of(name):
    return SOURCE_DIR / "scripts" / name


def load(name):
    module_name = name.replace("-", "_")
    loader = importlib.machinery.SourceFileLoader(module_name, str(path_of(name)))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(module_name, loader))
    loader.exec_module(module)
    return module
