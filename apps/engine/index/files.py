"""Arrays as .npy files of one folder, mapped when they are read; lists of names as JSON. Nothing is ever unpickled."""

import json
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray


def write_array(folder: Path, name: str, values: NDArray[Any]) -> None:
    np.save(folder / f"{name}.npy", values, allow_pickle=False)


def read_array(folder: Path, name: str) -> NDArray[Any]:
    """The array, mapped. As a plain view: slices of `memmap` objects cost more than what is done with short lists."""
    path = folder / f"{name}.npy"
    if path.stat().st_size and 0 in _shape(path):
        empty: NDArray[Any] = np.load(path, allow_pickle=False)  # there is nothing to map
        return empty
    mapped: NDArray[Any] = np.load(path, mmap_mode="r", allow_pickle=False).view(np.ndarray)
    return mapped


def write_names(folder: Path, name: str, values: Mapping[str, Any]) -> None:
    (folder / f"{name}.json").write_text(json.dumps(values, ensure_ascii=False), encoding="utf-8")


def read_names(folder: Path, name: str) -> dict[str, Any]:
    return dict(json.loads((folder / f"{name}.json").read_text(encoding="utf-8")))


class GrowingArray:
    """An .npy file that is written block by block; its length stands in the header when it is closed."""

    def __init__(self, folder: Path, name: str, dtype: str, row: tuple[int, ...] = ()) -> None:
        self._dtype, self._row, self._length = np.dtype(dtype), row, 0
        self._file = (folder / f"{name}.npy").open("wb")

    def __enter__(self) -> Self:
        self._write_header()
        self._begin = self._file.tell()
        return self

    def append(self, block: NDArray[Any]) -> None:
        """`block` has the shape (n, *row)."""
        self._file.write(np.ascontiguousarray(block, self._dtype).tobytes())
        self._length += len(block)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._file.seek(0)
        self._write_header()  # NumPy leaves room in a header for its first number to grow
        if self._file.tell() != self._begin:
            raise OSError("the header of an array has outgrown its place")
        self._file.close()

    def _write_header(self) -> None:
        shape = (self._length, *self._row)
        about = {"descr": npy.dtype_to_descr(self._dtype), "fortran_order": False, "shape": shape}
        npy.write_array_header_1_0(self._file, about)


def _shape(path: Path) -> tuple[int, ...]:
    with path.open("rb") as file:
        version = npy.read_magic(file)
        read = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
        return tuple(read(file)[0])
