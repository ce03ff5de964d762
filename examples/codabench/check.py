#!/usr/bin/env python3
"""Tries the scoring program as the platform runs it: a good submission, and ones that are refused. Needs numpy and h5py.

  check.py BUNDLE.zip SUBMISSION.h5 DIR      DIR: the compiled design that the submission was made from
"""

import json
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import h5py
import numpy as np


def run(folder):
    """The exit code, the scores and the complaints of the packed scoring program."""
    result = subprocess.run([sys.executable, str(folder / "scoring_program" / "score.py"), str(folder / "input"), str(folder / "output")],
                            capture_output=True, text=True, check=False)
    scores = folder / "output" / "scores.json"
    return result.returncode, json.loads(scores.read_text()) if result.returncode == 0 else None, result.stderr


def main():
    bundle, submission, design = (Path(argument) for argument in sys.argv[1:4])
    model = design / "ir" / "reference.onnx"
    expected = sum(layer["flops"] for layer in json.loads((design / "hls4net.json").read_text())["work"])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with zipfile.ZipFile(bundle) as packed:
            packed.extractall(folder)
        references, results = folder / "input" / "ref", folder / "input" / "res"
        references.mkdir(parents=True)
        results.mkdir()
        (references / "truth.json").write_bytes((folder / "reference_data" / "truth.json").read_bytes())
        truth = json.loads((references / "truth.json").read_text())

        (results / "team.h5").write_bytes(submission.read_bytes())
        code, scores, said = run(folder)
        assert code == 0, said
        with h5py.File(submission, "r") as file:
            attribute = float(file.attrs["FLOPs"])
            named = np.asarray(file["Result"]).tolist()
        assert scores["flops_counted"] == 0 and scores["flops"] == attribute, scores
        assert scores["found"] == sum(str(event) in truth["signals"] for event in named), scores
        assert scores["enrichment"] > 2, scores
        (results / "model.onnx").write_bytes(model.read_bytes())
        code, scores, said = run(folder)
        assert code == 0 and scores["flops_counted"] == 1 and scores["flops"] == expected, (scores, said)
        print(json.dumps(scores))

        def refused(says, content):
            (results / "model.onnx").unlink(missing_ok=True)
            (results / "team.h5").unlink(missing_ok=True)
            content()
            code, _, said = run(folder)
            assert code == 1 and says in said and "Traceback" not in said, (says, code, said)

        def result(values, name="Result"):
            def write():
                with h5py.File(results / "team.h5", "w") as file:
                    file[name] = values
            return write

        refused("There is no HDF5 file", lambda: None)
        refused("no dataset Result", result([1], "Results"))
        refused("whole numbers", result([1.5]))
        refused("whole numbers", result([[1, 2]]))
        refused("at most 1000", result(list(range(1001))))
        refused("twice", result([3, 3]))
        refused("does not have", result([truth["events"]]))
        refused("damaged", lambda: (results / "team.h5").write_bytes(submission.read_bytes()[:1000]))
        print("8 submissions refused as they should be")


if __name__ == "__main__":
    main()
