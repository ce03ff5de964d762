# Promises of ./hls4net. Sourced by run.sh.

runs_in_the_users_folder() {
  run compile "a model.onnx" -o 'x*'
  expect status "$status" 0
  expect output "$output" "in $scratch/user|compile|a model.onnx|-o|x*|"
}
test_case "arguments reach the tool as typed, relative to the user's folder" runs_in_the_users_folder

runs_through_links() {
  ln -s "$checkout/hls4net" "$scratch/user/first" && ln -s first "$scratch/user/second"
  entry=./second run --version
  expect status "$status" 0
  expect output "$output" "in $scratch/user|--version|"
}
test_case "a link to a link to the script works" runs_through_links

passes_exit_codes() {
  local code
  for code in 0 1 2 3; do
    export TOOL_EXIT=$code
    run report d
    expect "exit code" "$status" "$code"
  done
}
test_case "the tool's exit code is the command's" passes_exit_codes

builds_when_needed() {
  run ops; expect "builds at first" "$(builds)" 1
  expect_in "first use says that it builds" "$errors" "building"
  run ops; expect "builds when nothing changed" "$(builds)" 1
  expect "a warm start is silent" "$errors" ""
  echo c >"$checkout/compiler/Hls4Net.Cli/obj/generated.cs"
  run ops; expect "builds after a change in obj/" "$(builds)" 1
  echo z >"$checkout/compiler/Hls4Net.Cli/A.cs"
  run ops; expect "builds after an edit" "$(builds)" 2
  rm "$checkout/compiler/Hls4Net.Cli/B.cs"
  run ops; expect "builds after a deletion" "$(builds)" 3
  mv "$checkout/compiler/Hls4Net.Cli/A.cs" "$checkout/compiler/Hls4Net.Cli/C.cs"
  run ops; expect "builds after a renaming" "$(builds)" 4
  printf 'longer, and old\n' >"$checkout/compiler/Hls4Net.Cli/C.cs" && touch -d 2001-01-01 "$checkout/compiler/Hls4Net.Cli/C.cs"
  run ops; expect "builds after a file with an old date came" "$(builds)" 5
  echo t >"$checkout/testbenches/bench.cpp"
  run ops; expect "builds after a new testbench" "$(builds)" 6
  expect "kept builds" "$(find "$checkout/.build" -maxdepth 1 -name 'app-*' | wc -l)" 3
}
test_case "it builds when sources changed, and only then" builds_when_needed

builds_once_for_many() {
  export BUILD_SECONDS=0.3
  local i
  for i in 1 2 3 4; do
    (cd "$scratch/user" && PATH="$bin" BIN="$bin" LOG="$log" "$checkout/hls4net" "$i" >"$scratch/out$i" 2>/dev/null </dev/null) &
  done
  wait
  expect builds "$(builds)" 1
  for i in 1 2 3 4; do expect "output $i" "$(<"$scratch/out$i")" "in $scratch/user|$i|"; done
}
test_case "four commands at once build once, and all run" builds_once_for_many

shows_build_errors() {
  export BUILD_FAILS=yes
  run ops
  expect status "$status" 2
  expect "standard output" "$output" ""
  expect_in errors "$errors" "error CS1002"
  unset BUILD_FAILS
  run ops
  expect "status once it builds" "$status" 0
}
test_case "a failed build shows its errors, exits with 2, and leaves nothing that runs" shows_build_errors

refuses_to_install() {
  run --no-install verify d
  expect status "$status" 1
  local tool
  for tool in verilator g++ make npm onnxruntime; do expect_in errors "$errors" "$tool"; done
  expect log "$(<"$log")" ""
}
test_case "--no-install names what is missing, exits with 1, and does nothing" refuses_to_install

installs_what_is_missing() {
  run demo
  expect status "$status" 0
  expect output "$output" "in $scratch/user|demo|"
  expect_in "says what and why" "$errors" "verilator (simulates the Verilog)"
  expect_in log "$(<"$log")" "install -y --no-install-recommends verilator g++ make npm"
  expect "ONNX Runtime installed" "$(grep -c '^onnxruntime' "$log")" 1
  : >"$log"
  run demo
  expect "second time" "$status $(<"$log")" "0 "
  echo '# another version' >>"$checkout/tools/install-onnxruntime.sh"
  run demo
  expect "with a new installer" "$status $(grep -c onnxruntime "$log")" "0 1"
}
test_case "demo installs what is missing, says what and why, and only once" installs_what_is_missing

