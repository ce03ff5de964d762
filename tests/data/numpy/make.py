"""Writes the files beside it with NumPy, so that the reader is tested against NumPy's own output: python3 make.py"""
import io
import zipfile

import numpy as np

INTEGERS = ["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"]
FLOATS = ["float16", "float32", "float64"]


def values(name):
    if name == "bool":
        return np.array([[True, False, True], [False, False, True]])
    if name in INTEGERS:
        i = np.iinfo(name)
        return np.array([[i.min, i.max, 0], [1, 2, 3]], dtype=name)
    f = np.finfo(name)
    return np.array([[f.min, f.max, f.tiny], [-0.0, 1.5, f.eps]], dtype=name)


def entries():
    for name in ["bool"] + INTEGERS + FLOATS:
        for order in "CF":
            for byte_order in "<>":
                x = values(name)
                yield f"{name}{order}{'le' if byte_order == '<' else 'be'}", np.array(x, dtype=x.dtype.newbyteorder(byte_order), order=order), (1, 0)
    cube = np.arange(24, dtype=np.int32).reshape(2, 3, 4)
    yield "cubeC", cube, (1, 0)
    yield "cubeF", np.asfortranarray(cube), (1, 0)
    yield "version2", cube, (2, 0)
    yield "version3", cube, (3, 0)
    yield "scalar", np.array(2.5), (1, 0)
    yield "vector", np.arange(5, dtype=np.uint16), (1, 0)
    yield "empty", np.zeros((0, 57), dtype=np.float32), (1, 0)
    yield "emptyInside", np.zeros((3, 0, 2), dtype=np.float32), (1, 0)
    yield "notFinite", np.array([[1, np.nan], [np.inf, -np.inf]], dtype=np.float32), (1, 0)
    for digits in range(1, 13):  # walks the header's length over a multiple of 64
        yield f"padding{digits}", np.zeros((1,) * digits, dtype=np.uint8), (1, 0)


with zipfile.ZipFile("all.npz", "w") as archive:
    for name, array, version in entries():
        content = io.BytesIO()
        np.lib.format.write_array(content, array, version=version)
        archive.writestr(zipfile.ZipInfo(name + ".npy"), content.getvalue())

np.savez_compressed("compressed.npz", second=np.arange(1000) % 7, first=np.ones((2, 2)), **{"layer/weight:0": np.array([1, -1], dtype=np.int8)})
np.save("objects.npy", np.array([{"a": 1}, None], dtype=object), allow_pickle=True)
np.save("complex.npy", np.ones(2, dtype=np.complex64))
np.save("strings.npy", np.array(["a", "bc"]))
np.save("dates.npy", np.array(["2020-01-01"], dtype="datetime64[D]"))
np.save("structure.npy", np.zeros(2, dtype=[("pt", "<f4"), ("eta", "<f4")]))
np.save("longdouble.npy", np.ones(2, dtype=np.longdouble))
