#!/usr/bin/env python3
"""TOY events in the format of the ADC2021 data challenge.

The real files cannot be shipped, so this script draws events that have their layout and, roughly,
their shape: 57 numbers an event, (pT, eta, phi) of 19 objects, interleaved:

    column 0-2    missing transverse energy (eta is always 0)
    column 3-14   up to 4 electrons or photons   |eta| < 3.0
    column 15-26  up to 4 muons                  |eta| < 2.1
    column 27-56  up to 10 jets                  |eta| < 4.0

pT is in GeV and falls inside each block; phi is in radians, inside (-pi, pi]. An empty slot is three
zeros; a slot is filled if and only if pT > 0. An event is kept if its leading electron or muon has
more than 23 GeV. No parton density, shower or detector simulation is behind this: hand-made
distributions, tuned until the signals separate from the background about as well as published studies
report. It shows a chain of tools at work and is no evidence about any method or any physics.
"""

import argparse
from pathlib import Path

import numpy as np

OBJECTS = 19
FEATURES = 3 * OBJECTS
BLOCKS = {"electron": (1, 4, 3.0), "muon": (5, 4, 2.1), "jet": (9, 10, 4.0)}  # first slot, slots, |eta| limit
BACKGROUND_MIX = {"w": 0.592, "qcd": 0.338, "z": 0.067, "tt": 0.003}
LEPTON_CUT = 23.0   # GeV, of the leading electron or muon
JET_CUT = 15.0      # GeV
SOFT_LEPTON_CUT = 3.0
CHUNK = 20_000      # events drawn at a time

# The files of this folder: name, process, events, stream of random numbers (train.py uses stream 0).
COMMITTED = (
    ("background.npy", "background", 12_000, 1),
    ("calibration.npy", "background", 4_000, 2),
    ("signal_a4l.npy", "a4l", 2_000, 3),
    ("signal_lq.npy", "lq", 2_000, 4),
    ("signal_h0.npy", "h0", 2_000, 5),
    ("signal_hpm.npy", "hpm", 2_000, 6),
)


# --- kinematics: a momentum is an array [events, 4] of (px, py, pz, E) in GeV ---------------------------


def from_collider(pt, eta, phi, mass=0.0):
    """Momentum of a particle given by pT, pseudorapidity (rapidity if it has a mass) and azimuth."""
    transverse_mass = np.sqrt(pt**2 + mass**2)
    return np.stack([pt * np.cos(phi), pt * np.sin(phi),
                     transverse_mass * np.sinh(eta), transverse_mass * np.cosh(eta)], axis=1)


def to_collider(p):
    """pT, pseudorapidity and azimuth; all zero where there is no particle."""
    pt = np.hypot(p[..., 0], p[..., 1])
    eta = np.arcsinh(p[..., 2] / np.maximum(pt, 1e-9))
    return pt, np.where(pt > 0, eta, 0.0), np.where(pt > 0, np.arctan2(p[..., 1], p[..., 0]), 0.0)


def boost(p, parent, mass):
    """Carries p from the rest frame of the parent to the frame in which the parent was given."""
    beta = parent[:, :3] / parent[:, 3:]
    gamma = (parent[:, 3] / mass)[:, None]
    along = np.sum(beta * p[:, :3], axis=1, keepdims=True)
    momentum = p[:, :3] + beta * (gamma**2 / (gamma + 1) * along + gamma * p[:, 3:])
    return np.concatenate([momentum, gamma * (p[:, 3:] + along)], axis=1)


