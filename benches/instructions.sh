#!/usr/bin/env bash
# How many instructions the scan of a byte takes, and whether that is more than it should be: times are noisy, this is not.
# Two files of one shape are counted under valgrind; their difference leaves out what a run costs whatever it reads.
#
#   benches/instructions.sh            count and compare; 1 if it is too many
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# With rustc 1.95, on AVX2, it takes 3.58. A change that costs a tenth fails; one that saves as much should lower this.
MOST=3.90

command -v valgrind >/dev/null || {
  echo 'valgrind is missing: install it' >&2
  exit 2
}
cargo build --release --locked --quiet
fillrate=${CARGO_TARGET_DIR:-target}/release/fillrate
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT

# instructions SIZE: executed for an audience of that size, by one thread. Valgrind knows AVX2, and no AVX-512.
instructions() {
  "$fillrate" sample "$folder/$1" --size "$1" --seed 1 >/dev/null
  FILLRATE_BACKEND=avx2 valgrind --tool=callgrind --callgrind-out-file=/dev/null \
    "$fillrate" stats --threads 1 "$folder/$1/audience.csv" 2>&1 >/dev/null |
    sed -n 's/^==[0-9]*== Collected : //p'
}

small=$(instructions 2MB)
large=$(instructions 12MB)
bytes=$(($(stat -c %s "$folder/12MB/audience.csv") - $(stat -c %s "$folder/2MB/audience.csv")))
awk -v instructions="$((large - small))" -v bytes="$bytes" -v most="$MOST" 'BEGIN {
  each = instructions / bytes
  printf "%.2f instructions a byte, of at most %.2f\n", each, most
  exit each > most
}'
