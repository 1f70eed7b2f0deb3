#!/usr/bin/env bash
# Builds everything with warnings as errors and runs every test, on a machine with nothing but the .NET 10 SDK: what the tests need
# besides is installed here. Ends with one line "N passed, N failed, N skipped", taken from the test run's own summary.
set -euo pipefail
cd "$(dirname "$0")"

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

# The journeys drive a real Chromium.
if [ ! -x /usr/bin/chromium ]; then
  as_root apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium
fi

# Half of the tests run on PostgreSQL: each run starts a server of its own, on a free port and in a folder of its own.
if ! ls /usr/lib/postgresql/*/bin/initdb > /dev/null 2>&1; then
  as_root apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql
fi

# Some tests run two nodes behind the nginx that operators are given.
if [ ! -x /usr/sbin/nginx ]; then
  as_root apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends nginx-light
fi

dotnet build Xeno.Portal.sln --configuration Release

log=$(mktemp)
trap 'rm -f "$log"' EXIT
status=0
dotnet test --solution Xeno.Portal.sln --configuration Release --no-build --no-progress 2>&1 | tee "$log" || status=$?

count() { sed -n "s/^ *$1: *\([0-9][0-9]*\)$/\1/p" "$log" | tail -1; }
passed=$(count succeeded) failed=$(count failed) skipped=$(count skipped)
if [ -z "$passed" ]; then
  echo "The test run ended without a summary." >&2
  exit 1
fi

echo "$passed passed, $failed failed, $skipped skipped"
[ "$status" = 0 ] && [ "$failed" = 0 ] && [ "$passed" -gt 0 ]
