#!/usr/bin/env python3
"""Trains the networks of this folder on TOY events and writes NAME.onnx and NAME.npy (events to calibrate with).

  train.py                       every network, two minutes of one CPU core
  train.py resnet8 deep-set      some of them
"""

import argparse
import sys
import time
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional

import toys

FOLDER = Path(__file__).resolve().parent
sys.path.append(str(FOLDER.parent / "adc2021-vae"))
import generate_events  # noqa: E402


def normed(layer, channels):
    """A layer without bias, batch normalisation, ReLU."""
    normalisation = nn.BatchNorm1d if isinstance(layer, nn.Linear) else nn.BatchNorm2d
    return nn.Sequential(layer, normalisation(channels), nn.ReLU())


def sound_autoencoder():
    """640-128x4-8-128x4-640, the shape of the anomaly detection of MLPerf Tiny."""
    widths = [640, 128, 128, 128, 128, 8, 128, 128, 128, 128]
    return nn.Sequential(*[normed(nn.Linear(a, b, bias=False), b) for a, b in zip(widths, widths[1:])], nn.Linear(128, 640))


def keyword_spotting():
    """A convolution, then four pairs of depthwise and pointwise ones, as the keyword spotting of MLPerf Tiny."""
    layers = [normed(nn.Conv2d(1, 64, (10, 4), 2, padding=(5, 1), bias=False), 64)]
    for _ in range(4):
        layers += [normed(nn.Conv2d(64, 64, 3, padding=1, groups=64, bias=False), 64), normed(nn.Conv2d(64, 64, 1, bias=False), 64)]
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 12))


class Residual(nn.Module):
    """Two 3 x 3 convolutions beside a shortcut, which is a 1 x 1 convolution where the shape changes."""

    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.first = normed(nn.Conv2d(inputs, outputs, 3, stride, padding=1, bias=False), outputs)
        self.second = nn.Sequential(nn.Conv2d(outputs, outputs, 3, padding=1, bias=False), nn.BatchNorm2d(outputs))
        self.shortcut = nn.Identity() if stride == 1 else nn.Conv2d(inputs, outputs, 1, stride)

    def forward(self, x):
        return functional.relu(self.second(self.first(x)) + self.shortcut(x))


def resnet8():
    """32 x 32 pixels, 16 to 64 channels in three blocks, as the image classification of MLPerf Tiny."""
    return nn.Sequential(normed(nn.Conv2d(3, 16, 3, padding=1, bias=False), 16), Residual(16, 16, 1), Residual(16, 32, 2),
                         Residual(32, 64, 2), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10))


