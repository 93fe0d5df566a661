#!/bin/sh
# Makes sure that parts of the system are there: installs the missing ones when the account may, else names them in
# one line and fails.
#
#   .ci/system-parts.sh WHY PACKAGE:PROOF…     PROOF is a library (….so.N) or a program that the Debian package brings
why=$1
shift
PATH=$PATH:/usr/sbin:/sbin

present() {
    case $1 in
        *.so.*) ldconfig -p 2>/dev/null | grep -q -F "$1 " ;;
        *) command -v "$1" >/dev/null ;;
    esac
}

missing() {
    for part in "$@"; do
        present "${part#*:}" || printf '%s ' "${part%%:*}"
    done
}

absent=$(missing "$@")
[ -z "$absent" ] && exit 0

if [ "$(id -u)" = 0 ]; then may=''; elif sudo -n true 2>/dev/null; then may='sudo -n'; else may=no; fi
if [ "$may" != no ] && command -v apt-get >/dev/null; then
    echo "Installing for $why: $absent"
    export DEBIAN_FRONTEND=noninteractive
    # shellcheck disable=SC2086 # both are lists of words
    { $may apt-get update -qq && $may apt-get install -y -qq --no-install-recommends $absent; } >/dev/null 2>&1
    absent=$(missing "$@")
    [ -z "$absent" ] && exit 0
fi
echo "Missing for $why, please install (Debian names): $absent" >&2
exit 1
