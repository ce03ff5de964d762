#!/usr/bin/env python3
"""Writes autoencoder.onnx: the trained model of encoder.onnx with the decoder behind the means.

In training the decoder sees mu + sigma * noise. Firmware has no noise, and what it reconstructs from is the mean. This takes
the sampling away and joins mu to the decoder; nothing else changes, and no weight does.
"""
from pathlib import Path

import onnx

FOLDER = Path(__file__).resolve().parent


def without_sampling(model):
    """The model with every node between the means and the decoder taken out."""
    graph = model.graph
    sampled = next(n for n in graph.node if n.name == "/Add").output[0]
    for node in graph.node:
        node.input[:] = ["mu" if name == sampled else name for name in node.input]
    # From the back: what nobody reads is not needed.
    needed, kept = {"mu", "reconstruction"}, []
    for node in reversed(graph.node):
        if needed & set(node.output):
            kept.insert(0, node)
            needed |= set(node.input)
    del graph.node[:]
    graph.node.extend(kept)
    for values in (graph.output, graph.initializer):
        found = [v for v in values if v.name in needed]
        del values[:]
        values.extend(found)
    onnx.checker.check_model(model)
    return model


if __name__ == "__main__":
    onnx.save(without_sampling(onnx.load(str(FOLDER / "encoder.onnx"))), str(FOLDER / "autoencoder.onnx"))
