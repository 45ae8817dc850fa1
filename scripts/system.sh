#!/usr/bin/env bash
# See to programs that tests need and pip cannot bring: system.sh [redis] [shell] [chromium] [emoji]
# As root with apt what is absent is installed. Exit 3: something is still absent, each named in one line.
set -euo pipefail

package_of() {
  case $1 in
    redis) echo redis-server ;;
    shell) echo chromium-headless-shell ;;
    chromium) echo chromium ;;
    emoji) echo fonts-noto-color-emoji ;;
    *) echo "system.sh: unknown thing: $1" >&2; exit 2 ;;
  esac
}

here() {
  case $1 in
    redis) command -v redis-server >/dev/null || command -v valkey-server >/dev/null ;;
    shell) command -v chromium-headless-shell >/dev/null ;;
    chromium) command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null ;;
    emoji) [ -e /usr/share/fonts/truetype/noto/NotoColorEmoji.ttf ] || { command -v fc-list >/dev/null && fc-list 2>/dev/null | grep -qi emoji; } ;;
  esac
}

packages=()
for thing in "$@"; do here "$thing" || packages+=("$(package_of "$thing")"); done
[ ${#packages[@]} = 0 ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null && scripts/apt.sh "${packages[@]}"; then exit 0; fi
for package in "${packages[@]}"; do echo "Missing on this machine: $package" >&2; done
exit 3
