#!/usr/bin/env bash
# Bronze in the way of a shell pipeline: FILE OUTPUT
set -euo pipefail
jq -c --arg now "$(date -u +%Y-%m-%dT%H:%M:%S%z)" '. + {ingested_at: $now, layer: "bronze"}' "$1" > "$2"
