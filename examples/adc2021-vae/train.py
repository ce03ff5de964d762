#!/usr/bin/env python3
"""Trains the variational autoencoder of this folder on TOY background events and writes encoder.onnx.

The file holds the whole model as people export it: scaling, encoder, sampling and decoder. Nothing is
folded: BatchNormalization is a node of its own. Half a minute of one CPU core, a minute on a busy machine.
"""

import argparse
import time
from collections import OrderedDict
from pathlib import Path

import numpy as np
import onnx
import torch
from torch import nn

import check_export
import generate_events

LATENT = 3
KL_SHARE = 0.04  # of the loss; the reconstruction has the rest


def per_feature(met, leptons, jets, angles):
    """One number per input: pT of the MET, of leptons and of jets (a number or one per rank), eta and phi."""
    values = np.full((generate_events.OBJECTS, 3), angles, np.float32)
    values[0, 0], values[1:5, 0], values[5:9, 0], values[9:, 0] = met, leptons, leptons, jets
    return torch.from_numpy(values.reshape(1, -1))


# The inputs are divided by powers of two, chosen by the kind of object and not by its rank. Dividing each
# slot by its own standard deviation would blow up the slots that are nearly always empty and leave
# first-layer weights that no 8-bit type holds.
UNITS = per_feature(met=32, leptons=8, jets=16, angles=1)

# An error of so many GeV (or radians) counts 1 in the loss. The rank matters here, where it costs no bits.
YARDSTICK = per_feature(met=32, leptons=[32, 8, 4, 4], jets=[32, 32, 16, 16, 8, 8, 8, 8, 8, 8], angles=4)


def named(**modules):
    """A sequence whose steps appear in the ONNX file under these names."""
    return nn.Sequential(OrderedDict(modules))


def dense(inputs, outputs):
    return named(dense=nn.Linear(inputs, outputs), norm=nn.BatchNorm1d(outputs), relu=nn.ReLU())


class Autoencoder(nn.Module):
    """57-32-16-(3 + 3) and back; takes and returns GeV and radians."""

    def __init__(self):
        super().__init__()
        self.register_buffer("scale", 1 / UNITS)
        self.register_buffer("unscale", UNITS)
        self.encoder = named(layer1=dense(generate_events.FEATURES, 32), layer2=dense(32, 16))
        self.mu = nn.Linear(16, LATENT)
        self.logvar = nn.Linear(16, LATENT)
        self.decoder = named(layer1=dense(LATENT, 16), layer2=dense(16, 32),
                             layer3=nn.Linear(32, generate_events.FEATURES))

    def forward(self, events):
        hidden = self.encoder(events * self.scale)
        mu, logvar = self.mu(hidden), self.logvar(hidden)
        latent = mu + torch.randn_like(mu) * torch.exp(logvar * 0.5)
        return mu, logvar, self.decoder(latent) * self.unscale


def loss(model, events):
    """(1 - b) * masked squared error + b * KL divergence; empty slots do not count in the error."""
    mu, logvar, reconstruction = model(events)
    filled = (events[:, 0::3] > 0).repeat_interleave(3, dim=1)
    error = ((reconstruction - events) / YARDSTICK * filled) ** 2
    divergence = 0.5 * (mu**2 + torch.exp(logvar) - logvar - 1)
    return (1 - KL_SHARE) * error.mean() + KL_SHARE * divergence.mean()


def train(events, epochs, batch, rate, decay):
    model = Autoencoder()
    steps = len(events) // batch
    optimizer = torch.optim.Adam(model.parameters(), lr=rate, amsgrad=True, weight_decay=decay)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, rate, total_steps=epochs * steps)
    for epoch in range(epochs):
        order, total, start = torch.randperm(len(events)), 0.0, time.time()
        for step in range(steps):
            value = loss(model, events[order[step * batch:(step + 1) * batch]])
            optimizer.zero_grad()
            value.backward()
            optimizer.step()
            schedule.step()
            total += value.item()
        print(f"epoch {epoch + 1:2d}  loss {total / steps:.4f}  {time.time() - start:.1f} s", flush=True)
    return model.eval()


def export(model, path):
    """The trained model with its running means, BatchNormalization kept, any number of events."""
    names = ["events", "mu", "logvar", "reconstruction"]
    torch.onnx.export(model, torch.zeros(2, generate_events.FEATURES), str(path), opset_version=13,
                      training=torch.onnx.TrainingMode.PRESERVE, do_constant_folding=False,
                      input_names=names[:1], output_names=names[1:], dynamic_axes={name: {0: "batch"} for name in names})


def check(model, path):
    """The file, read by numpy, gives what PyTorch gives; nothing was folded or dropped."""
    events = check_export.load("calibration")
    exported = onnx.load(str(path))
    with torch.no_grad():
        expected = model(torch.from_numpy(events.astype(np.float32)))[:2]
    for name, want, got in zip(("mu", "logvar"), expected, check_export.evaluate(exported, events, ["mu", "logvar"])):
        difference = np.abs(want.numpy() - got).max()
        print(f"{name}: largest difference between PyTorch and the file {difference:.1e}")
        assert difference < 1e-3
    kinds = [node.op_type for node in exported.graph.node]
    assert kinds.count("BatchNormalization") == 4 and "RandomNormalLike" in kinds
    check_export.print_table(exported)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=250_000, help="TOY training events (default 250000)")
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--batch", type=int, default=1024)
    parser.add_argument("--rate", type=float, default=6e-3, help="top of the one-cycle learning rate")
    parser.add_argument("--decay", type=float, default=1e-5, help="weight decay")
    parser.add_argument("--seed", type=int, default=2021)
    parser.add_argument("-o", "--output", type=Path, default=check_export.FOLDER / "encoder.onnx")
    arguments = parser.parse_args()

    torch.set_num_threads(1)
    torch.manual_seed(arguments.seed)
    events = generate_events.make("background", arguments.events, arguments.seed, stream=0)
    model = train(torch.from_numpy(events), arguments.epochs, arguments.batch, arguments.rate, arguments.decay)
    export(model, arguments.output)
    check(model, arguments.output)


if __name__ == "__main__":
    main()
