#!/usr/bin/env bash
# Requests made up of the OpenAPI document, right and wrong ones, to a server of the documented run:
# `run.sh FILLRATE`, with the command to test. It needs schemathesis: `pip install schemathesis`.
set -euo pipefail
fillrate=$(realpath "$1")
here=$(realpath "$(dirname "${BASH_SOURCE[0]}")")

coproc server { exec "$fillrate" serve "$here/../../../../testdata/documented-run" 2>/dev/null; }
# What it remembers of a run is of no use to the next one.
memory=$(mktemp -d)
trap 'kill "$server_PID"; rm -rf "$memory"' EXIT
read -r line <&"${server[0]}"

cd "$memory"
schemathesis --config-file "$here/schemathesis.toml" run "$here/../../openapi.json" \
  --url "${line#listening on }" --header 'x-api-key: sk_test' --max-examples "${EXAMPLES:-30}" --checks \
  not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,response_headers_conformance,negative_data_rejection,unsupported_method
