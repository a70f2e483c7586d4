# Sourced by the other scripts: where the project is, and what they share.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

say() {
    if [ -t 1 ]; then printf '\033[1m==> %s\033[0m\n' "$*"; else printf '==> %s\n' "$*"; fi
}

fail() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

# Compilers at once: each may want 1.5 GB, so memory may allow fewer than there are cores.
job_count() {
    local cores memory
    cores=$(nproc)
    memory=$(awk '/^MemAvailable:/ { print int($2 / 1500000) }' /proc/meminfo)
    [ "$memory" -ge 1 ] || memory=1
    echo $((memory < cores ? memory : cores))
}

# build PRESET [TARGET…]
build() {
    local preset=$1
    shift
    say "$preset: configuring"
    cmake --preset "$preset" --log-level=WARNING >/dev/null ||
        fail "configuring failed, see above; ./scripts/setup installs what hxx is built with"
    say "$preset: building in build/$preset"
    cmake --build "build/$preset" --parallel "$(job_count)" --target "${@:-all}"
}
