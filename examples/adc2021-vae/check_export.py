#!/usr/bin/env python3
"""Reads encoder.onnx again, without PyTorch, and measures it on the committed TOY events.

The encoder is walked node by node in numpy (Mul, Gemm, BatchNormalization, Relu are all it has), so the
file is checked and not the program that wrote it. Prints the AUC of each signal for each score, and of
two cuts that need no network; ties count one half.
"""

import sys
from pathlib import Path

import numpy as np
import onnx
from onnx import numpy_helper

FOLDER = Path(__file__).resolve().parent
SIGNALS = {"A->4l": "signal_a4l", "LQ->b tau": "signal_lq", "h0->tau tau": "signal_h0", "h+-->tau nu": "signal_hpm"}


def load(name):
    """Events of this folder, float64 [events, 57]."""
    return np.load(FOLDER / f"{name}.npy").astype(np.float64)


# --- the model ------------------------------------------------------------------------------------------


def evaluate(model, events, outputs):
    """The named values of an ONNX model in double precision; only what they depend on is computed."""
    values = {tensor.name: numpy_helper.to_array(tensor).astype(np.float64) for tensor in model.graph.initializer}
    values["events"] = events
    producers = {name: node for node in model.graph.node for name in node.output}

    def value(name):
        if name not in values:
            node = producers[name]
            values[name] = apply(node, [value(operand) for operand in node.input])
        return values[name]

    return [value(name) for name in outputs]


def apply(node, operands):
    """One operator of the encoder; any other, and any attribute that is not understood, is an error."""
    attributes = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
    if node.op_type == "Constant":
        return numpy_helper.to_array(attributes["value"]).astype(np.float64)
    if node.op_type == "Mul":
        return operands[0] * operands[1]
    if node.op_type == "Relu":
        return np.maximum(operands[0], 0)
    if node.op_type == "Gemm" and attributes == {"alpha": 1.0, "beta": 1.0, "transB": 1}:
        return operands[0] @ operands[1].T + operands[2]
    if node.op_type == "BatchNormalization" and attributes.keys() <= {"epsilon", "momentum", "training_mode"}:
        x, gamma, beta, mean, variance = operands
        return (x - mean) / np.sqrt(variance + attributes["epsilon"]) * gamma + beta
    raise ValueError(f"{node.op_type} with {attributes} is not part of the encoder")


# --- the scores -----------------------------------------------------------------------------------------


def mu2(mu, logvar):
    return np.sum(mu**2, axis=1)


def kl(mu, logvar):
    return np.sum(mu**2 + np.exp(logvar) - logvar - 1, axis=1)


def rz(mu, logvar):
    return np.sum(mu**2 * np.exp(-logvar), axis=1)


SCORES = {"mu2": mu2, "KL": kl, "Rz": rz}


def auc(background, signal):
    """Chance that a signal event scores above a background event, ties counted half."""
    ordered = np.sort(background)
    below = np.searchsorted(ordered, signal, side="left") + np.searchsorted(ordered, signal, side="right")
    return below.mean() / (2 * len(background))


def missing_plus_jets(events):
    return events[:, 0] + events[:, 27::3].sum(axis=1)


def lepton_count(events):
    return (events[:, 3:27:3] > 0).sum(axis=1)


def table(score_of):
    """Rows (name, AUC per signal) of the functions events -> score on the committed events."""
    background, signals = load("background"), [load(file) for file in SIGNALS.values()]
    return [(name, [auc(score(background), score(signal)) for signal in signals]) for name, score in score_of.items()]


def print_table(model):
    def of_model(score):
        return lambda events: score(*evaluate(model, events, ["mu", "logvar"]))

    rows = table({**{name: of_model(score) for name, score in SCORES.items()},
                  "HT + MET cut": missing_plus_jets, "lepton count": lepton_count})
    print("TOY events, AUC in %".ljust(24) + "".join(name.rjust(13) for name in SIGNALS))
    for name, values in rows:
        print(name.ljust(24) + "".join(f"{100 * v:13.1f}" for v in values))


def main():
    model = onnx.load(sys.argv[1] if len(sys.argv) > 1 else FOLDER / "encoder.onnx")
    onnx.checker.check_model(model)
    print("nodes: " + " ".join(node.op_type for node in model.graph.node))
    print_table(model)


if __name__ == "__main__":
    main()
