"""Draws TOY events for the networks of this folder: enough structure to be learnt, and no more claim than that.

Every generator takes a numpy random generator and a number of events and returns (events, labels): float32
arrays with the event first and whole numbers, or None where a network learns to return what it is given.
"""

import numpy as np


def machine_sounds(random, events):
    """Five frames of 128 spectral bands (dB over the noise, about -1 to 3): a machine's hum with its overtones."""
    bands = np.arange(128)
    pitch = random.uniform(9, 13, (events, 1, 1))
    loudness = random.uniform(1.5, 2.5, (events, 1, 1))
    swell = 1 + 0.2 * np.sin(random.uniform(0, 2 * np.pi, (events, 1, 1)) + np.arange(5).reshape(1, 5, 1))
    distance = np.abs((bands + pitch / 2) % pitch - pitch / 2)
    hum = loudness * swell * np.exp(-distance**2 / 4) * np.exp(-bands / 60)
    return (hum + random.normal(0, 0.2, (events, 5, 128))).reshape(events, 640).astype(np.float32), None


def spoken_words(random, events):
    """One channel of 49 frames and 10 coefficients: twelve words, each a path of three formants through time."""
    paths = np.random.default_rng(7).uniform(0, 9, (12, 3, 4))  # the words: where each formant is at four times
    words = random.integers(0, 12, events)
    start, stretch = random.uniform(0, 10, (events, 1)), random.uniform(28, 38, (events, 1))
    time = np.clip((np.arange(49) - start) / stretch, 0, 1) * 2.999
    step = time.astype(int)
    is_heard = (time > 0) & (time < 2.999)
    spectra = np.zeros((events, 49, 10))
    for formant in range(3):
        path = paths[words, formant]
        before, after = np.take_along_axis(path, step, 1), np.take_along_axis(path, step + 1, 1)
        place = before + (after - before) * (time - step)
        spectra += np.exp(-(np.arange(10) - place[..., None]) ** 2) * is_heard[..., None]
    spectra = spectra * random.uniform(0.7, 1.3, (events, 1, 1)) + random.normal(0, 0.15, spectra.shape)
    return spectra[:, None].astype(np.float32), words


def colour_textures(random, events):
    """Three channels of 32 x 32 pixels in 0 to 1: ten kinds of stripes, by direction and colour."""
    kinds = random.integers(0, 10, events)
    angle = (kinds % 5) * np.pi / 5 + random.normal(0, 0.08, events)
    y, x = np.mgrid[0:32, 0:32]
    along = x * np.cos(angle)[:, None, None] + y * np.sin(angle)[:, None, None]
    phase = random.uniform(0, 2 * np.pi, (events, 1, 1))
    stripes = np.sin(along * random.uniform(0.5, 0.9, (events, 1, 1)) + phase)
    tint = np.where((kinds < 5)[:, None], [0.30, 0.15, 0.05], [0.05, 0.15, 0.30])
    images = 0.5 + stripes[:, None] * tint[:, :, None, None] + random.normal(0, 0.1, (events, 3, 32, 32))
    return np.clip(images, 0, 1).astype(np.float32), kinds


# The strokes of the digits 0 to 9 on a grid two wide and four high, as lines between corners (x, y).
_CORNERS = [(0, 0), (2, 0), (0, 2), (2, 2), (0, 4), (2, 4)]
_STROKES = [(0, 1), (0, 2), (1, 3), (2, 3), (2, 4), (3, 5), (4, 5)]
_DIGITS = [(0, 1, 2, 4, 5, 6), (2, 5), (0, 2, 3, 4, 6), (0, 2, 3, 5, 6), (1, 2, 3, 5),
           (0, 1, 3, 5, 6), (0, 1, 3, 4, 5, 6), (0, 2, 5), (0, 1, 2, 3, 4, 5, 6), (0, 1, 2, 3, 5, 6)]


def digits(random, events):
    """One channel of 28 x 28 pixels in 0 to 1: digits of straight strokes, turned, slanted, scaled and shifted."""
    labels = random.integers(0, 10, events)
    y, x = np.mgrid[0:28, 0:28].astype(float)
    images = np.zeros((events, 28, 28))
    for n in range(events):
        turn, slant, size = random.normal(0, 0.12), random.normal(0, 0.15), random.uniform(4.0, 5.2)
        (dx, dy), width = random.uniform(-2, 2, 2), random.uniform(1.0, 1.8)
        matrix = np.array([[np.cos(turn), slant - np.sin(turn)], [np.sin(turn), np.cos(turn)]]) * size
        corners = (np.array(_CORNERS) - (1, 2)) @ matrix.T + (13.5 + dx, 13.5 + dy)
        nearest = np.full((28, 28), np.inf)
        for stroke in _DIGITS[labels[n]]:
            (ax, ay), (bx, by) = (corners[k] for k in _STROKES[stroke])
            share = np.clip(((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2), 0, 1)
            nearest = np.minimum(nearest, np.hypot(x - ax - share * (bx - ax), y - ay - share * (by - ay)))
        images[n] = np.clip(width + 0.5 - nearest, 0, 1)
    return np.clip(images + random.normal(0, 0.05, images.shape), 0, 1)[:, None].astype(np.float32), labels


def particle_sets(random, events):
    """Sixteen particles with pT share, eta and phi about the jet's axis: jets with one, two or three cores."""
    labels = random.integers(0, 3, events)
    cores = random.normal(0, 0.3, (events, 3, 2))
    share = random.dirichlet(np.ones(16) * 0.5, events)
    share = -np.sort(-share, axis=1)
    core = random.integers(0, 3, (events, 16)) % (labels[:, None] + 1)
    place = np.take_along_axis(cores, core[..., None], 1) + random.normal(0, 0.05, (events, 16, 2))
    place -= (share[..., None] * place).sum(1, keepdims=True)
    is_there = share > 0.002
    return (np.concatenate([share[..., None], place], 2) * is_there[..., None]).astype(np.float32), labels
