#!/bin/sh
# genai-perf.sh RUN ARTIFACTS: runs the levels in ./levels.sh one after another, each "level FOLDER ANNOUNCEMENT COMMAND ...". What genai-perf exports
# for a level goes to results/RUN/FOLDER; its raw files, which hold every response and can be gigabytes, stay in ARTIFACTS until the next run.
# Exit codes: 0 every level was measured; 1 some were not, or there were none; 3 genai-perf could not load its tokenizer.
run=$1
artifacts=$2
count=0
failed=
failures=0

level() {
    folder=$1
    echo "$2"
    shift 2
    count=$((count + 1))
    mkdir -p "$artifacts/$folder" || exit 1
    {
        "$@" 2>&1
        echo $? >code
    } </dev/null | tee level.log
    code=$(cat code)
    summary=$artifacts/$folder/profile_export_genai_perf.json
    if [ "$code" = 0 ] && [ -s "$summary" ]; then
        mkdir -p "results/$run/$folder" && cp "$summary" "results/$run/$folder/" || exit 1
        table=${summary%.json}.csv
        [ ! -f "$table" ] || cp "$table" "results/$run/$folder/" || exit 1
        return
    fi
    reason="exit code $code"
    [ "$code" != 0 ] || reason="no $(basename "$summary")"
    echo "✗ $folder: $reason" >&2
    failures=$((failures + 1))
    failed="$failed $folder"
    # Messages of huggingface_hub, transformers and urllib3 when huggingface.co is unreachable.
    if grep -E -q "couldn't connect to '?https://huggingface|[Cc]an't load tokenizer|LocalEntryNotFoundError|OfflineModeIsEnabled|huggingface\.co.*(Max retries exceeded|timed out)|(Max retries exceeded|timed out).*huggingface\.co" level.log; then
        exit 3
    fi
}

# --dir may name a folder in which someone else has a folder of this name.
mark=$artifacts/of-nimload
if [ -e "$artifacts" ] && [ ! -e "$mark" ]; then
    echo "✗ $artifacts exists and was not created by nimload, so it is not removed: move it, or use another --dir" >&2
    exit 1
fi
rm -rf "$artifacts"
mkdir -p "$artifacts" && : >"$mark" || exit 1
. ./levels.sh
rm -f level.log code
if [ $count = 0 ]; then
    echo "✗ levels.sh has no levels, so nothing was measured" >&2
    exit 1
fi
[ $failures -gt 0 ] || exit 0
echo "✗ $failures of $count levels failed:$failed" >&2
exit 1
