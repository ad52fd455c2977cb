#!/bin/sh
# genai-perf.sh RUN ARTIFACTS: the levels of ./levels.sh one after the other, each "level FOLDER ANNOUNCEMENT COMMAND ...". What genai-perf exports of a
# level goes to results/RUN/FOLDER; its raw files, which hold every answer and can be gigabytes, stay in ARTIFACTS until the next run.
# 0: every level was measured. 1: some were not, or there was none. 3: genai-perf could not load its tokenizer.
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
    said="exit code $code"
    [ "$code" != 0 ] || said="no $(basename "$summary")"
    echo "✗ $folder: $said" >&2
    failures=$((failures + 1))
    failed="$failed $folder"
    # What huggingface_hub, transformers and urllib3 say without a way to huggingface.co.
    if grep -E -q "couldn't connect to '?https://huggingface|[Cc]an't load tokenizer|LocalEntryNotFoundError|OfflineModeIsEnabled|huggingface\.co.*(Max retries exceeded|timed out)|(Max retries exceeded|timed out).*huggingface\.co" level.log; then
        exit 3
    fi
}

# --dir may name a folder that holds somebody's own folder of this name.
mark=$artifacts/of-nimload
if [ -e "$artifacts" ] && [ ! -e "$mark" ]; then
    echo "✗ $artifacts is there and not from nimload, so it is not removed: move it, or give another folder with --dir" >&2
    exit 1
fi
rm -rf "$artifacts"
mkdir -p "$artifacts" && : >"$mark" || exit 1
. ./levels.sh
rm -f level.log code
if [ $count = 0 ]; then
    echo "✗ levels.sh names no level, so nothing was measured" >&2
    exit 1
fi
[ $failures -gt 0 ] || exit 0
echo "✗ $failures of $count levels failed:$failed" >&2
exit 1