def digit_classifier():
    """28 x 28 pixels, two convolutions with maxima, two dense layers."""
    return nn.Sequential(nn.Conv2d(1, 8, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(8, 16, 3), nn.ReLU(), nn.MaxPool2d(2),
                         nn.Flatten(), nn.Linear(400, 32), nn.ReLU(), nn.Linear(32, 10))


def adc2021_encoder():
    """19 x 3 image with a row of zeros above; 16 filters 3 x 3, 32 filters 3 x 1, averages of three rows, latent 8."""
    return nn.Sequential(nn.ZeroPad2d((0, 0, 1, 0)), nn.BatchNorm2d(1),
                         nn.Conv2d(1, 16, 3, bias=False), nn.ReLU(), nn.AvgPool2d((3, 1)),
                         nn.Conv2d(16, 32, (3, 1), padding=(1, 0), bias=False), nn.ReLU(), nn.AvgPool2d((3, 1)),
                         nn.Flatten(), nn.Linear(64, 8))


class Reshape(nn.Module):
    """Every event in another shape; PyTorch 1.13 cannot export nn.Unflatten."""

    def __init__(self, *shape):
        super().__init__()
        self.shape = shape

    def forward(self, x):
        return x.reshape(-1, *self.shape)


def adc2021_decoder():
    """Back from latent 8 to the 19 x 3 image."""
    return nn.Sequential(nn.Linear(8, 64), nn.ReLU(), Reshape(32, 2, 1),
                         nn.Conv2d(32, 32, (3, 1), padding=(1, 0)), nn.ReLU(), nn.Upsample(scale_factor=(3.0, 1.0)), nn.ZeroPad2d((1, 1, 0, 0)),
                         nn.Conv2d(32, 16, (3, 1), padding=(1, 0)), nn.ReLU(), nn.Upsample(scale_factor=(3.0, 1.0)), nn.ZeroPad2d((0, 0, 1, 0)),
                         nn.Conv2d(16, 1, 3, padding=1))


class DeepSet(nn.Module):
    """The same two layers for each of sixteen particles, their average, two layers more."""

    def __init__(self):
        super().__init__()
        self.each = nn.Sequential(nn.Linear(3, 32), nn.ReLU(), nn.Linear(32, 32), nn.ReLU())
        self.all = nn.Sequential(nn.Linear(32, 32), nn.ReLU(), nn.Linear(32, 3))

    def forward(self, particles):
        return self.all(self.each(particles).mean(1))


def images(random, events):
    """TOY background events in the ADC2021 layout, pT over 32 GeV, as one channel of 19 x 3."""
    drawn = generate_events.make("background", events, int(random.integers(1 << 31)), stream=3)
    return drawn.reshape(events, 1, 19, 3) / np.array([32, 1, 1], np.float32), None


# Name: what makes it, its events, training events, steps of 64 events, output names.
NETWORKS = {
    "sound-autoencoder": (sound_autoencoder, toys.machine_sounds, 20_000, 1_500, ["reconstruction"]),
    "keyword-spotting": (keyword_spotting, toys.spoken_words, 6_000, 500, ["scores"]),
    "resnet8": (resnet8, toys.colour_textures, 4_000, 400, ["scores"]),
    "digits": (digit_classifier, toys.digits, 6_000, 1_000, ["scores"]),
    "adc2021-cnn": (lambda: nn.Sequential(adc2021_encoder(), adc2021_decoder()), images, 50_000, 2_000, ["reconstruction"]),
    "deep-set": (DeepSet, toys.particle_sets, 30_000, 3_000, ["scores"]),
}


def error(model, events, labels):
    """The loss: cross entropy where there are labels, else the mean squared error of the reconstruction."""
    return functional.mse_loss(model(events), events) if labels is None else functional.cross_entropy(model(events), labels)


def train(model, events, labels, steps, random):
    optimizer = torch.optim.Adam(model.parameters(), 3e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 3e-3, total_steps=steps)
    for _ in range(steps):
        chosen = torch.from_numpy(random.integers(0, len(events), 64))
        loss = error(model, events[chosen], None if labels is None else labels[chosen])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
    return model.eval()


def quality(model, events, labels):
    """What the network does on events that it was not trained on."""
    with torch.no_grad():
        if labels is None:
            return f"explains {1 - error(model, events, None).item() / events.var(0).mean().item():.1%} of the variance"
        return f"{(model(events).argmax(1) == labels).float().mean().item():.1%} of the events right"


def export(model, name, events, output):
    torch.onnx.export(model, events[:2], str(FOLDER / f"{name}.onnx"), opset_version=13, input_names=["events"],
                      output_names=[output], dynamic_axes={"events": {0: "batch"}, output: {0: "batch"}})


def make(name, seed):
    architecture, draw, size, steps, (output,) = NETWORKS[name]
    torch.manual_seed(seed)
    random, start = np.random.default_rng(seed), time.time()
    events, labels = (None if a is None else torch.from_numpy(a) for a in draw(random, size + 1_000))
    parts = [(events[k], None if labels is None else labels[k]) for k in (slice(size), slice(size, None))]
    model = train(architecture(), *parts[0], steps, random)
    weights = sum(p.numel() for p in model.parameters() if p.dim() > 1)
    print(f"{name}: {weights:,} weights; {quality(model, *parts[1])}; {time.time() - start:.0f} s", flush=True)
    export(model, name, events, output)
    if name == "adc2021-cnn":
        export(model[0], f"{name}-encoder", events, "latent")
    kept = 64 if events[0].numel() < 1_000 else 16  # files of at most 200 kB
    np.save(FOLDER / f"{name}.npy", parts[1][0][:kept].numpy())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("networks", nargs="*", metavar="NAME", help=f"one of {', '.join(NETWORKS)}; all by default")
    parser.add_argument("--seed", type=int, default=2021)
    arguments = parser.parse_args()
    if unknown := set(arguments.networks) - NETWORKS.keys():
        parser.error(f"no network is called {', '.join(sorted(unknown))}; there are {', '.join(NETWORKS)}")
    torch.set_num_threads(1)
    for name in arguments.networks or NETWORKS:
        make(name, arguments.seed)


if __name__ == "__main__":
    main()
