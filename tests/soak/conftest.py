"""Soak tests run only when they are asked for, by a marker expression that names them: `pytest -m soak`."""

from pathlib import Path

import pytest

from tests.app.conftest import database_url

__all__ = ["database_url"]

HERE = Path(__file__).parent


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if "soak" in config.option.markexpr:
        return
    long = [item for item in items if item.path.is_relative_to(HERE)]
    if long:
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if item not in long]
