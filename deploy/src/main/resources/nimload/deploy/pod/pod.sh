#!/bin/sh
# Runs one detached job at a time in a pod: pod.sh HOME ACTION ... (called by DetachedJob). POSIX sh; needs tar, and coreutils or busybox.
#   HOME/packs/<sha256>/   uploaded and unpacked archives      HOME/job/work/       the job's working directory
#   HOME/job/log           the job's output                    HOME/job/exit-code   exists once the job has ended
home=$1
action=$2
shift 2
job=$home/job
state=idle

die() {
    echo "$*" >&2
    exit 1
}

# A zombie counts as ended: the pod's first process may never reap it.
alive() {
    [ -n "$1" ] || return 1
    if [ -d /proc/self ]; then
        [ -r "/proc/$1/stat" ] && ! grep -q '^[0-9]* (.*) Z' "/proc/$1/stat" 2>/dev/null
    else
        kill -0 "$1" 2>/dev/null
    fi
}

# A start creates the job's folder first, so a folder without a pid may be a moment old.
await_pid() {
    seconds=0
    while [ -d "$job" ] && [ ! -s "$job/pid" ] && [ $seconds -lt 10 ]; do
        sleep 1
        seconds=$((seconds + 1))
    done
}

# idle, running, ended CODE, or lost: ended without an exit code, e.g. because the container restarted.
read_state() {
    await_pid
    state=idle
    [ -d "$job" ] || return 0
    pid=$(cat "$job/pid" 2>/dev/null)
    state=running
    alive "$pid" || state=lost
    # Checked last: it may have been written in the meantime.
    [ ! -f "$job/exit-code" ] || state="ended $(cat "$job/exit-code")"
}

await_begin() {
    await_pid
    if [ ! -s "$job/pid" ]; then
        last=$(tail -n 1 "$job/log" 2>/dev/null)
        rm -rf "$job"
        die "it did not start within 10 s: $last"
    fi
}

# Everything except what was uploaded, as a stream: results can leave even a full disk. Always the same bytes once the job has ended.
packed() {
    cd "$job" || return 1
    set -- name work
    for file in log exit-code; do
        [ ! -f "$file" ] || set -- "$@" "$file"
    done
    tar -cf - "$@"
}

case $action in
has) # SHA256
    [ -d "$home/packs/$1" ]
    ;;
install) # SHA256 SIZE FRAME, the archive on stdin: reads exactly SIZE bytes, because not every API server passes on the end of stdin.
    # A dot requests the next frame; see PodShell.Input.
    pack=$home/packs/$1
    part=$pack.$$.part
    [ ! -d "$pack" ] || exit 0
    mkdir -p "$home/packs" || die "cannot create a folder there"
    left=$2
    while [ "$left" -gt 0 ]; do
        size=$3
        [ "$left" -ge "$size" ] || size=$left
        if ! head -c "$size" >>"$part.tar"; then
            rm -f "$part.tar"
            die "cannot write the archive"
        fi
        printf .
        left=$((left - size))
    done
    sum=$(sha256sum <"$part.tar")
    if [ "${sum%% *}" != "$1" ]; then
        size=$(wc -c <"$part.tar")
        rm -f "$part.tar"
        echo "$((size)) bytes with checksum ${sum%% *}" >&2
        exit 3
    fi
    if ! { mkdir "$part" && tar -xf "$part.tar" -C "$part"; }; then
        rm -rf "$part" "$part.tar"
        die "cannot unpack the archive"
    fi
    rm -f "$part.tar"
    mv "$part" "$pack"
    ;;
