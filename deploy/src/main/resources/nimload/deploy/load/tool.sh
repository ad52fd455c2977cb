#!/bin/sh
# genai-perf.sh RUN ARTIFACTS: runs the levels in /input/levels.sh one after another, each "level FOLDER ANNOUNCEMENT COMMAND ...". What genai-perf
# exports for a level goes to results/RUN/FOLDER; its raw files, which hold every response and can be gigabytes, stay in ARTIFACTS.
# Exit codes: 0 every level was measured; 1 some were not, or there were none; 3 genai-perf could not load its tokenizer; 143 stopped.
run=$1
artifacts=$2
count=0
failed=
failures=0
# `run --stop` leaves a file "stop" and ends the command of the level; this shell then sees both.
trap : TERM

level() {
    [ ! -e stop ] || exit 143
    folder=$1
    echo "$2"
    shift 2
    count=$((count + 1))
    mkdir -p "$artifacts/$folder" || exit 1
    {
        "$@" 2>&1 &
        echo $! >child
        wait $!
        echo $? >code
    } </dev/null | tee level.log
    : >child
    code=$(cat code)
    summary=$artifacts/$folder/profile_export_genai_perf.json
    if [ "$code" = 0 ] && [ -s "$summary" ]; then
        mkdir -p "results/$run/$folder" && cp "$summary" "results/$run/$folder/" || exit 1
        table=${summary%.json}.csv
        [ ! -f "$table" ] || cp "$table" "results/$run/$folder/" || exit 1
        return
    fi
    [ ! -e stop ] || exit 143
    reason="exit code $code"
    [ "$code" != 0 ] || reason="no $(basename "$summary")"
    echo "✗ $folder: $reason"
    failures=$((failures + 1))
    failed="$failed $folder"
    # Messages of huggingface_hub, transformers and urllib3 when huggingface.co is unreachable.
    if grep -E -q "couldn't connect to '?https://huggingface|[Cc]an't load tokenizer|LocalEntryNotFoundError|OfflineModeIsEnabled|huggingface\.co.*(Max retries exceeded|timed out)|(Max retries exceeded|timed out).*huggingface\.co" level.log; then
        exit 3
    fi
}

for program in genai-perf tee cp grep; do
    command -v $program >/dev/null || { echo "✗ the image has no $program; set benchmark.genaiPerfImage in the settings file to one that has"; exit 1; }
done
. /input/levels.sh
if [ $count = 0 ]; then
    echo "✗ levels.sh has no levels, so nothing was measured"
    exit 1
fi
[ $failures -gt 0 ] || exit 0
echo "✗ $failures of $count levels failed:$failed"
exit 1