installs_only_what_is_needed() {
  local command
  for command in "compile m" "emulate d" "report d" doctor "verify --help" "demo -h" "explain verify"; do
    # shellcheck disable=SC2086
    run $command
    expect "$command" "$status $(grep -c apt-get "$log")" "0 0"
  done
  run verify d --with g++
  expect_in log "$(<"$log")" "recommends g++ make"
  expect "verilator or npm" "$(grep -c -e 'verilator' -e npm "$log")" 0
}
test_case "a command installs only what it needs" installs_only_what_is_needed

installs_hdf5_for_its_files() {
  run events background.csv
  expect "for text" "$status $(<"$log")" "0 publish"
  : >"$log"
  run events Background.H5 -o x.npy
  expect_in log "$(<"$log")" "install -y --no-install-recommends hdf5-tools"
  expect_in "says why" "$errors" "hdf5 (reads and writes event files)"
  : >"$log"
  run evaluate d --background background.h5
  expect "second time" "$status $(<"$log")" "0 "
}
test_case "event files bring the HDF5 library, other files do not" installs_hdf5_for_its_files

says_what_cannot_be_installed() {
  rm "$bin/apt-get"
  run verify d --with=verilator
  expect status "$status" 1
  expect_in errors "$errors" "verilator g++ make"
}
test_case "without apt-get it says what to install and exits with 1" says_what_cannot_be_installed

reports_failed_installation() {
  stand_in apt-get '[[ "$*" != *install* ]] || { echo "E: Unable to locate package verilator"; exit 100; }'
  run verify d --with=verilator
  expect status "$status" 1
  expect_in errors "$errors" "Unable to locate package"
}
test_case "an installation that fails shows why" reports_failed_installation

# Tests as an ordinary user; root becomes nobody for it.
as_ordinary_user() {
  chmod 755 "$scratch"
  chmod -R a+rwX "$scratch"/*
  ((EUID != 0)) || as=("$(command -v setpriv)" --reuid=65534 --clear-groups)
}

asks_sudo() {
  as_ordinary_user
  run verify d --with=g++
  expect status "$status" 0
  expect "first calls" "$(head -n 1 "$log")" "sudo -n"
  expect_in log "$(<"$log")" "install -y --no-install-recommends g++ make"
}
test_case "an ordinary user without a terminal installs through sudo, which may not ask" asks_sudo

needs_root_or_sudo() {
  rm "$bin/sudo"
  as_ordinary_user
  run verify d --with=g++
  expect status "$status" 1
  expect_in errors "$errors" "As root: apt-get install g++ make"
  expect log "$(<"$log")" ""
}
test_case "an ordinary user without sudo is told what root must install" needs_root_or_sudo

becomes_the_tool() {
  stand_in dotnet '
    case "$1" in
      --list-sdks) echo "10.0.100 [/sdk]" ;;
      publish) while [[ $1 != -o ]]; do shift; done; mkdir -p "$2"; echo >"$2/hls4net.dll" ;;
      *) echo $$ ;;
    esac'
  PATH="$bin" "$checkout/hls4net" ops >"$scratch/output" 2>/dev/null </dev/null &
  local process=$!
  wait "$process"
  expect "process" "$(<"$scratch/output")" "$process"
}
test_case "the tool takes the script's place, so that Ctrl-C reaches it" becomes_the_tool

needs_dotnet() {
  rm "$bin/dotnet"
  run --version
  expect status "$status" 1
  expect_in errors "$errors" "dotnet.microsoft.com"
}
test_case "without dotnet it says how to get it and exits with 1" needs_dotnet

needs_a_new_dotnet() {
  stand_in dotnet '[[ $1 != --list-sdks ]] || echo "8.0.400 [/sdk]"'
  run --version
  expect status "$status" 1
  expect_in errors "$errors" "found: 8.0.400"
}
test_case "an SDK that is too old is named" needs_a_new_dotnet