def two_body(rng, parent, mass, mass1=0.0, mass2=0.0, polarised=False):
    """The two daughters of each parent; cos(theta) is flat, or 1 + cos^2 if polarised."""
    u = rng.random(len(parent))
    cos = 2 * np.sinh(np.arcsinh(4 * u - 2) / 3) if polarised else 2 * u - 1
    sin, phi = np.sqrt(1 - cos**2), rng.uniform(-np.pi, np.pi, len(parent))
    k = np.sqrt((mass**2 - (mass1 + mass2) ** 2) * (mass**2 - (mass1 - mass2) ** 2)) / (2 * mass)
    direction = np.stack([sin * np.cos(phi), sin * np.sin(phi), cos], axis=1) * k[:, None]
    one = np.concatenate([direction, np.sqrt(k**2 + mass1**2)[:, None]], axis=1)
    two = np.concatenate([-direction, np.sqrt(k**2 + mass2**2)[:, None]], axis=1)
    return boost(one, parent, mass), boost(two, parent, mass)


def breit_wigner(rng, n, mass, width):
    """Masses within 12 widths of the pole."""
    edge = np.arctan(24.0) / np.pi
    return mass + width / 2 * np.tan(np.pi * rng.uniform(-edge, edge, n))


def resonance(rng, n, mass, p0, power):
    """Momenta with the density pT / (pT^2 + p0^2)^power up to 600 GeV and a wide rapidity."""
    pt = p0 * np.sqrt((1 - rng.random(n)) ** (-1 / (power - 1)) - 1)
    rapidity = np.clip(rng.normal(0, 1.9, n), -4.5, 4.5)
    return from_collider(np.minimum(pt, 600), rapidity, rng.uniform(-np.pi, np.pi, n), mass)


# --- the final state of n events ------------------------------------------------------------------------


