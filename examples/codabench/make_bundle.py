#!/usr/bin/env python3
"""Packs a bundle for Codabench from the truth of a black box. Python 3, nothing else.

  hls4net events --generate blackbox --events 100000 --ids --truth truth.csv -o blackbox.h5
  make_bundle.py --truth truth.csv --events 100000 -o bundle.zip

Upload bundle.zip to Codabench (Benchmarks, Management, Upload), and publish blackbox.h5 where participants find it.
"""

import argparse
import csv
import json
import struct
import zipfile
import zlib
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
DATE = (2021, 11, 1, 0, 0, 0)


def logo(size=128):
    """A picture that is nobody's: a track that bends away from a bundle."""
    rows = bytearray()
    for y in range(size):
        rows.append(0)
        for x in range(size):
            t = y / size
            is_bundle = any(abs(x - size * (0.5 + spread * (1 - t))) < 1.2 for spread in (-0.3, -0.15, 0, 0.15))
            is_track = abs(x - size * (0.5 + 0.45 * (1 - t) ** 2)) < 2.5
            rows += bytes((230, 90, 40) if is_track else (40, 70, 120) if is_bundle else (250, 250, 248))

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(rows), 9)) + chunk(b"IEND", b"")


def truth_of(path, events):
    """What the scoring program reads."""
    with open(path, newline="") as file:
        rows = list(csv.reader(file))
    if not rows or rows[0] != ["EvtId", "Signal"]:
        raise SystemExit(f"{path}: the first line is not EvtId,Signal; write it with hls4net events --truth.")
    signals = {int(number): name for number, name in rows[1:]}
    if any(not 0 <= number < events for number in signals):
        raise SystemExit(f"{path}: it names an event beyond the {events} of the black box.")
    return json.dumps({"events": events, "signals": signals}) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--truth", required=True, help="EvtId,Signal of every signal")
    parser.add_argument("--events", type=int, required=True, help="events of the black box")
    parser.add_argument("-o", "--output", type=Path, default=Path("bundle.zip"))
    arguments = parser.parse_args()
    files = {"reference_data/truth.json": truth_of(arguments.truth, arguments.events).encode(), "logo.png": logo()}
    for path in [FOLDER / "competition.yaml", *sorted(FOLDER.glob("pages/*.md")), *sorted(FOLDER.glob("scoring_program/*.*"))]:
        files[str(path.relative_to(FOLDER))] = path.read_bytes()
    with zipfile.ZipFile(arguments.output, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, data in sorted(files.items()):
            # A fixed date: the same truth gives the same bytes.
            bundle.writestr(zipfile.ZipInfo(name, DATE), data, zipfile.ZIP_DEFLATED)
    print(f"{arguments.output}: {len(files)} files, {len(json.loads(files['reference_data/truth.json'])['signals'])} signals in {arguments.events} events")


if __name__ == "__main__":
    main()
