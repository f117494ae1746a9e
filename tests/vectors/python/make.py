#!/usr/bin/env python3
"""Builds the distributions in this folder. The committed files are the vectors; run this only to make them anew:

    python3 make.py               sunrise-demo, standard library only, always the same bytes
    /usr/bin/python3 make.py all  also Lantern.Tools, with the setuptools and wheel of that Python
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent


def build_demo() -> None:
    source = HERE / "countersign-demo-src"
    sys.dont_write_bytecode = True
    sys.path.insert(0, str(source))
    import build_backend

    for build in (build_backend.build_wheel, build_backend.build_sdist):
        print(build(str(HERE)))


def build_with_setuptools() -> None:
    with tempfile.TemporaryDirectory() as folder:
        source = shutil.copytree(HERE / "setuptools-src", Path(folder) / "source")
        subprocess.run([sys.executable, "setup.py", "-q", "sdist", "bdist_wheel"], cwd=source, check=True)
        for built in sorted((source / "dist").iterdir()):
            shutil.copy(built, HERE)
            print(built.name)


if __name__ == "__main__":
    build_demo()
    if sys.argv[1:] == ["all"]:
        build_with_setuptools()
