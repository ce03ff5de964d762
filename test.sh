#!/usr/bin/env bash
# Sets up, builds and tests everything; works from any folder, on a fresh Debian machine with the .NET SDK.
#   --no-install   as the first argument: install nothing, fail if something is missing
#   --quick        without the slow part: analyzers, C++ headers, conformance, benchmarks, packing, the command itself, tests of the trait Speed=Slow
#   --filter X     only the .NET tests whose full name contains X (or an expression such as 'FullyQualifiedName~A|FullyQualifiedName~B')
# The last line is "N passed, N failed, N skipped", over all of it; the exit code is 0 only if something passed and nothing failed.
# With CI=true, what a test would need and does not find is a failure.
set -u

root="$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")"
install=yes quick=no filter=""
while (($#)); do
  case "$1" in
    --no-install) install=no ;;
    --quick) quick=yes ;;
    --filter) filter="${2:?--filter needs a name}"; shift ;;
    *) sed -n '2,7s/^# \?//p' "$root/test.sh" >&2; exit 1 ;;
  esac
  shift
done
# shellcheck source=tools/lib.sh
source "$root/tools/lib.sh"
cd "$root" || exit 1
exec </dev/null

results="$build/test-results"
rm -rf "$results"
mkdir -p "$results"
passed=0 failed=0 skipped=0 filtered=0

count() { # PASSED FAILED SKIPPED
  passed=$((passed + $1)) failed=$((failed + $2)) skipped=$((skipped + $3))
}

finish() {
  printf '\n%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
  ((failed == 0 && passed > 0))
  exit
}

section() { printf '\n== %s (after %d s)\n' "$1" "$SECONDS"; }

# check PROMISE COMMAND...: one test; its output shows only if it fails.
check() {
  local promise="$1" started=$SECONDS
  shift
  if "$@" >"$results/check.log" 2>&1; then
    count 1 0 0
    printf 'passed (%d s): %s\n' $((SECONDS - started)) "$promise"
  else
    count 0 1 0
    cat "$results/check.log"
    printf 'FAILED: %s\n' "$promise"
    return 1
  fi
}

# script_tests NAME SCRIPT: a script that closes with "N passed, N failed, N skipped".
script_tests() {
  section "$1"
  local status=0 line
  # Indented: only the last line of all is a closing line.
  bash "$2" 2>&1 | tee "$results/script.log" | sed 's/^/  /'
  status=${PIPESTATUS[0]}
  line="$(grep -E '^[0-9]+ passed, [0-9]+ failed(, [0-9]+ skipped)?$' "$results/script.log" | tail -n 1)"
  if [[ $line =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed(,\ ([0-9]+)\ skipped)?$ ]]; then
    count "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}" "${BASH_REMATCH[4]:-0}"
    ((status == 0 || BASH_REMATCH[2] > 0)) && return
  fi
  printf 'FAILED: %s ended with exit code %s and "%s".\n' "$2" "$status" "$line"
  count 0 1 0
}

# dotnet_tests PROJECT MINUTES: counts what the result file says, not what was printed.
dotnet_tests() {
  section "$1"
  local status=0 counters total ok bad options=()
  [[ $quick == no ]] || options=(--filter "Speed!=Slow")
  [[ -z $filter ]] || options=(--filter "$filter")
  timeout --kill-after=30 "${2}m" dotnet test "tests/$1/bin/Release/net10.0/$1.dll" --nologo "${options[@]}" \
    --logger "trx;LogFileName=$1.trx" --results-directory "$results" || status=$?
  counters="$(grep -o '<Counters [^>]*>' "$results/$1.trx" 2>/dev/null | tail -n 1)"
  total="$(number total "$counters")" ok="$(number passed "$counters")"
  bad=$(($(number failed "$counters") + $(number error "$counters") + $(number timeout "$counters") + $(number aborted "$counters")))
  if ((status != 0 && bad == 0)); then
    printf 'FAILED: %s ended with exit code %s%s.\n' "$1" "$status" "$( ((status == 124)) && echo ", after $2 minutes")"
    bad=1 total=$((total + 1))
  elif ((total == 0)) && [[ -z $filter ]] && grep -rqE --include='*.cs' '\[(Fact|Theory)' "tests/$1"; then
    printf 'FAILED: %s has tests, and none ran.\n' "$1"
    bad=1 total=1
  fi
  count "$ok" "$bad" $((total - ok - bad))
  filtered=$((filtered + total))
}

