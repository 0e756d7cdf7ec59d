#!/bin/sh
# Judges what a change brings before anybody merges it: the configuration, the catalog and release documents. Asks nobody.
#
#   validate-release.sh [release.yaml ...]     absent: every releases/*/release.yaml
#
# Ends with 0 when nothing is wrong, with 1 when something is refused; every fault has its file, line and remedy. On GitHub,
# SIGNALBOX_FORMAT=github writes them as annotations of the change.
set -eu

config=${SIGNALBOX_CONFIG:-signalbox.yaml}
catalog=${SIGNALBOX_CATALOG:-catalog.yaml}

if [ "$#" -eq 0 ]; then
  for document in releases/*/release.yaml; do
    if [ -f "$document" ]; then set -- "$@" "$document"; fi
  done
fi

signalbox validate --format "${SIGNALBOX_FORMAT:-text}" "$config" "$catalog" "$@"
for document in "$@"; do
  signalbox fmt --check "$document"
done
if [ "$#" -gt 0 ]; then signalbox preflight "$config" "$catalog" "$@"; fi
