#!/bin/sh
# tool.sh PROGRAM EXPORT SETTING RUN ARTIFACTS: runs the levels in /input/levels.sh one after another, each "level FOLDER ANNOUNCEMENT COMMAND ...".
# Of what PROGRAM leaves of a level, EXPORT.json and EXPORT.csv go to results/RUN/FOLDER; its raw files, which hold every response and can be
# gigabytes, stay in ARTIFACTS. SETTING names its image.
# Exit codes: 0 every level was measured; 1 some were not, or there were none; 3 it could not load its tokenizer; 143 stopped.
program=$1
export=$2
setting=$3
run=$4
artifacts=$5
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
    summary=$artifacts/$folder/$export.json
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

for needed in "$program" tee cp grep; do
    command -v "$needed" >/dev/null || { echo "✗ the image has no $needed; set benchmark.$setting in the settings file to one that has"; exit 1; }
done
. /input/levels.sh
if [ $count = 0 ]; then
    echo "✗ levels.sh has no levels, so nothing was measured"
    exit 1
fi
[ $failures -gt 0 ] || exit 0
echo "✗ $failures of $count levels failed:$failed"
exit 1
