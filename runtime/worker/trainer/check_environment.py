"""Says whether this Python has the packages that pyproject.toml pins. Silent and 0 if so; else names what differs, and 1.

    python check_environment.py test        # with the extra packages of [project.optional-dependencies] test
"""
from __future__ import annotations

import sys
import tomllib
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path


def differences(pinned: list[str]) -> list[str]:
    """"2.10.0+cpu" is 2.10.0: the part after "+" says for which hardware a package was built."""
    found = []
    for requirement in pinned:
        name, wanted = requirement.split("==")
        try:
            there = version(name).split("+")[0]
        except PackageNotFoundError:
            there = "missing"
        if there != wanted:
            found.append(f"{name} is {there}, wanted {wanted}")
    return found


def main() -> None:
    if sys.version_info < (3, 11):
        raise SystemExit(f"Python is {sys.version.split()[0]}, wanted 3.11 or newer")
    project = tomllib.loads((Path(__file__).parent / "pyproject.toml").read_text())["project"]
    pinned = [*project["dependencies"], *(one for extra in sys.argv[1:] for one in project["optional-dependencies"][extra])]
    if found := differences(pinned):
        raise SystemExit("; ".join(found))


if __name__ == "__main__":
    main()
