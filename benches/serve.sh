#!/bin/sh
# How fast the emulator answers, and how fast `fetch` writes: stats from the cache, asked for by `wrk`; an export of 1 GB,
# streamed to `curl`, with the emulator's memory; and the same export fetched, hashed and counted. All of them share the
# cores. Needs `wrk`, `curl` and 2 GB in a folder that is made for it, after `cargo build --release`:
# `benches/serve.sh FOLDER`.
set -eu
folder=$1
fillrate=$(dirname "$0")/../target/release/fillrate
fillrate=${FILLRATE:-$fillrate}
audience=8c049a20-3385-42da-b710-0d038eff5812
run=ad53af16-efbc-4fe1-a764-ded7181653a1
key='x-api-key: sk_test'

mkdir "$folder"
"$fillrate" sample "$folder/served/$audience/$run" --size 1GB > /dev/null
"$fillrate" serve "$folder/served" > "$folder/address" 2> /dev/null &
server=$!
trap 'kill $server' EXIT
until [ -s "$folder/address" ]; do sleep 0.1; done
origin=$(sed 's/^listening on //' "$folder/address")
calls=$origin/v1/intent/audiences/$audience/runs/$run

memory() {
    echo "$1: $(awk '/^RssAnon/ { print $2 }' "/proc/$server/status") kB of its own"
}

echo 'stats from the cache'
curl --silent --fail --header "$key" "$calls/stats" > "$folder/stats.json"
wrk --threads 1 --connections 16 --duration 10s --header "$key" "$calls/stats" | grep -E 'requests in|Non-2xx|Requests/sec'

echo 'a stored export of 1 GB'
signed=$(curl --silent --fail --request POST --header "$key" "$calls/exports" |
    sed 's/.*"downloadUrl": *"\([^"]*\)".*/\1/')
memory before
for _ in 1 2 3 4 5; do
    curl --silent --fail --output /dev/null --write-out '%{size_download} bytes at %{speed_download} a second\n' "$signed"
done
memory after

echo 'the same, fetched'
for _ in 1 2 3 4 5; do
    rm -rf "$folder/out"
    start=$(date +%s%N)
    LEADPIPE_API_KEY=sk_test "$fillrate" fetch "$audience" "$run" --out "$folder/out" --base-url "$origin" --quiet > /dev/null
    echo "$(( ($(date +%s%N) - start) / 1000000 )) ms"
done
