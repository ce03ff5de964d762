#!/usr/bin/env python3
"""Distils the score of a network into boosted trees (Python 3 with numpy, nothing else).

Trees learn the logarithm of the network's score from the network's own inputs: gradient boosting with a squared error, on histograms of
the features. Thresholds are numbers that the firmware's input type holds, leaves are multiples of 2^-LEAF_BITS. The result is what XGBoost's
save_model("trees.json") writes, so that anything that reads XGBoost's models reads it, `hls4net compile` among them.

  python3 distil.py --events features.npy --scores score.npy -o trees.json
"""

import argparse
import json
from pathlib import Path

import numpy as np

LEAF_BITS = 8
MOST_BINS = 64


def bins_of(column, step):
    """Thresholds between the quantiles of a feature, on its grid; an event goes left where it is less."""
    places = np.quantile(column, np.linspace(0, 1, MOST_BINS + 1)[1:-1])
    thresholds = np.unique(np.ceil(places / step) * step)
    return thresholds[thresholds > column.min()]


class Boosting:
    """Trees on binned features; every tree fits what the ones before it left."""

    def __init__(self, events, step, depth, rate, least):
        self.thresholds = [bins_of(column, step) for column in events.T]
        self.binned = np.stack([np.searchsorted(t, column, side="right") for t, column in zip(self.thresholds, events.T)])
        self.depth, self.rate, self.least = depth, rate, least
        self.width = max(len(t) for t in self.thresholds) + 1

    def grow(self, residual):
        """One tree as parallel lists, and what it adds to each event."""
        tree = {key: [] for key in ("left", "right", "parent", "feature", "threshold", "gain", "count")}
        added = np.zeros(len(residual))
        self.node(tree, residual, added, np.arange(len(residual)), -1, self.depth)
        return tree, added

    def node(self, tree, residual, added, members, parent, depth):
        place = len(tree["left"])
        for key, value in (("left", -1), ("right", -1), ("parent", parent), ("feature", 0), ("threshold", 0.0), ("gain", 0.0), ("count", len(members))):
            tree[key].append(value)
        feature, cut, gain = self.split(residual, members) if depth > 0 else (0, 0, 0.0)
        if gain <= 0:
            leaf = np.round(self.rate * residual[members].mean() * 2**LEAF_BITS) / 2**LEAF_BITS
            added[members] = tree["threshold"][place] = leaf
            return place
        isleft = self.binned[feature, members] < cut
        tree["feature"][place], tree["gain"][place] = feature, gain
        tree["threshold"][place] = self.thresholds[feature][cut - 1]
        tree["left"][place] = self.node(tree, residual, added, members[isleft], place, depth - 1)
        tree["right"][place] = self.node(tree, residual, added, members[~isleft], place, depth - 1)
        return place

    def split(self, residual, members):
        """The feature and the bin in front of which the squared error falls most."""
        best = (0, 0, 0.0)
        total, count = residual[members].sum(), len(members)
        for feature, column in enumerate(self.binned):
            bins = column[members]
            sums = np.cumsum(np.bincount(bins, residual[members], self.width))[:-1]
            counts = np.cumsum(np.bincount(bins, minlength=self.width))[:-1]
            good = (counts >= self.least) & (count - counts >= self.least)
            if not good.any():
                continue
            gains = np.where(good, sums**2 / np.maximum(counts, 1) + (total - sums) ** 2 / np.maximum(count - counts, 1), 0) - total**2 / count
            cut = int(gains.argmax())
            if gains[cut] > best[2]:
                best = (feature, cut + 1, float(gains[cut]))
        return best


def to_xgboost(trees, features, base):
    """The document of XGBoost's JSON schema, version 1.7."""
    def one(number, tree):
        count = len(tree["left"])
        return {
            "base_weights": tree["threshold"], "categories": [], "categories_nodes": [], "categories_segments": [], "categories_sizes": [],
            "default_left": [0] * count, "id": number, "left_children": tree["left"], "loss_changes": tree["gain"],
            "parents": [2147483647 if p < 0 else p for p in tree["parent"]], "right_children": tree["right"],
            "split_conditions": tree["threshold"], "split_indices": tree["feature"], "split_type": [0] * count, "sum_hessian": tree["count"],
            "tree_param": {"num_deleted": "0", "num_feature": str(features), "num_nodes": str(count), "size_leaf_vector": "0"},
        }
    booster = {"model": {"gbtree_model_param": {"num_parallel_tree": "1", "num_trees": str(len(trees)), "size_leaf_vector": "0"},
                         "tree_info": [0] * len(trees), "trees": [one(k, t) for k, t in enumerate(trees)]}, "name": "gbtree"}
    return {"learner": {"attributes": {}, "feature_names": [], "feature_types": [], "gradient_booster": booster,
                        "learner_model_param": {"base_score": repr(base), "boost_from_average": "1", "num_class": "0", "num_feature": str(features), "num_target": "1"},
                        "objective": {"name": "reg:squarederror", "reg_loss_param": {"scale_pos_weight": "1"}}}, "version": [1, 7, 4]}


def plain(value):
    """Numbers of numpy as those of Python, so that they can be written."""
    return value.item() if isinstance(value, np.generic) else value


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", required=True, help="features, .npy of shape [events, features]")
    parser.add_argument("--scores", required=True, help="the network's score of each, .npy")
    parser.add_argument("--trees", type=int, default=30)
    parser.add_argument("--depth", type=int, default=4)
    parser.add_argument("--rate", type=float, default=0.3)
    parser.add_argument("--least", type=int, default=50, help="fewest events in a leaf")
    parser.add_argument("--step", type=float, default=1 / 16, help="unit of the firmware's input type")
    parser.add_argument("-o", "--output", type=Path, default=Path(__file__).resolve().parent / "trees.json")
    arguments = parser.parse_args()
    events = np.load(arguments.events).astype(np.float64)
    events = np.floor(events.reshape(len(events), -1) / arguments.step + 0.5) * arguments.step
    target = np.log2(np.load(arguments.scores).astype(np.float64).reshape(-1) + 2**-6)
    # The last fifth is not trained on.
    seen = len(events) * 4 // 5
    boosting = Boosting(events, arguments.step, arguments.depth, arguments.rate, arguments.least)
    boosting.binned = boosting.binned[:, :seen]
    base = float(np.round(target[:seen].mean() * 2**LEAF_BITS) / 2**LEAF_BITS)
    left, trees = target[:seen] - base, []
    for _ in range(arguments.trees):
        tree, added = boosting.grow(left)
        trees.append({key: [plain(v) for v in values] for key, values in tree.items()})
        left = left - added
    found = base + sum(predict(tree, events[seen:]) for tree in trees)
    print(f"{len(trees)} trees, {sum(len(t['left']) for t in trees)} nodes; of the spread of the network's score they explain "
          f"{100 * (1 - left.var() / target[:seen].var()):.1f} % on the events they saw, {100 * (1 - (target[seen:] - found).var() / target[seen:].var()):.1f} % on others")
    arguments.output.write_text(json.dumps(to_xgboost(trees, events.shape[1], base)) + "\n")


def predict(tree, events):
    """What a tree gives for each event."""
    place = np.zeros(len(events), dtype=int)
    left, right, feature, threshold = (np.array(tree[key]) for key in ("left", "right", "feature", "threshold"))
    while (left[place] >= 0).any():
        inner = left[place] >= 0
        isleft = events[np.arange(len(events)), feature[place]] < threshold[place]
        place = np.where(inner, np.where(isleft, left[place], right[place]), place)
    return threshold[place]


if __name__ == "__main__":
    main()
