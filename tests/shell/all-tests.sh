# Promises of ./test.sh: what it counts and when it fails. Sourced by run.sh.

# A checkout where everything passes: 2 + 3 tests of scripts and 5 of .NET; each case then breaks one thing.
complete_checkout() {
  local project
  entry="$checkout/test.sh"
  mkdir -p "$checkout/tests/shell" "$checkout/tests/cpp" "$checkout/../shared/data" "$checkout/.tools"
  echo 'echo "2 passed, 0 failed, 1 skipped"' >"$checkout/tests/shell/run.sh"
  echo 'echo noise; echo "3 passed, 0 failed"; echo noise' >"$checkout/tests/cpp/run.sh"
  for project in Hls4Net.Tests Hls4Net.Conformance; do
    mkdir -p "$checkout/tests/$project"
    echo '[Fact]' >"$checkout/tests/$project/Some.cs"
  done
  for project in verilator g++ make npm; do ln -sf "$(command -v cat)" "$bin/$project"; done
  for project in grep sed tee timeout touch cmp; do ln -sf "$(command -v "$project")" "$bin/$project"; done
  stand_in dotnet '
    case "$1" in
      --list-sdks) echo "10.0.100 [/sdk]" ;;
      restore | build | format) echo "$*" >>"$LOG"; [[ $1 != "${BROKEN-}" ]] ;;
      test)
        echo "$*" >>"$LOG"
        while [[ $1 != --results-directory ]]; do [[ $1 != trx* ]] || file="${1#*=}"; shift; done
        [[ -n ${NO_RESULTS-} ]] || echo "<Counters total=\"${TOTAL:-6}\" executed=\"5\" passed=\"${PASSED:-5}\" failed=\"${FAILED:-0}\" error=\"0\" timeout=\"0\" aborted=\"0\" />" >"$2/$file"
        exit "${TEST_EXIT:-0}" ;;
    esac'
}

# The last line of all is the closing line.
closes_with() { # STATUS LINE
  expect status "$status" "$1"
  expect "closing line" "${output##*$'\n'}" "$2"
  expect "lines that read as closing lines" "$(grep -cE '^[0-9]+ passed' "$scratch/output")" 1
}

counts_everything() {
  complete_checkout
  run --quick
  # 2 + 3 of scripts, 5 of .NET; restoring, building and formatting.
  closes_with 0 "13 passed, 0 failed, 2 skipped"
  expect "installed" "$(grep -c '^onnxruntime' "$log")" 1
}
test_case "test.sh counts every test of every suite" counts_everything

fails_with_a_failed_test() {
  complete_checkout
  export PASSED=4 FAILED=1 TEST_EXIT=1
  run --quick
  closes_with 1 "12 passed, 1 failed, 2 skipped"
}
test_case "test.sh fails when a test fails" fails_with_a_failed_test

fails_with_a_crash() {
  complete_checkout
  export TEST_EXIT=1
  run --quick
  closes_with 1 "13 passed, 1 failed, 2 skipped"
  export NO_RESULTS=yes
  run --quick
  closes_with 1 "8 passed, 1 failed, 1 skipped"
}
test_case "test.sh fails when a test run breaks off, with or without results" fails_with_a_crash

fails_without_tests() {
  complete_checkout
  export TOTAL=0 PASSED=0
  run --quick
  closes_with 1 "8 passed, 1 failed, 1 skipped"
  run --quick --filter Nothing
  closes_with 1 "2 passed, 1 failed, 0 skipped"
}
test_case "test.sh fails when no test ran" fails_without_tests

fails_with_a_broken_script() {
  complete_checkout
  echo 'echo "2 passed, 0 failed"; exit 3' >"$checkout/tests/shell/run.sh"
  run --quick
  closes_with 1 "13 passed, 1 failed, 1 skipped"
  echo 'exit 0' >"$checkout/tests/shell/run.sh"
  run --quick
  closes_with 1 "11 passed, 1 failed, 1 skipped"
}
test_case "test.sh fails when a script of tests fails or counts nothing" fails_with_a_broken_script

fails_when_not_built() {
  complete_checkout
  export BROKEN=build
  run --quick
  closes_with 1 "1 passed, 1 failed, 0 skipped"
  export BROKEN=format
  run --quick
  closes_with 1 "12 passed, 1 failed, 2 skipped"
}
test_case "test.sh fails when the build or the format does" fails_when_not_built

needs_references_in_ci() {
  complete_checkout
  rm -r "$checkout/../shared"
  run --quick
  closes_with 0 "13 passed, 0 failed, 2 skipped"
  export CI=true
  run --quick
  closes_with 1 "13 passed, 1 failed, 2 skipped"
  rm "$bin/verilator" "$bin/apt-get"
  run --quick
  closes_with 1 "0 passed, 1 failed, 0 skipped"
}
test_case "test.sh fails in CI without the reference data or the tools" needs_references_in_ci

filters_by_name() {
  complete_checkout
  run --quick --filter Some
  # Restoring and building still count; 5 tests of .NET.
  expect_in log "$(<"$log")" "--filter FullyQualifiedName~Some"
  expect status "$status" 0
  run --quick --filter 'Name=A|Name=B'
  expect_in log "$(<"$log")" "--filter Name=A|Name=B"
}
test_case "test.sh --filter runs the tests of that name" filters_by_name
