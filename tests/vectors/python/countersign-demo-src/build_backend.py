"""An in-tree PEP 517 backend: standard library only, so that pip builds the sdist without network, and always to the same
bytes. It knows this one project. Set by SOURCE_DATE_EPOCH, else 2026-01-01."""

import base64
import gzip
import hashlib
import io
import os
import tarfile
import time
import zipfile
from pathlib import Path

NAME, VERSION = "sunrise_demo", "1.2.0"
EPOCH = int(os.environ.get("SOURCE_DATE_EPOCH", "1767225600"))
HERE = Path(__file__).parent
MODULES = ["sunrise_demo/__init__.py", "sunrise_demo/__main__.py"]
SOURCES = [*MODULES, "README.md", "build_backend.py", "pyproject.toml"]


def _metadata() -> bytes:
    readme = (HERE / "README.md").read_text("utf-8")
    head = [
        "Metadata-Version: 2.1",
        "Name: sunrise-demo",
        f"Version: {VERSION}",
        "Summary: Says when the sun rises; a project to try Countersign with",
        "Requires-Python: >=3.8",
        "Description-Content-Type: text/markdown",
    ]
    return ("\n".join(head) + "\n\n" + readme).encode("utf-8")


def get_requires_for_build_wheel(config_settings=None):
    return []


def get_requires_for_build_sdist(config_settings=None):
    return []


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    info = f"{NAME}-{VERSION}.dist-info"
    files = [(path, (HERE / path).read_bytes()) for path in MODULES]
    files.append((f"{info}/METADATA", _metadata()))
    files.append((f"{info}/WHEEL", b"Wheel-Version: 1.0\nGenerator: sunrise-demo\nRoot-Is-Purelib: true\nTag: py3-none-any\n"))
    rows = []
    for path, content in files:
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        rows.append(f"{path},sha256={digest},{len(content)}")
    rows.append(f"{info}/RECORD,,")
    files.append((f"{info}/RECORD", ("\n".join(rows) + "\n").encode()))
    filename = f"{NAME}-{VERSION}-py3-none-any.whl"
    with zipfile.ZipFile(Path(wheel_directory) / filename, "w", zipfile.ZIP_DEFLATED) as wheel:
        for path, content in files:
            entry = zipfile.ZipInfo(path, time.gmtime(EPOCH)[:6])
            entry.external_attr = 0o100644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            wheel.writestr(entry, content)
    return filename


def build_sdist(sdist_directory, config_settings=None):
    top = f"{NAME}-{VERSION}"
    files = [(path, (HERE / path).read_bytes()) for path in sorted(SOURCES)]
    files.append(("PKG-INFO", _metadata()))
    inner = io.BytesIO()
    with tarfile.open(fileobj=inner, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for path, content in files:
            entry = tarfile.TarInfo(f"{top}/{path}")
            entry.size, entry.mtime, entry.mode = len(content), EPOCH, 0o644
            tar.addfile(entry, io.BytesIO(content))
    filename = f"{top}.tar.gz"
    with open(Path(sdist_directory) / filename, "wb") as raw:
        with gzip.GzipFile(filename="", fileobj=raw, mode="wb", mtime=EPOCH) as packed:
            packed.write(inner.getvalue())
    return filename
