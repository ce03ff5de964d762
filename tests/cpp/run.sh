#!/usr/bin/env bash
# Builds and runs the tests of testbenches/ap_types.
#
# usage: run.sh [SHARED_DIR]
#
# SHARED_DIR holds data/fixed-point, the reference data computed with the vendor's headers; by default the folder
# `shared` beside the repository. Without it only the self-contained tests run.
# Every section checks many results and counts as one test in the closing line.
# AP_TYPES_DIR names another folder with ap_int.h, ap_fixed.h and hls_stream.h to test, CXX another compiler.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
reference=${1:-$root/../shared}/data/fixed-point
headers=${AP_TYPES_DIR:-$root/testbenches/ap_types}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
skipped=0

build() { # SOURCE PROGRAM
    "${CXX:-g++}" -std=c++17 -O1 -Wall -Wextra -Werror -Wno-unknown-pragmas -I"$headers" -I"$work" "$here/$1" -o "$work/$2"
}

run() { # PROGRAM ARGUMENTS...
    local program=$1
    shift
    # A section that ends early has no line of its own.
    if ! "$work/$program" "$@" | tee -a "$work/output"; then echo "$program: FAILED" >>"$work/output"; fi
}

build ap_types_arith_test.cpp arith
run arith
build ap_types_cast_test.cpp cast
run cast

mkdir "$work/csv"
python3 "$here/gen_wide_cases.py" "$work/csv"
if [ -d "$reference" ]; then
    cp "$reference/arith.csv" "$reference/lut_index.csv" "$work/csv/"
    for name in cast_from_signed cast_from_unsigned cast_from_double; do
        gzip -dc "$reference/$name.csv.gz" > "$work/csv/$name.csv"
    done
else
    echo "SKIPPED: no reference data in $reference; only the self-contained tests run"
    skipped=5
fi
python3 "$here/gen_dispatch.py" "$work"/csv/*.csv > "$work/dispatch.inc"
build ap_types_csv_test.cpp csv_test
run csv_test "$work"/csv/*.csv

awk -v skipped="$skipped" '
    / checks, [0-9]+ mismatches$/ { done += $(NF - 3); bad += $(NF - 1); if ($(NF - 1) == 0 && $(NF - 3) > 0) passed++; else failed++ }
    /: FAILED$/ { broken++ }
    END {
        printf "ap_types: %d checks, %d mismatches\n", done, bad
        if (broken > failed) failed = broken
        printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped
        exit failed > 0 || passed == 0
    }' "$work/output"
