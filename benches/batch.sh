#!/bin/sh
# How long `fillrate batch` takes: for 20,000 exports of 151 records, without and with a ledger, and for ten of 200 MB
# beside one of them alone. Needs 5 GB in a folder that is made for it: `benches/batch.sh FOLDER`, after
# `cargo build --release`. The first run of each warms the page cache.
set -eu
folder=$1
fillrate=$(dirname "$0")/../target/release/fillrate
fillrate=${FILLRATE:-$fillrate}

mkdir "$folder"
for seed in 0 1 2 3 4 5 6 7 8 9; do
    "$fillrate" sample "$folder/base/$seed" --records 151 --seed "$seed" > /dev/null
    "$fillrate" sample "$folder/large/$seed" --records 300000 --seed "$seed" > /dev/null
done
for number in $(seq 0 1999); do
    mkdir -p "$folder/small/$number"
    cp -R "$folder"/base/* "$folder/small/$number"
done

timed() {
    for _ in 1 2 3 4; do
        start=$(date +%s%N)
        "$fillrate" "$@" > /dev/null
        echo "$(( ($(date +%s%N) - start) / 1000000 )) ms: fillrate $1"
    done
}
echo "20,000 exports of 151 records"
timed batch "$folder/small" --quiet
echo "the same, none and then all of them in a ledger"
timed batch "$folder/small" --quiet --ledger "$folder/ledger"
echo "one export of 300,000 records"
timed verify "$folder/large/0/audience.csv"
echo "ten of them"
timed batch "$folder/large" --quiet
