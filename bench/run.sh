#!/usr/bin/env bash
# Measures the portal: publishes it as it is shipped, installs the tools, and runs the bench with these arguments:
#   bench/run.sh                          all legs at 1, 16 and 64 connections, fsyncs, allocations, memory, start
#   bench/run.sh --peer                   the same for oidc-provider on Node.js, and the ratios
#   bench/run.sh --against FOLDER         the same for another build (a folder with Xeno.Portal.dll), and the ratios
#   bench/run.sh --tokens 1000000         the same on a store with a million tokens, and the ratios
#   bench/run.sh --connections 16 --requests 8000 --no-start
#   bench/run.sh --old-cookies            the same with a session that is older than a minute, as those of people are
#   bench/run.sh hold                     four minutes at 64 connections: errors and memory
#   bench/run.sh open-pages               memory of a thousand interactive pages
#   bench/run.sh many-tokens              what /installed sends and holds for an account with 20,000 tokens of one app
#   bench/run.sh log-in-flood             how long apps wait while 200 connections post log-ins; also with --against FOLDER
#   bench/run.sh pages                    CPU of the pages, and Lighthouse's scores
#   bench/run.sh micro --filter '*'       pure computing, by BenchmarkDotNet
# docs/performance.md says how to read the results.
set -euo pipefail
cd "$(dirname "$0")/.."

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

need() {
  command -v "$1" > /dev/null && return
  as_root apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${2:-$1}"
}
need wrk
need strace
case " $* " in *" --peer "* | " pages ") need npm ;; esac
case " $* " in " pages ") need chromium ;; esac

out=$PWD/bench/bin/run
dotnet build bench --configuration Release --output "$out" --verbosity quiet
dotnet publish Xeno.Portal --configuration Release --output "$out/portal" --verbosity quiet

npm_install() { [ -d "$1/node_modules" ] || (cd "$1" && npm install --no-audit --no-fund); }

case " $* " in
  *" --peer "*) npm_install "$out/peers/oidc-provider" ;;
  " pages ") npm_install "$out/pages" ;;
esac

exec dotnet "$out/Xeno.Portal.Bench.dll" "$@"
