#!/usr/bin/env bash
# Tests of the scripts ./hls4net and ./test.sh: with stand-ins for dotnet, apt-get and the tools on a PATH of its own,
# so that nothing is installed or compiled. Each test states the promise. Closes with "N passed, N failed, N skipped".
set -u
repository="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
scratch="$(mktemp -d)"
trap 'rm -rf "$scratch"' EXIT
passed=0 failed=0

# A checkout with two sources, and a PATH with ordinary commands and a dotnet that only records what it was asked.
fresh_checkout() {
  checkout="$scratch/check out" bin="$scratch/bin" log="$scratch/log"
  rm -rf "$checkout" "$bin" "$scratch/user"
  mkdir -p "$checkout/compiler/Hls4Net.Cli/obj" "$checkout/tools" "$checkout/testbenches" "$bin" "$scratch/user"
  : >"$log"
  cp "$repository/hls4net" "$repository/test.sh" "$checkout/"
  cp "$repository/tools/lib.sh" "$checkout/tools/"
  echo a >"$checkout/compiler/Hls4Net.Cli/A.cs"
  echo b >"$checkout/compiler/Hls4Net.Cli/B.cs"
  echo 'echo "onnxruntime" >>"$LOG"' >"$checkout/tools/install-onnxruntime.sh"
  local command
  for command in bash basename cat chmod cksum cut dirname env find flock grep head ln mkdir mv readlink rm sha1sum sleep sort tail tr; do
    ln -s "$(command -v "$command")" "$bin/$command"
  done
  stand_in dotnet '
    case "$1" in
      --list-sdks) echo "10.0.100 [/sdk]" ;;
      publish)
        echo publish >>"$LOG"
        sleep "${BUILD_SECONDS:-0}"
        [[ -z ${BUILD_FAILS-} ]] || { echo "A.cs(1,1): error CS1002: ; expected"; exit 1; }
        while [[ $1 != -o ]]; do shift; done
        mkdir -p "$2"; echo >"$2/hls4net.dll" ;;
      */hls4net.dll) shift; printf "%s|" "in $PWD" "$@"; exit "${TOOL_EXIT:-0}" ;;
    esac'
  stand_in apt-get '
    echo "apt-get $*" >>"$LOG"
    [[ "$*" != *install* ]] || for package; do
      case "$package" in verilator | g++ | make | npm | hdf5-tools) ln -sf "$(command -v cat)" "$BIN/$package" ;; esac
    done'
  stand_in ldconfig '[[ ! -e $BIN/hdf5-tools ]] || echo "libhdf5_serial.so.103 => /lib/libhdf5_serial.so.103"'
  stand_in sudo 'echo "sudo $1" >>"$LOG"; [[ $1 != -n ]] || shift; exec "$@"'
}

stand_in() { printf '#!/usr/bin/env bash\n%s\n' "$2" >"$bin/$1" && chmod +x "$bin/$1"; }

# run ARGUMENT...: the script from the user's folder, as the user `as` if set; sets status, output, errors.
run() {
  status=0
  (cd "$scratch/user" && PATH="$bin" BIN="$bin" LOG="$log" ${as[@]+"${as[@]}"} "${entry:-$checkout/hls4net}" "$@") \
    >"$scratch/output" 2>"$scratch/errors" </dev/null || status=$?
  output="$(<"$scratch/output")" errors="$(<"$scratch/errors")"
}

builds() { grep -c publish "$log"; }

expect() { # WHAT ACTUAL EXPECTED
  [[ $2 == "$3" ]] && return
  printf '  %s: expected "%s", found "%s"\n' "$1" "$3" "$2"
  ok=no
}

expect_in() { # WHAT TEXT PART
  [[ $2 == *"$3"* ]] && return
  printf '  %s: expected to find "%s" in "%s"\n' "$1" "$3" "$2"
  ok=no
}

test_case() { # NAME FUNCTION
  ok=yes
  unset entry as CI BROKEN PACKED INCOMPLETE BUILD_SECONDS BUILD_FAILS TOOL_EXIT PASSED FAILED TOTAL TEST_EXIT NO_RESULTS
  fresh_checkout
  "$2"
  if [[ $ok == yes ]]; then passed=$((passed + 1)); else failed=$((failed + 1)) && printf 'FAILED: %s\n' "$1"; fi
}

# shellcheck source=tests/shell/command.sh
source "$repository/tests/shell/command.sh"
# shellcheck source=tests/shell/all-tests.sh
source "$repository/tests/shell/all-tests.sh"

printf '%d passed, %d failed, 0 skipped\n' "$passed" "$failed"
((failed == 0 && passed > 0))
