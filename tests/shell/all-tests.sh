# Promises of ./test.sh: what it counts and when it fails. Sourced by run.sh.

# A checkout where everything passes; each case then breaks one thing. --quick counts restoring, building and formatting,
# 2 tests of scripts and 5 of .NET; without it come 3 of C++, 5 more of .NET and 9 checks of the command.
complete_checkout() {
  local project
  entry="$checkout/test.sh"
  mkdir -p "$checkout/tests/shell" "$checkout/tests/cpp" "$checkout/../shared/data" "$checkout/runtime-templates"
  echo bench >"$checkout/testbenches/bench.cpp"
  mkdir -p "$checkout/examples/adc2021-vae"
  echo model >"$checkout/examples/adc2021-vae/encoder.onnx"
  echo events >"$checkout/examples/adc2021-vae/events.npy"
  page '```' './hls4net demo     # in one line' './hls4net verify DIR \' '    --json' '```' >"$checkout/README.md"
  page 'Type ./hls4net nothing outside of a block.' '```bash' './hls4net emulate DIR' 'echo no command of ours' '```' \
    >"$checkout/examples/adc2021-vae/README.md"
  echo 'echo "2 passed, 0 failed, 1 skipped"' >"$checkout/tests/shell/run.sh"
  echo 'echo noise; echo "3 passed, 0 failed"; echo noise' >"$checkout/tests/cpp/run.sh"
  for project in Hls4Net.Tests Hls4Net.Conformance; do
    mkdir -p "$checkout/tests/$project"
    echo '[Fact]' >"$checkout/tests/$project/Some.cs"
  done
  for project in verilator g++ make ghdl npm hdf5-tools chromium; do ln -sf "$(command -v cat)" "$bin/$project"; done
  for project in awk cmp cp diff grep sed tee timeout touch; do ln -sf "$(command -v "$project")" "$bin/$project"; done
  stand_in python3 'exit 0'
  page '#!/usr/bin/env bash' >"$checkout/examples/adc2021-vae/story.sh"
  chmod +x "$checkout/examples/adc2021-vae/story.sh"
  stand_in dotnet '
    case "$1" in
      --list-sdks) echo "10.0.100 [/sdk]" ;;
      restore | build | format) echo "$*" >>"$LOG"; [[ $1 != "${BROKEN-}" ]] ;;
      test)
        echo "$*" >>"$LOG"
        while [[ $1 != --results-directory ]]; do [[ $1 != trx* ]] || file="${1#*=}"; shift; done
        [[ -n ${NO_RESULTS-} ]] || echo "<Counters total=\"${TOTAL:-6}\" executed=\"5\" passed=\"${PASSED:-5}\" failed=\"${FAILED:-0}\" error=\"0\" timeout=\"0\" aborted=\"0\" />" >"$2/$file"
        exit "${TEST_EXIT:-0}" ;;
      publish) while [[ $1 != -o ]]; do shift; done; mkdir -p "$2"; echo >"$2/hls4net.dll" ;;
      */hls4net.dll)
        echo "hls4net ${*:2}" >>"$LOG"
        [[ $2 != compile ]] || { mkdir -p "$5"; echo firmware >"$5/top.v"; }
        [[ $2 != "${BROKEN-}" ]] || exit 3
        echo "hls4net 1.0"; exit "${TOOL_EXIT:-0}" ;;
      pack) [[ $1 != "${BROKEN-}" ]] ;;
      tool)
        while [[ $1 != --tool-path ]]; do shift; done
        mkdir -p "$2/.store/x"
        cp -r runtime-templates testbenches examples "$2/.store/x/"
        echo >"$2/.store/x/hls4net.dll"
        [[ -z ${INCOMPLETE-} ]] || rm "$2/.store/x/testbenches/bench.cpp"
        {
          echo "#!/usr/bin/env bash"
          echo "if [[ \$1 == compile ]]; then mkdir -p \"\$4\"; echo ${PACKED_FIRMWARE:-firmware} >\"\$4/top.v\"; fi"
          echo "echo hls4net ${PACKED:-1.0}"
        } >"$2/hls4net"
        chmod +x "$2/hls4net" ;;
    esac'
}

# page LINE...: a page of text.
page() { printf '%s\n' "$@"; }

# The last line of all is the closing line.
closes_with() { # STATUS LINE
  expect status "$status" "$1"
  expect "closing line" "${output##*$'\n'}" "$2"
  expect "lines that read as closing lines" "$(grep -cE '^[0-9]+ passed' "$scratch/output")" 1
}

counts_everything() {
  complete_checkout
  run --quick
  closes_with 0 "10 passed, 0 failed, 2 skipped"
  run
  closes_with 0 "27 passed, 0 failed, 3 skipped"
  expect "installed" "$(grep -c '^onnxruntime' "$log")" 1
}
test_case "test.sh counts every test of every suite" counts_everything

fails_with_a_failed_test() {
  complete_checkout
  export PASSED=4 FAILED=1 TEST_EXIT=1
  run --quick
  closes_with 1 "9 passed, 1 failed, 2 skipped"
}
test_case "test.sh fails when a test fails" fails_with_a_failed_test

fails_with_a_crash() {
  complete_checkout
  export TEST_EXIT=1
  run --quick
  closes_with 1 "10 passed, 1 failed, 2 skipped"
  export NO_RESULTS=yes
  run --quick
  closes_with 1 "5 passed, 1 failed, 1 skipped"
}
test_case "test.sh fails when a test run breaks off, with or without results" fails_with_a_crash

fails_without_tests() {
  complete_checkout
  export TOTAL=0 PASSED=0
  run --quick
  closes_with 1 "5 passed, 1 failed, 1 skipped"
  run --quick --filter Nothing
  closes_with 1 "2 passed, 1 failed, 0 skipped"
}
test_case "test.sh fails when no test ran" fails_without_tests

fails_with_a_broken_script() {
  complete_checkout
  echo 'echo "2 passed, 0 failed"; exit 3' >"$checkout/tests/shell/run.sh"
  run --quick
  closes_with 1 "10 passed, 1 failed, 1 skipped"
  echo 'exit 0' >"$checkout/tests/shell/run.sh"
  run --quick
  closes_with 1 "8 passed, 1 failed, 1 skipped"
}
test_case "test.sh fails when a script of tests fails or counts nothing" fails_with_a_broken_script

fails_when_not_built() {
  complete_checkout
  export BROKEN=build
  run --quick
  closes_with 1 "1 passed, 1 failed, 0 skipped"
  export BROKEN=format
  run --quick
  closes_with 1 "9 passed, 1 failed, 2 skipped"
}
test_case "test.sh fails when the build or the format does" fails_when_not_built

fails_with_a_bad_package() {
  complete_checkout
  export BROKEN=pack
  run
  closes_with 1 "23 passed, 1 failed, 3 skipped"
  export BROKEN=nothing PACKED=0.9
  run
  closes_with 1 "24 passed, 1 failed, 3 skipped"
  export PACKED=1.0 INCOMPLETE=yes
  run
  closes_with 1 "26 passed, 1 failed, 3 skipped"
  unset INCOMPLETE
  export PACKED_FIRMWARE=other
  run
  closes_with 1 "26 passed, 1 failed, 3 skipped"
  unset PACKED_FIRMWARE
  export TOOL_EXIT=2
  run
  expect "status when the tool fails" "$status" 1
}
test_case "test.sh fails when the package is not made, not of this version, not complete or compiles otherwise, or the tool fails" fails_with_a_bad_package

runs_the_commands_of_the_pages() {
  complete_checkout
  run
  expect "commands" "$(grep -E '^hls4net (demo|verify|emulate|nothing)' "$log" | tr '\n' '|')" "hls4net demo|hls4net verify DIR --json|hls4net emulate DIR|"
  local broken
  for broken in demo verify emulate; do
    export BROKEN="$broken"
    run
    closes_with 1 "26 passed, 1 failed, 3 skipped"
  done
  unset BROKEN
  page 'No commands here.' >"$checkout/README.md"
  run
  closes_with 1 "26 passed, 1 failed, 3 skipped"
}
test_case "test.sh runs every command of the README and of the example, and fails with the first that does" runs_the_commands_of_the_pages

needs_references_in_ci() {
  complete_checkout
  rm -r "$checkout/../shared"
  run --quick
  closes_with 0 "10 passed, 0 failed, 2 skipped"
  export CI=true
  run --quick
  closes_with 1 "10 passed, 1 failed, 2 skipped"
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
