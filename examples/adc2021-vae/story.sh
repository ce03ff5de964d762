#!/usr/bin/env bash
# The whole story on TOY events, in one command: events in HDF5 with ghosts, compiled, evaluated, tuned, verified bit for bit, the rate against
# the threshold, a submission, and what a board and an experiment's software need.
#   examples/adc2021-vae/story.sh [--quick] [FOLDER]      --quick: fewer events, a few minutes; FOLDER: out/story
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
hls4net="$here/../../hls4net"
background=1000000 signal=20000 box=200000 verified=100000 tuned=50000 candidates=1500
if [[ ${1-} == --quick ]]; then
  background=50000 signal=2000 box=20000 verified=20000 tuned=20000 candidates=300
  shift
fi
out="${1:-out/story}"
mkdir -p "$out"

step() { printf '\n== %s\n' "$1"; }

step "events: $background of background and $signal of each signal, with slots that hold no momentum but are not empty"
"$hls4net" events --generate background --events "$background" --ghosts 0.05 -o "$out/background.h5"
signals=()
for name in a4l lq h0 hpm; do
  "$hls4net" events --generate "$name" --events "$signal" --seed 2 --ghosts 0.05 -o "$out/$name.h5"
  signals+=(--signal "$name=$out/$name.h5")
done
"$hls4net" events --generate blackbox --events "$box" --seed 3 --ids --truth "$out/truth.csv" -o "$out/blackbox.h5"
"$hls4net" events "$out/background.h5"

step "firmware with types that cannot overflow, and what it finds"
"$hls4net" compile "$here/encoder.onnx" -o "$out/wide" --outputs mu --score mu2 --calibrate "$here/calibration.npy" --emit verilog,hls
"$hls4net" evaluate "$out/wide" --background "$out/background.h5" "${signals[@]}"

step "types, pruning and weights of fewer digits for the least logic that finds as much: at most half a point of AUC may go"
"$hls4net" events --generate background --events "$tuned" --seed 5 -o "$out/tune-background.npy"
features=()
for name in a4l lq h0 hpm; do
  "$hls4net" events "$out/$name.h5" -o "$out/$name.npy" >/dev/null
  features+=(--signal "$name=$out/$name.npy")
done
"$hls4net" tune "$here/encoder.onnx" --outputs mu --score mu2 --calibrate "$out/tune-background.npy" "${features[@]}" \
  --metric auc --budget 0.5% --candidates "$candidates" -o "$out/tuned.yaml"
"$hls4net" compile "$here/encoder.onnx" -o "$out/firmware" --outputs mu --score mu2 --calibrate "$here/calibration.npy" -c "$out/tuned.yaml" \
  --emit verilog,hls,library,board --release v1 --max-latency 100ns

step "verified: every bit and every cycle"
"$hls4net" events --generate background --events "$verified" --seed 4 --ghosts 0.05 -o "$out/verified.h5"
"$hls4net" verify "$out/firmware" --input "$out/verified.h5"

step "rate against threshold, and what is left of the signals"
"$hls4net" evaluate "$out/firmware" --background "$out/background.h5" "${signals[@]}" --bunches 2544 --orbit 11.245kHz --csv "$out/curves.csv"

step "a submission: the thousand most unusual events of a black box"
"$hls4net" evaluate "$out/firmware" --black-box "$out/blackbox.h5" --submission "$out/submission.h5"

step "vectors for a board, and the board's answers"
"$hls4net" vectors "$out/firmware" -i "$here/calibration.npy" -o "$out/in.txt" --results "$out/results.txt" --format emp2 --links 4
"$hls4net" verify "$out/firmware" --vectors "$out/in.txt" --with verilator,library

step "done: everything is in $out"
