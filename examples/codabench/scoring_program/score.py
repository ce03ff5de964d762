#!/usr/bin/env python3
"""Scores a submission: how many of the events that it names are signals, and what the firmware costs.

  score.py INPUT OUTPUT      INPUT/ref/truth.json, INPUT/res/*.h5 and INPUT/res/*.onnx are read, OUTPUT/scores.json is written
"""

import json
import sys
from pathlib import Path

import h5py
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent))
import flops  # noqa: E402

MOST_EVENTS = 1000
ATTRIBUTES = {"flops": "FLOPs", "latency_us": "Latency", "lut": "LUT", "dsp": "DSP", "ff": "FF", "bram": "BRAM"}


class Refused(Exception):
    """What is wrong with a submission, as its author should read it."""


def only(folder, pattern, what):
    """The one file of a kind in a submission, or None."""
    found = sorted(folder.rglob(pattern))
    if len(found) > 1:
        raise Refused(f"There are {len(found)} files {pattern}: {', '.join(f.name for f in found)}. One {what} is needed.")
    return found[0] if found else None


def read(path, events):
    """The named events, and the figures of the firmware."""
    try:
        with h5py.File(path, "r") as file:
            if "Result" not in file:
                raise Refused(f"{path.name} has no dataset Result; it has {', '.join(file) or 'none'}.")
            result = np.asarray(file["Result"])
            figures = {key: file.attrs.get(name) for key, name in ATTRIBUTES.items()}
    except OSError as error:
        raise Refused(f"{path.name} is no HDF5 file, or damaged: {error}.") from error
    if result.ndim != 1 or not np.issubdtype(result.dtype, np.integer):
        raise Refused(f"Result has shape {result.shape} and type {result.dtype}; one row of whole numbers is needed.")
    if len(result) > MOST_EVENTS:
        raise Refused(f"Result names {len(result)} events; at most {MOST_EVENTS} are scored.")
    if len(np.unique(result)) != len(result):
        raise Refused("Result names an event twice.")
    if len(result) and (result.min() < 0 or result.max() >= events):
        raise Refused(f"Result names an event that the black box does not have; there are 0 to {events - 1}.")
    return set(result.tolist()), figures


def score(inputs):
    """The scores of a submission, by the keys of the leaderboard."""
    truth = json.loads((inputs / "ref" / "truth.json").read_text())
    submission = only(inputs / "res", "*.h5", "HDF5 file")
    if submission is None:
        raise Refused("There is no HDF5 file (.h5) in the submission.")
    named, figures = read(submission, truth["events"])
    signals = {int(k): name for k, name in truth["signals"].items()}
    found = sum(event in signals for event in named)
    scores = {"found": found, "enrichment": found / len(named) * truth["events"] / len(signals) if named and signals else 0.0}
    for name in sorted(set(signals.values())):
        scores[f"found_{name}"] = sum(signals.get(event) == name for event in named)
    scores.update({key: float(value) for key, value in figures.items() if value is not None})
    scores["flops_counted"] = 0
    model = only(inputs / "res", "*.onnx", "network")
    if model is not None:
        try:
            scores["flops"], scores["flops_counted"] = flops.count(model.read_bytes()), 1
        except (flops.Unknown, IndexError, ValueError, KeyError) as problem:
            print(f"{model.name}: the operations were not counted, the attribute counts: {problem}")
    return scores


def main():
    inputs, output = Path(sys.argv[1]), Path(sys.argv[2])
    try:
        scores = score(inputs)
    except Refused as problem:
        print(problem, file=sys.stderr)
        sys.exit(1)
    output.mkdir(parents=True, exist_ok=True)
    (output / "scores.json").write_text(json.dumps(scores, indent=1) + "\n")
    print(json.dumps(scores))


if __name__ == "__main__":
    main()