start) # NAME SHA256 VARIABLE FILE SIZE COMMAND ARGUMENT ...: the first line of stdin becomes VARIABLE, the SIZE bytes after it FILE.
    name=$1 sum=$2 variable=$3 file=$4 size=$5
    shift 5
    # Read everything before creating the job's folder: when a connection breaks, stdin just ends, and a run with half of it would measure something else.
    IFS= read -r value || die "the connection ended before $variable arrived; nothing was started"
    part=$home/$$.part
    head -c "$size" >"$part"
    if ! [ "$(wc -c <"$part")" -eq "$size" ]; then
        rm -f "$part"
        die "$file arrived incomplete or could not be written; nothing was started"
    fi
    if ! mkdir "$job" 2>/dev/null; then
        rm -f "$part"
        [ -d "$job" ] || die "cannot create $job"
        if [ "$(cat "$job/name" 2>/dev/null)" = "$name" ]; then
            # The first attempt succeeded, but its response was lost.
            await_begin
            exit 0
        fi
        exit 4
    fi
    for pack in "$home/packs"/*; do
        [ "$pack" = "$home/packs/$sum" ] || rm -rf "$pack"
    done
    if ! { echo "$name" >"$job/name" && mkdir "$job/work" && mv "$part" "$job/work/$file"; }; then
        rm -rf "$job" "$part"
        die "cannot write $job"
    fi
    [ -z "$value" ] || export "$variable=$value"
    own=
    ! command -v setsid >/dev/null || own=setsid
    $own sh "$0" "$home" supervise "$home/packs/$sum" "$@" </dev/null >"$job/log" 2>&1 &
    await_begin
    ;;
supervise) # DIRECTORY COMMAND ARGUMENT ...: outlives the exec that started it, and records how the command ended.
    directory=$1 command=$2
    shift 2
    cd "$job/work" || exit 1
    trap '' HUP
    trap : TERM INT
    "$directory/$command" "$@" &
    child=$!
    echo "$child" >"$job/command-pid"
    echo $$ >"$job/pid"
    while :; do
        wait "$child"
        code=$?
        kill -0 "$child" 2>/dev/null || break
    done
    echo "$code" >"$job/exit-code.part" && mv "$job/exit-code.part" "$job/exit-code"
    ;;
state) # prints two lines: the state, the job's name
    read_state
    echo "$state"
    [ "$state" = idle ] || cat "$job/name"
    ;;
log) # OFFSET LIMIT SECONDS: prints the state, a size and that many bytes, as soon as there are any, the job has ended, or SECONDS are over.
    waited=0
    while :; do
        read_state
        size=0
        [ ! -f "$job/log" ] || size=$(($(wc -c <"$job/log") - $1))
        [ "$size" -le 0 ] && [ "$state" = running ] && [ $waited -lt "$3" ] || break
        sleep 1
        waited=$((waited + 1))
    done
    [ "$size" -le "$2" ] || size=$2
    echo "$state"
    echo "$size"
    [ "$size" -le 0 ] || tail -c +$(($1 + 1)) "$job/log" | head -c "$size"
    ;;
sum) # prints the size and checksum of what fetch prints
    size=$(packed | wc -c)
    sum=$(packed | sha256sum)
    echo $((size)) "${sum%% *}"
    ;;
fetch) # OFFSET LIMIT
    packed | tail -c +$(($1 + 1)) | head -c "$2"
    ;;
stop) # SECONDS: how long the job has until it is killed
    read_state
    [ "$state" = running ] || exit 0
    child=$(cat "$job/command-pid")
    # The whole process group, if setsid created one: a command may have children.
    kill -s TERM -- "-$pid" 2>/dev/null || kill -s TERM "$child"
    waited=0
    while read_state && [ "$state" = running ]; do
        if [ $waited -ge "$1" ]; then
            kill -s KILL "$child"
        fi
        sleep 1
        waited=$((waited + 1))
        [ $waited -lt $(($1 + 10)) ] || die "it does not stop"
    done
    ;;
remove) # NAME
    [ "$(cat "$job/name" 2>/dev/null)" = "$1" ] || exit 0
    rm -rf "$job"
    ;;
*)
    die "unknown action $action"
    ;;
esac