class Final:
    """Collects what the detector sees of n events: momenta per kind, and the sum that the MET balances."""

    def __init__(self, rng, n):
        self.rng, self.n = rng, n
        self.objects = {kind: [] for kind in BLOCKS}
        self.visible = np.zeros((n, 2))

    def add(self, kind, p, where=True, balanced=False):
        """Adds one object per event where asked; a balanced one does not enter the MET."""
        p = p * np.broadcast_to(where, self.n)[:, None]
        self.objects[kind].append(p)
        if not balanced:
            self.visible += p[:, :2]

    def jet(self, p, where=True, balanced=False):
        """Smears by 90 % / sqrt(pT) and keeps what passes the cut; softer ones only enter the MET."""
        pt = np.maximum(np.hypot(p[:, 0], p[:, 1]), 1e-6)
        factor = np.maximum(1 + 0.9 / np.sqrt(np.maximum(pt, 4.0)) * self.rng.normal(size=self.n), 0.05)
        self.add("jet", p * factor[:, None], where, balanced)

    def electron(self, p, where=True, own_jet=True, balanced=False):
        """2 % resolution, 88 % efficiency; found or not, it also appears among the jets."""
        where = np.broadcast_to(where, self.n)
        p = p * (1 + 0.02 * self.rng.normal(size=self.n))[:, None]
        found = self.rng.random(self.n) < 0.88
        self.add("electron", p, where & found, balanced=True)
        if own_jet:
            self.add("jet", p * self.rng.normal(1.03, 0.04, self.n)[:, None], where, balanced)

    def muon(self, p, where=True, balanced=False):
        """1.5 % resolution, 95 % efficiency; a lost muon is missing momentum."""
        found = self.rng.random(self.n) < 0.95
        p = p * (1 + 0.015 * self.rng.normal(size=self.n))[:, None]
        self.add("muon", p, where & found, balanced)

    def tau(self, p, where=True):
        """17.8 % to e, 17.4 % to mu, the rest to a narrow jet; neutrinos carry the remainder."""
        mode = self.rng.random(self.n)
        x = np.linspace(0, 1, 1001)
        leptonic = np.interp(self.rng.random(self.n), 5 / 3 * x - x**3 + x**4 / 3, x)[:, None]
        hadronic = self.rng.beta(2.4, 1.6, self.n)[:, None]
        self.electron(p * leptonic, where & (mode < 0.178))
        self.muon(p * leptonic, where & (mode >= 0.178) & (mode < 0.352))
        self.jet(p * hadronic, where & (mode >= 0.352))

    def lepton(self, p, flavour, where=True):
        """Adds an electron (0), a muon (1) or a tau (2)."""
        self.electron(p, where & (flavour == 0))
        self.muon(p, where & (flavour == 1))
        self.tau(p, where & (flavour == 2))

    def recoil(self, parent):
        """Radiation that balances the parent's pT: 1 + Poisson(pT / 160 GeV) jets, four at most."""
        rng, n = self.rng, self.n
        pt, _, phi = to_collider(parent)
        count = 1 + np.minimum(rng.poisson(pt / 160), 3)
        left = -parent[:, :2]
        for i in range(4):
            last = count == i + 1
            share = np.where(last, 1.0, rng.uniform(0.2, 0.7, n))[:, None]
            angle = np.where(last, 0.0, rng.normal(0, 0.35, n))
            turned = np.stack([left[:, 0] * np.cos(angle) - left[:, 1] * np.sin(angle),
                               left[:, 0] * np.sin(angle) + left[:, 1] * np.cos(angle)], axis=1) * share
            turned = np.where((count > i)[:, None], turned, 0.0)
            left = left - turned
            self.jet(from_collider(np.hypot(turned[:, 0], turned[:, 1]), rng.normal(0, 1.7, n),
                                   np.arctan2(turned[:, 1], turned[:, 0])))

    def underlying(self):
        """Pile-up jets, rare hard cascades and fake leptons: what every process has in common."""
        rng, n = self.rng, self.n
        pileup = rng.poisson(0.10, n)
        cascade = np.where(rng.random(n) < 0.035, rng.geometric(0.42, n), 0)
        somewhere = lambda pt, width: from_collider(pt, rng.normal(0, width, n), rng.uniform(-np.pi, np.pi, n))
        for i in range(3):
            self.jet(somewhere(15 + rng.exponential(7, n), 2.2), pileup > i, balanced=True)
        for i in range(8):
            self.jet(somewhere(30 * (1 - rng.random(n)) ** (-1 / 2.6), 1.7), cascade > i, balanced=True)
        for i in range(2):
            chance = 0.003 * 0.3**i
            self.electron(somewhere(4 + rng.exponential(14, n), 1.5), rng.random(n) < chance, balanced=True)
            self.muon(somewhere(4 + rng.exponential(14, n), 1.2), rng.random(n) < chance, balanced=True)

    def events(self):
        """The kept events, float64 [kept, 57]."""
        out = np.zeros((self.n, OBJECTS, 3))
        met = -self.visible + self.rng.normal(0, 8.5, (self.n, 2))
        out[:, 0, 0], out[:, 0, 2] = np.hypot(met[:, 0], met[:, 1]), np.arctan2(met[:, 1], met[:, 0])
        for kind, (first, slots, limit) in BLOCKS.items():
            found = np.stack(to_collider(np.stack(self.objects[kind], axis=1)), axis=2)
            cut = JET_CUT if kind == "jet" else SOFT_LEPTON_CUT
            found[(found[..., 0] < cut) | (np.abs(found[..., 1]) >= limit)] = 0
            order = np.argsort(-found[..., 0], axis=1, kind="stable")[:, :slots]
            found = np.take_along_axis(found, order[..., None], axis=1)
            out[:, first:first + found.shape[1]] = found
        return out[np.maximum(out[:, 1, 0], out[:, 5, 0]) > LEPTON_CUT].reshape(-1, FEATURES)


# --- processes: each fills a Final; `hardness` scales the pT of the signals -----------------------------


def draw_w(rng, final, hardness):
    """W -> l nu, the three flavours alike."""
    mass = breit_wigner(rng, final.n, 80.4, 2.1)
    parent = resonance(rng, final.n, mass, 9, 2.1)
    lepton, _ = two_body(rng, parent, mass, polarised=True)
    final.lepton(lepton, rng.integers(0, 3, final.n))
    final.recoil(parent)


