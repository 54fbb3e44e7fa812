# shellcheck shell=bash
# The functions of Medallion for shell scripts:
#
#   source "$(medallion shell-library)"
#
# The lake is coordination/medallion in $CORTEX_HOME, or in the working directory; MEDALLION_LAKE names another one. A lake that
# is not there yet is made. Every function prints a line on standard error (none with MEDALLION_QUIET=1), nothing on
# standard output, and ends with the exit code of `medallion`: 0 only when the work is done, 2 for wrong arguments.

if [ -z "${BASH_VERSION:-}" ]; then
  echo "medallion: this library needs bash." >&2
  return 1 2>/dev/null || exit 1
fi

_MEDALLION_LIBRARY_FOLDER="$(cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)"

# Runs the command that this library came with; the one on PATH where the file stands alone.
_medallion_command() {
  local script="${_MEDALLION_LIBRARY_FOLDER%/*}/bin/medallion.js"
  if [[ -f "$script" ]]; then
    node "$script" "$@"
  else
    command medallion "$@"
  fi
}

_medallion_lake() {
  printf '%s' "${MEDALLION_LAKE:-${CORTEX_HOME:-$PWD}/coordination/medallion}"
}

_medallion_say() {
  [[ -n "${MEDALLION_QUIET:-}" ]] || printf 'medallion: %s\n' "$*" >&2
}

# _medallion_arguments USAGE LEAST MOST ARGUMENT...: checks how many there are, and that none is empty.
_medallion_arguments() {
  local usage="$1" least="$2" most="$3" argument
  shift 3
  if (($# < least || $# > most)); then
    printf 'medallion: expected %s, found %d arguments.\n' "$usage" "$#" >&2
    return 2
  fi
  for argument in "$@"; do
    if [[ -z "$argument" ]]; then
      printf 'medallion: expected %s, found an empty argument.\n' "$usage" >&2
      return 2
    fi
  done
}

_medallion_file() {
  if [[ ! -r "$1" || -d "$1" ]]; then
    printf 'medallion: expected a file that can be read, found %q.\n' "$1" >&2
    return 2
  fi
}

_medallion_ready() {
  [[ -f "$(_medallion_lake)/_medallion/lake.json" ]] || _medallion_command init --quiet --lake "$(_medallion_lake)"
}

# _medallion_ingest FILE DATASET [OPTION...]: a pipe is read as standard input, for it has no name to keep.
_medallion_ingest() {
  local file="$1" dataset="$2"
  shift 2
  if [[ -f "$file" ]]; then
    _medallion_command ingest --quiet --lake "$(_medallion_lake)" "$@" -- "$dataset" "$file"
  else
    _medallion_command ingest --quiet --lake "$(_medallion_lake)" "$@" -- "$dataset" - <"$file"
  fi
}

init_medallion() {
  _medallion_arguments "init_medallion" 0 0 "$@" || return
  _medallion_command init --quiet --lake "$(_medallion_lake)" || return
  _medallion_say "the lake is $(_medallion_lake)"
}

ingest_to_bronze() {
  _medallion_arguments "ingest_to_bronze TYPE JSON" 2 2 "$@" || return
  _medallion_ready || return
  # On standard input, for an argument cannot be of any length.
  _medallion_command ingest --quiet --lake "$(_medallion_lake)" --type="$1" -- events - <<<"$2" || return
  _medallion_say "kept an event of type $1 in bronze"
}

ingest_task_to_bronze() {
  _medallion_arguments "ingest_task_to_bronze ID FILE" 2 2 "$@" || return
  _medallion_file "$2" || return
  _medallion_ready || return
  _medallion_ingest "$2" tasks || return
  _medallion_say "kept task $1 in bronze"
}

ingest_metrics_to_bronze() {
  _medallion_arguments "ingest_metrics_to_bronze MASTER FILE" 2 2 "$@" || return
  _medallion_file "$2" || return
  _medallion_ready || return
  _medallion_ingest "$2" metrics --master="$1" || return
  _medallion_say "kept metrics of $1 in bronze"
}

# _medallion_promote FUNCTION DATASET [DATE]
_medallion_promote() {
  local usage="$1" dataset="$2"
  shift 2
  _medallion_arguments "$usage [DATE]" 0 1 "$@" || return
  _medallion_ready || return
  _medallion_command promote --quiet --lake "$(_medallion_lake)" -- "$dataset" "${1:-today}" || return
  _medallion_say "promoted $dataset of ${1:-today} to silver"
}

process_tasks_to_silver() {
  _medallion_promote process_tasks_to_silver tasks "$@"
}

validate_lineage_to_silver() {
  _medallion_promote validate_lineage_to_silver lineage "$@"
}

aggregate_metrics_to_silver() {
  _medallion_arguments "aggregate_metrics_to_silver MASTER [DATE]" 1 2 "$@" || return
  _medallion_ready || return
  _medallion_command promote --quiet --lake "$(_medallion_lake)" --master="$1" -- metrics "${2:-today}" || return
  _medallion_say "aggregated metrics of $1 of ${2:-today} in $(_medallion_lake)/silver/aggregated-metrics"
}

generate_daily_analytics() {
  _medallion_arguments "generate_daily_analytics [DATE]" 0 1 "$@" || return
  _medallion_ready || return
  _medallion_command analytics daily --quiet --lake "$(_medallion_lake)" -- "${1:-today}" || return
  _medallion_say "made the daily analytics of ${1:-today} in $(_medallion_lake)/gold/analytics"
}

generate_kpis() {
  _medallion_arguments "generate_kpis START END" 2 2 "$@" || return
  _medallion_ready || return
  _medallion_command kpis --quiet --lake "$(_medallion_lake)" -- "$1" "$2" || return
  _medallion_say "made the KPIs of $1 to $2 in $(_medallion_lake)/gold/kpis"
}

generate_master_report() {
  _medallion_arguments "generate_master_report MASTER [DATE]" 1 2 "$@" || return
  _medallion_ready || return
  _medallion_command report --quiet --lake "$(_medallion_lake)" -- "$1" "${2:-today}" || return
  _medallion_say "made the report of $1 of ${2:-today} in $(_medallion_lake)/gold/reports"
}

run_medallion_pipeline() {
  _medallion_arguments "run_medallion_pipeline [DATE]" 0 1 "$@" || return
  _medallion_ready || return
  _medallion_command run --quiet --lake "$(_medallion_lake)" -- "${1:-today}" || return
  _medallion_say "ran the pipeline for ${1:-today}"
}