number() { # ATTRIBUTE COUNTERS
  [[ $2 =~ [[:space:]]$1=\"([0-9]+)\" ]] && echo "${BASH_REMATCH[1]}" || echo 0
}

# --- Set-up ---------------------------------------------------------------------------------------------------------

section "set-up"
if ! require_dotnet_sdk; then
  count 0 1 0
  finish
fi
if ! ensure_tools verilator g++ make ghdl python3 onnxruntime hdf5 h5py chromium; then
  if [[ ${CI-} == true || $install == no ]]; then
    count 0 1 0
    finish
  fi
  say "going on without: tests that need what is missing are skipped."
fi
if [[ ! -d ../shared/data ]]; then
  say "../shared, with the reference data, is not beside the checkout: tests that need it are skipped."
  [[ ${CI-} != true ]] || count 0 1 0
fi

# --- Build ----------------------------------------------------------------------------------------------------------

section "build"
check "restores" dotnet restore Hls4Net.sln -nologo -v q --disable-build-servers || finish
# The fast tests need the tool and themselves.
built=(Hls4Net.sln)
# Analyzers take a third of the build; the whole run has them.
[[ $quick == no ]] || built=(tests/Hls4Net.Tests/Hls4Net.Tests.csproj -p:RunAnalyzers=false)
check "builds without warnings" dotnet build "${built[@]}" -c Release --no-restore -nologo -v q --tl:off -warnaserror --disable-build-servers || finish

# --- Tests ----------------------------------------------------------------------------------------------------------

if [[ -n $filter ]]; then
  [[ $filter == *[=~\&\|\!]* ]] || filter="FullyQualifiedName~$filter"
  dotnet_tests Hls4Net.Tests 10
  [[ $quick == yes ]] || dotnet_tests Hls4Net.Conformance 35
  if ((filtered == 0)); then
    printf 'FAILED: no test matches %s.\n' "$filter"
    count 0 1 0
  fi
  finish
fi

# Style and analyzers are part of the build.
check "is formatted (dotnet format Hls4Net.sln mends it)" dotnet format whitespace Hls4Net.sln --verify-no-changes --no-restore
script_tests "the scripts" tests/shell/run.sh
dotnet_tests Hls4Net.Tests 10
[[ $quick == no ]] || finish

script_tests "C++ headers" tests/cpp/run.sh
dotnet_tests Hls4Net.Conformance 35

# --- The command, from the checkout and as a package ------------------------------------------------------------------

runs_from_checkout() { ./hls4net --version && ./hls4net --help; }

# Every ./hls4net line in a code block of a page, in its order; long lines may be folded with a backslash.
commands_run() { # PAGE
  local commands line
  commands="$(awk '/^```/ { code = !code; next } code' "$1" | sed -e ':a' -e '/\\$/{N;s/\\\n//;ba' -e '}' | grep '^\./hls4net')"
  [[ -n $commands ]] || return
  while IFS= read -r line; do
    echo "$line"
    eval "$line" </dev/null || return
  done <<<"$commands"
}

# The example compiled by the package and by the checkout: the same bytes.
package_compiles_alike() {
  local model=examples/adc2021-vae/encoder.onnx
  "$results/tool/hls4net" compile "$model" -o "$results/by-package" --outputs mu --score mu2 || return
  ./hls4net compile "$model" -o "$results/by-checkout" --outputs mu --score mu2 || return
  diff -r "$results/by-package" "$results/by-checkout"
}

# The bundle of examples/codabench, with the submission that its page makes.
scoring_program_scores() {
  local python
  python="$(python_with_h5py)" || return
  "$python" examples/codabench/make_bundle.py --truth out/truth.csv --events 20000 -o out/bundle.zip || return
  "$python" examples/codabench/check.py out/bundle.zip out/team.h5 out/entry
}

packs() {
  dotnet pack compiler/Hls4Net.Cli/Hls4Net.Cli.csproj -c Release --no-build -nologo -v q --tl:off -o "$results/package" --disable-build-servers
}

installs_as_tool() {
  dotnet tool install Hls4Net --tool-path "$results/tool" --source "$results/package" --no-http-cache || return
  local packed checkout
  packed="$("$results/tool/hls4net" --version)" && checkout="$(./hls4net --version)" || return
  echo "package: $packed, checkout: $checkout"
  [[ -n $packed && $packed == "$checkout" ]]
}

package_is_complete() {
  local store file missing=0
  store="$(dirname "$(find "$results/tool/.store" -name hls4net.dll)")"
  while IFS= read -r file; do
    cmp "$file" "$store/$file" || missing=1
  done < <(find runtime-templates testbenches examples/adc2021-vae/*.onnx examples/adc2021-vae/*.npy -type f ! -name '*.md')
  return "$missing"
}

section "the command"
check "./hls4net builds and answers --version and --help" runs_from_checkout
check "every command of the README runs, the demo among them" commands_run README.md
for page in examples/*/README.md; do
  check "every command of $page runs" commands_run "$page"
done
check "the whole story of examples/adc2021-vae runs in one command" examples/adc2021-vae/story.sh --quick out/story
check "the scoring program of examples/codabench scores a submission, counts its operations, and refuses what is malformed" scoring_program_scores
if check "dotnet pack makes a package" packs && check "the package installs as a .NET tool of the same version" installs_as_tool; then
  check "the package holds every template, testbench and example" package_is_complete
  check "the package compiles to the same bytes as the checkout" package_compiles_alike
fi
finish