def draw_z(rng, final, hardness):
    """Z -> l l, the three flavours alike."""
    mass = breit_wigner(rng, final.n, 91.2, 2.5)
    parent = resonance(rng, final.n, mass, 9, 2.1)
    flavour = rng.integers(0, 3, final.n)
    for lepton in two_body(rng, parent, mass, polarised=True):
        final.lepton(lepton, flavour)
    final.recoil(parent)


def draw_qcd(rng, final, hardness):
    """Two back-to-back jets, a lepton (55 % e, 35 % of those fake) in the first, a few more jets."""
    n = final.n
    pt = np.minimum(24 * (1 - rng.random(n)) ** (-1 / 4.2), 800)
    eta, phi = rng.normal(0, 1.6, n), rng.uniform(-np.pi, np.pi, n)
    share = rng.beta(2.2, 1.6, n)
    electron = rng.random(n) < 0.55
    fake = electron & (rng.random(n) < 0.35)
    neutrino = np.where(fake, 0.0, (1 - share) * rng.uniform(0, 0.5, n))
    final.jet(from_collider(pt * (1 - neutrino - np.where(electron, 0.0, share)), eta, phi))
    lepton = from_collider(pt * share, eta + rng.normal(0, 0.03, n), phi + rng.normal(0, 0.03, n))
    final.electron(lepton, electron, own_jet=False)
    final.muon(lepton, ~electron)
    final.jet(from_collider(pt, eta + rng.normal(0, 1.0, n), phi + np.pi + rng.normal(0, 0.15, n)))
    for i in range(4):
        soft = pt * rng.uniform(0.3, 0.9, n)
        more = from_collider(soft, rng.normal(0, 1.9, n), rng.uniform(-np.pi, np.pi, n))
        final.jet(more, rng.random(n) < 0.16 ** (i + 1), balanced=True)


def draw_tt(rng, final, hardness):
    """Top pairs, each t -> W b; 67.4 % of the W go to two jets."""
    n = final.n
    pt, phi = np.abs(rng.normal(110, 70, n)), rng.uniform(-np.pi, np.pi, n)
    top_mass = np.full(n, 172.5)
    for side in range(2):
        top = from_collider(pt, rng.normal(0, 1.0, n), phi + side * np.pi, top_mass)
        w_mass = breit_wigner(rng, n, 80.4, 2.1)
        w, b = two_body(rng, top, top_mass, w_mass)
        one, two = two_body(rng, w, w_mass, polarised=True)
        hadronic = rng.random(n) < 0.674
        final.jet(b)
        final.jet(one, hadronic)
        final.jet(two, hadronic)
        final.lepton(one, rng.integers(0, 3, n), ~hadronic)


def draw_a4l(rng, final, hardness):
    """A(50 GeV) -> two light particles of 4 to 24 GeV, each to ee or mumu."""
    n = final.n
    mass = np.full(n, 50.0)
    parent = resonance(rng, n, mass, 22 * hardness, 2.0)
    masses = rng.uniform(4, 24, (2, n))
    for light, light_mass in zip(two_body(rng, parent, mass, *masses), masses):
        flavour = rng.integers(0, 2, n)
        for lepton in two_body(rng, light, light_mass):
            final.lepton(lepton, flavour)
    final.recoil(parent)


def draw_lq(rng, final, hardness):
    """Leptoquark(80 GeV) -> b tau."""
    mass = np.full(final.n, 80.0)
    parent = resonance(rng, final.n, mass, 25 * hardness, 2.0)
    b, tau = two_body(rng, parent, mass)
    final.jet(b)
    final.tau(tau)
    final.recoil(parent)


def draw_h0(rng, final, hardness):
    """h0(60 GeV) -> tau tau."""
    mass = np.full(final.n, 60.0)
    parent = resonance(rng, final.n, mass, 22 * hardness, 2.0)
    for tau in two_body(rng, parent, mass):
        final.tau(tau)
    final.recoil(parent)


