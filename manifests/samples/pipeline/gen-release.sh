#!/bin/sh
# Cuts a release from a pipeline, as a person would from Slack: the running Signalbox resolves versions to digests, writes the
# document, judges it, commits it on a branch of its own and asks for approval in the environment's channel.
#
#   gen-release.sh --env staging orders-api@1.8.0 cart@1.9.2
#   gen-release.sh --env prod                  everything verified one environment earlier
#   gen-release.sh --env prod --plan           only shows what a cut would do
#
# Needs SIGNALBOX_URL and SIGNALBOX_TOKEN (/release token in Slack), and `signalbox` on the PATH. Prints the release's id, such as
# staging/checkout-2026-11-20.3. Ends with 0 when it is cut (or shown), with 1 when it is refused, with 2 when it was not understood, and
# with something else when the answer did not come: run it again, the same request is carried out once.
set -eu

environment=''
verb=cut
while [ "$#" -gt 0 ]; do
  case $1 in
    --env) environment=${2:-}; shift 2 ;;
    --plan) verb=plan; shift ;;
    -*) echo "gen-release.sh: unknown option $1" >&2; exit 2 ;;
    *) break ;;
  esac
done
if [ -z "$environment" ]; then
  echo 'gen-release.sh: say --env <environment>' >&2
  exit 2
fi

here=$(dirname "$0")
"$here/validate-release.sh" >&2

# What would be done is in the pipeline's log before it is done.
signalbox release plan "$environment" "$@" >&2
if [ "$verb" = plan ]; then exit 0; fi

# A run of a pipeline asks for its release once, however often it is tried again.
run=${CI_PIPELINE_ID:-${GITHUB_RUN_ID:-}}
answer=$(signalbox release cut "$environment" "$@" --yes ${run:+--key "cut-$environment-$run"})
echo "$answer" >&2
echo "$answer" | sed -n "s|^\([a-z0-9.-]*\) → $environment is cut.*|$environment/\1|p"
