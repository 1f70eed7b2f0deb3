#!/usr/bin/env bash
# ./test.sh                  builds everything with warnings as errors and runs every test, on a machine with nothing but the .NET 10 SDK:
#                            what the tests need besides is installed here
# ./test.sh fast             builds and runs the tests of the category Fast alone; needs nothing but the SDK, installs nothing
# ./test.sh mutants CODE [TESTS]
#                            changes code bit by bit, runs the Fast tests that reach it, and lists the changes that no test noticed.
#                            CODE: folders or files (OAuth/Rules,Apps/AppNames.cs). TESTS: other tests, by the beginnings of their names
# The first two end with one line "N passed, N failed, N skipped", taken from the test run's own summary.
set -euo pipefail
cd "$(dirname "$0")"

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

install_package() {
  as_root apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$1"
}

install_what_tests_need() {
  # The journeys drive a real Chromium.
  [ -x /usr/bin/chromium ] || install_package chromium

  # The category Database starts a server of its own, on a free port and in a folder of its own.
  ls /usr/lib/postgresql/*/bin/initdb > /dev/null 2>&1 || install_package postgresql

  # Some tests run two nodes behind the nginx that operators are given.
  [ -x /usr/sbin/nginx ] || install_package nginx-light

  # Others put a transaction pooler before the database.
  [ -x /usr/sbin/pgbouncer ] || install_package pgbouncer

  # Others judge the unit for systemd, and start it; systemd need not be what this machine runs.
  [ -x /usr/bin/systemd-analyze ] || install_package systemd
}

# Runs what was built, and prints the summary's numbers as the last line.
run_tests() {
  local log status=0
  log=$(mktemp)
  dotnet test --no-build --no-progress "$@" 2>&1 | tee "$log" || status=$?

  count() { sed -n "s/^ *$1: *\([0-9][0-9]*\)$/\1/p" "$log" | tail -1; }
  local passed failed skipped
  passed=$(count succeeded) failed=$(count failed) skipped=$(count skipped)
  rm -f "$log"
  if [ -z "$passed" ]; then
    echo "The test run ended without a summary." >&2
    exit 1
  fi

  echo "$passed passed, $failed failed, $skipped skipped"
  [ "$status" = 0 ] && [ "$failed" = 0 ] && [ "$passed" -gt 0 ]
}

# Runs Stryker over folders or files of the portal, or of Data where the names begin so. Reports stay in artifacts/mutants.
run_mutants() {
  local what=$1 tests=${2:-} project=Xeno.Portal.csproj top=Xeno.Portal part mutate=()
  case "$what" in
    Data/*) project=Xeno.Portal.Data.csproj top=Data ;;
  esac
  for part in ${what//,/ }; do
    [ "$top" = Data ] && part=${part#Data/}
    if [ -d "$top/${part%/}" ]; then
      part=${part%/}/**/*.cs
    elif [ ! -f "$top/${part%%\{*}" ]; then
      echo "There is no folder or file $part in $top." >&2
      exit 2
    fi
    mutate+=(--mutate "$part")
  done

  # Stryker runs each test alone to see what it reaches, which takes seconds where a portal has to start: so not all tests, but those
  # that reach the code.
  if [ -z "$tests" ]; then
    case "$what" in
      OAuth*) tests=OAuth,Limits,Weaknesses ;;
      Apps*) tests=Apps,History,Weaknesses ;;
      Data/OAuth*) tests=Data,Grants,History,Installations,Lifecycle,OAuth ;;
      *) tests=${what%%/*} ;;
    esac
  fi

  local output=$PWD/artifacts/mutants bin=$PWD/Xeno.Portal.Tests/bin/Debug/net10.0
  mkdir -p "$output"

  # The strings in Data are statements: an empty one fails in every test that runs it. They are static, so each would need all tests.
  local ignored=
  [ "$top" = Data ] && ignored='"string"'
  # "off" runs all tests for each change, for code that runs once in a process, as the mapping does: no matter which test comes first.
  cat > "$output/stryker-config.json" << END
{ "stryker-config": { "ignore-mutations": [$ignored], "coverage-analysis": "${XENO_MUTANT_COVERAGE:-perTest}" } }
END

  dotnet tool restore > /dev/null
  dotnet build Xeno.Portal.Tests -v quiet -clp:ErrorsOnly

  # It chooses tests by name only, so the classes of the category are named to it.
  local fast
  fast=$(dotnet "$bin/Xeno.Portal.Tests.dll" -noLogo -trait "Category=${XENO_MUTANT_CATEGORY:-Fast}" -list classes \
    | grep -E "^Xeno\.Portal\.Tests\.(${tests//,/|})" | sed 's/^/ClassName=/' | paste -sd'|')

  # One failing test is enough to catch a change; Stryker itself would wait for the others.
  trap "rm -f '$bin/xunit.runner.json'" EXIT
  echo '{ "stopOnFail": true }' > "$bin/xunit.runner.json"

  # "shared" is several times faster, but changes in static fields have no effect then (Support/FreshProcessForEachMutant).
  export XENO_MUTANT_PROCESS=${XENO_MUTANT_PROCESS:-fresh}

  cd Xeno.Portal.Tests
  dotnet dotnet-stryker --config-file ../artifacts/mutants/stryker-config.json --test-runner mtp --test-case-filter "$fast" \
    --project "$project" "${mutate[@]}" --reporter ClearText --reporter Html --reporter Json --output "$output" --skip-version-check
}

case "${1:-all}" in
  all)
    install_what_tests_need
    dotnet build Xeno.Portal.sln --configuration Release
    run_tests --solution Xeno.Portal.sln --configuration Release
    ;;
  fast)
    dotnet build Xeno.Portal.Tests -v quiet -clp:ErrorsOnly
    run_tests --project Xeno.Portal.Tests --filter-trait Category=Fast
    ;;
  mutants)
    run_mutants "${2:?Name folders or files, for example Apps, Accounts, OAuth/Rules or Data/OAuth.}" "${3:-}"
    ;;
  *)
    sed -n '2,8s/^# //p' "$0" >&2
    exit 2
    ;;
esac
