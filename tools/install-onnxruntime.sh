#!/usr/bin/env bash
# Installs the native ONNX Runtime below DIR/node_modules/onnxruntime-node, where the tool looks for it.
#   tools/install-onnxruntime.sh [DIR]      DIR is .tools of this checkout unless given
# It comes in the npm package onnxruntime-node, 114 MB to download, with the binaries of five platforms; those of this
# one are kept, 44 MB. The package's own install script would fetch CUDA libraries from elsewhere and is not run.
set -euo pipefail

version=1.30.0
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
folder="${1:-$root/.tools}"
case "$(uname -s)" in Linux) platform=linux ;; Darwin) platform=darwin ;; *) echo "No library for $(uname -s) here." >&2; exit 1 ;; esac
case "$(uname -m)" in x86_64) platform+=/x64 ;; aarch64 | arm64) platform+=/arm64 ;; *) echo "No library for $(uname -m) in the package." >&2; exit 1 ;; esac

package="$folder/node_modules/onnxruntime-node"

# library PACKAGE: the library for this platform in a package of the right version, or nothing.
library() {
  grep -qs "\"version\": \"$version\"" "$1/package.json" || return 0
  find "$1"/bin/napi-v*/"$platform" -name 'libonnxruntime*' 2>/dev/null | sort | tail -n 1
}

found="$(library "$package")"
if [[ -n $found ]]; then
  echo "ONNX Runtime $version is already there: $found"
  exit 0
fi
command -v npm >/dev/null || { echo "npm is missing; it fetches ONNX Runtime. On Debian: apt-get install npm" >&2; exit 1; }

mkdir -p "$folder/node_modules"
# Prepared aside and moved at the end, so that an interrupted installation is never taken for a whole one.
stage="$(mktemp -d "$folder/onnxruntime-XXXXXX")"
trap 'rm -rf "$stage"' EXIT
echo "npm install onnxruntime-node@$version (114 MB) ..."
npm install --ignore-scripts --no-save --no-audit --no-fund --no-package-lock --loglevel=error --prefix "$stage" "onnxruntime-node@$version" </dev/null

new="$stage/node_modules/onnxruntime-node"
[[ -n "$(library "$new")" ]] || { echo "The package onnxruntime-node@$version has no library for $platform." >&2; exit 1; }
find "$new/bin" -type f ! -path "*/$platform/libonnxruntime*" -delete
rm -rf "$package"
mv "$new" "$package"
echo "ONNX Runtime $version: $(library "$package") ($(du -shL "$package" | cut -f1))"
