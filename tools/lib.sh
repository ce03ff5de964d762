# Shared by ./hls4net and ./test.sh: finding, installing and building. Sourced, never run.
# The caller sets `root` (absolute path of the checkout) and `install` (yes or no).
# Everything said here goes to standard error: standard output belongs to the tool.

build="$root/.build"

say() { printf 'hls4net: %s\n' "$*" >&2; }

have() { command -v "$1" >/dev/null 2>&1; }

# with_lock COMMAND...: one build or installation at a time in this checkout. Children do not inherit the lock,
# so that a server which outlives its parent cannot keep it.
with_lock() {
  local status=0
  if ! { mkdir -p "$build" && exec 9>"$build/lock"; } 2>/dev/null; then
    say "cannot write to $build, which needs to be built first."
    return 1
  fi
  if ! flock -n 9; then
    say "waiting for another hls4net that builds or installs in this checkout."
    flock 9
  fi
  "$@" 9>&- || status=$?
  exec 9>&-
  return "$status"
}

require_dotnet() {
  have dotnet && return
  say "the .NET SDK 10 is missing: Hls4Net is built with it." \
    "Install it from https://dotnet.microsoft.com/download and make sure that 'dotnet' is on the PATH."
  return 1
}

require_dotnet_sdk() {
  require_dotnet || return
  local sdks
  sdks="$(dotnet --list-sdks 2>/dev/null | cut -d' ' -f1 | tr '\n' ' ')"
  [[ " $sdks" =~ \ ([1-9][0-9])\. ]] && ((BASH_REMATCH[1] >= 10)) && return
  say "Hls4Net is built with the .NET SDK 10 or later; found: ${sdks:-none}." \
    "Install it from https://dotnet.microsoft.com/download."
  return 1
}

# --- What the commands need beside dotnet ---------------------------------------------------------------------------

why() {
  case "$1" in
    verilator) echo "simulates the Verilog" ;;
    g++) echo "compiles the HLS C++ and the simulation" ;;
    make) echo "builds the simulation" ;;
    ghdl) echo "checks the VHDL of the files for a board" ;;
    python3) echo "generates cases for the tests of the C++ headers" ;;
    npm) echo "fetches ONNX Runtime" ;;
    onnxruntime) echo "runs the model in floating point, as the reference" ;;
    hdf5) echo "reads and writes event files" ;;
    h5py) echo "runs the scoring program of examples/codabench" ;;
    chromium) echo "opens the report, as a test" ;;
  esac
}

# missing_tools TOOL...: those that are not there, one a line.
missing_tools() {
  local tool
  for tool in "$@"; do
    if [[ $tool == onnxruntime ]]; then
      onnxruntime_is_installed && continue
      have npm || echo npm
      echo onnxruntime
    elif [[ $tool == hdf5 ]]; then
      hdf5_is_installed || echo hdf5
    elif [[ $tool == h5py ]]; then
      python_with_h5py >/dev/null || echo h5py
    else
      have "$tool" || echo "$tool"
    fi
  done
}

# Lies in the package's folder, so that it goes with it; holds the installer's checksum, so that a new version is fetched.
onnxruntime_stamp="$root/.tools/node_modules/onnxruntime-node/installed-by"

onnxruntime_is_installed() {
  [[ -f $onnxruntime_stamp && "$(<"$onnxruntime_stamp")" == "$(cksum <"$root/tools/install-onnxruntime.sh")" ]]
}

# A library, not a program: the loader's cache knows it. Where there is no such cache, the tool itself says what is missing.
hdf5_is_installed() {
  local ldconfig
  ldconfig="$(command -v ldconfig || command -v /sbin/ldconfig)" || return 0
  [[ "$("$ldconfig" -p 2>/dev/null)" == *libhdf5*.so* ]]
}

# Prints a Python that has h5py; the first one on the PATH need not be the system's, for which apt installs it.
python_with_h5py() {
  local python
  for python in python3 /usr/bin/python3; do
    "$python" -c 'import h5py, numpy' 2>/dev/null && echo "$python" && return
  done
  return 1
}