def draw_hpm(rng, final, hardness):
    """h+-(60 GeV) -> tau nu."""
    mass = np.full(final.n, 60.0)
    parent = resonance(rng, final.n, mass, 22 * hardness, 2.0)
    tau, _ = two_body(rng, parent, mass)
    final.tau(tau)
    final.recoil(parent)


PROCESSES = {"w": draw_w, "z": draw_z, "qcd": draw_qcd, "tt": draw_tt,
             "a4l": draw_a4l, "lq": draw_lq, "h0": draw_h0, "hpm": draw_hpm}


# --- samples --------------------------------------------------------------------------------------------


def process_events(rng, process, count, hardness):
    """Draws until `count` events of one process pass the selection."""
    kept, total = [], 0
    while total < count:
        final = Final(rng, CHUNK)
        PROCESSES[process](rng, final, hardness)
        final.underlying()
        kept.append(final.events())
        total += len(kept[-1])
    return np.concatenate(kept)[:count] if kept else np.zeros((0, FEATURES))


def add_ghosts(rng, events, probability):
    """Inserts, with this probability per event, a jet slot (0, 0, phi) as a bug in the real files leaves it."""
    jets = events[:, 27:].reshape(len(events), 10, 3)
    for event in np.flatnonzero(rng.random(len(events)) < probability):
        place = rng.integers(0, 10)
        jets[event, place + 1:] = jets[event, place:-1].copy()
        jets[event, place] = 0, 0, rng.uniform(-3.1, 3.1)
    events[:, 27:] = jets.reshape(len(events), 30)


def make(process, count, seed, stream=0, hardness=2.0, ghosts=0.0):
    """`count` toy events of a process or of the background mixture, float32 [count, 57].

    pT is rounded to 0.01 GeV, eta and phi to 0.001, so that the last bits of a library's sine do not show.
    """
    rng = np.random.default_rng([seed, stream])
    if process == "background":
        edges = np.round(np.cumsum([0.0, *BACKGROUND_MIX.values()]) * count).astype(int)
        parts = [process_events(rng, name, n, hardness) for name, n in zip(BACKGROUND_MIX, np.diff(edges))]
        events = rng.permutation(np.concatenate(parts))
    else:
        events = process_events(rng, process, count, hardness)
    if ghosts > 0:
        add_ghosts(rng, events, ghosts)
    events[:, 0::3] = np.round(events[:, 0::3], 2)
    events[:, 1::3] = np.round(events[:, 1::3], 3)
    events[:, 2::3] = np.clip(np.round(events[:, 2::3], 3), -3.141, 3.141)
    return (events + 0.0).astype(np.float32)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--process", choices=["background", *PROCESSES],
                        help="draw one sample; without it, the six files of this folder are written")
    parser.add_argument("--events", type=int, default=10_000, help="how many to keep (default 10000)")
    parser.add_argument("--seed", type=int, default=2021, help="default 2021, the one of the committed files")
    parser.add_argument("--stream", type=int, default=100,
                        help="independent sample of the same seed (default 100; 0 is what the model was "
                             "trained on, 1 to 6 are the committed files)")
    parser.add_argument("--hardness", type=float, default=2.0, help="scale of the signals' pT (default 2)")
    parser.add_argument("--ghosts", type=float, default=0.0,
                        help="probability of a jet slot with pT = 0 but phi != 0 (default 0)")
    parser.add_argument("-o", "--output", type=Path,
                        help="the .npy file with --process, otherwise a folder (default: this one)")
    arguments = parser.parse_args()
    if arguments.process:
        jobs = [(arguments.output or Path(f"{arguments.process}.npy"), arguments.process,
                 arguments.events, arguments.stream)]
    else:
        folder = arguments.output or Path(__file__).resolve().parent
        jobs = [(folder / name, process, count, stream) for name, process, count, stream in COMMITTED]
    for path, process, count, stream in jobs:
        np.save(path, make(process, count, arguments.seed, stream, arguments.hardness, arguments.ghosts))
        print(f"{path}: {count} TOY events, process {process}")


if __name__ == "__main__":
    main()