# ensure_tools TOOL...: installs what is missing, or says what is and returns 1.
ensure_tools() {
  local -a missing
  mapfile -t missing < <(missing_tools "$@")
  ((${#missing[@]})) || return 0
  local tool list=""
  for tool in "${missing[@]}"; do list+="${list:+, }$tool ($(why "$tool"))"; done
  if [[ $install == no ]]; then
    say "missing: $list. Nothing was installed because of --no-install."
    return 1
  fi
  say "installing what is missing: $list."
  with_lock install_tools "$@"
}

install_tools() {
  local -a missing packages=()
  local tool
  mapfile -t missing < <(missing_tools "$@")
  # The tools are named as Debian names their packages, but for a library that has another name in each release: its tools bring it.
  for tool in "${missing[@]}"; do
    case "$tool" in
      onnxruntime) ;;
      hdf5) packages+=(hdf5-tools) ;;
      h5py) packages+=(python3-h5py) ;;
      *) packages+=("$tool") ;;
    esac
  done
  if ((${#packages[@]})); then
    install_packages "${packages[@]}" || return
  fi
  for tool in "${missing[@]}"; do
    if [[ $tool == onnxruntime ]]; then
      logged install.log "installing ONNX Runtime" bash "$root/tools/install-onnxruntime.sh" || return
      mkdir -p "${onnxruntime_stamp%/*}" && cksum <"$root/tools/install-onnxruntime.sh" >"$onnxruntime_stamp" || return
    fi
  done
}

install_packages() {
  local -a as_root=()
  if ! have apt-get; then
    say "this system has no apt-get. Install with its own package manager: $*."
    return 1
  fi
  if ((EUID != 0)); then
    if ! have sudo; then
      say "installing needs root, and there is no sudo. As root: apt-get install $*"
      return 1
    fi
    as_root=(sudo)
    # Without a terminal, sudo must fail rather than ask for a password.
    [[ -t 0 ]] || as_root+=(-n)
  fi
  local -a apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300)
  # An out-of-date list of packages may still do, so only the installation itself decides.
  logged install.log "" "${apt[@]}" update || true
  logged install.log "apt-get install $*" "${apt[@]}" install -y --no-install-recommends "$@" || return
  hash -r
}

# logged LOG WHAT COMMAND...: runs quietly; on failure shows the end of the log (nothing where WHAT is empty).
logged() {
  local log="$build/$1" what="$2" status=0
  shift 2
  # A terminal stays attached: sudo may ask there.
  "$@" >"$log" 2>&1 || status=$?
  if ((status)) && [[ -n $what ]]; then
    say "$what failed (exit code $status). The end of $log:"
    tail -n 20 "$log" >&2
  fi
  return "$status"
}

# --- Building the tool ----------------------------------------------------------------------------------------------

# Name, size and time of every file that decides what the tool is: an edit, a deletion, a rename, a checkout and
# a copy with an old date all change it. Costs milliseconds; it runs before every command.
fingerprint() {
  (
    cd "$root" || exit
    find compiler runtime-templates testbenches examples/*/*.onnx examples/*/*.npy examples/*/*.yaml Directory.*.props BannedSymbols.txt global.json tools/lib.sh \
      -type d \( -name bin -o -name obj \) -prune -o -type f ! -name '*.md' -printf '%p %s %T@\n' 2>/dev/null \
      | LC_ALL=C sort | sha1sum | cut -c1-16
  )
}

# Sets `app` to the folder of a tool that is built from the present sources.
find_or_build_app() {
  # A folder of its own for each build: a running tool keeps its files while another is built.
  app="$build/app-$(fingerprint)"
  [[ -f $app/hls4net.dll ]] && return
  require_dotnet_sdk || return
  with_lock build_app
}

build_app() {
  [[ -f $app/hls4net.dll ]] && return
  local started=$SECONDS fresh="$build/new"
  say "building (first use, or the sources changed) ..."
  rm -rf "$fresh"
  if ! publish "$fresh" -p:PublishReadyToRun=true; then
    # The ahead-of-time compiler is a NuGet package per SDK version. Without it the tool only starts slower.
    if ! grep -qi crossgen "$build/build.log" || ! publish "$fresh"; then
      say "the build failed:"
      { grep -E '(error|warning) [A-Z]+[0-9]+' "$build/build.log" | sort -u | head -n 30 | grep . || tail -n 30 "$build/build.log"; } >&2
      say "the whole log is $build/build.log."
      return 2
    fi
  fi
  mv "$fresh" "$app" || return
  say "built in $((SECONDS - started)) s."
  # The newest three stay, for tools that still run.
  find "$build" -maxdepth 1 -name 'app-*' -printf '%T@ %p\n' | sort -rn | tail -n +4 | cut -d' ' -f2- \
    | while IFS= read -r old; do rm -rf "$old"; done
}

# publish FOLDER OPTION...: warnings and analyzers are for ./test.sh; here they would only keep a user from running.
publish() {
  local folder="$1"
  shift
  dotnet publish "$root/compiler/Hls4Net.Cli/Hls4Net.Cli.csproj" -c Release --use-current-runtime --self-contained false \
    --artifacts-path "$build/artifacts" -o "$folder" -nologo -v q --tl:off --disable-build-servers \
    -p:TreatWarningsAsErrors=false -p:RunAnalyzers=false -p:EnforceCodeStyleInBuild=false \
    -p:GenerateDocumentationFile=false "$@" </dev/null >"$build/build.log" 2>&1
}

# Quiet, and no certificates or telemetry, for every dotnet that a script starts.
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false NUGET_XMLDOC_MODE=skip
