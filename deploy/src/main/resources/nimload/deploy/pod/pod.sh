#!/bin/sh
# One detached job at a time in a pod: pod.sh HOME ACTION ... (DetachedJob calls it). POSIX sh; needs tar, and coreutils or busybox.
#   HOME/packs/<sha256>/   what was uploaded and unpacked      HOME/job/work/       the job's working directory
#   HOME/job/log           what the job prints                 HOME/job/exit-code   once it has ended
home=$1
action=$2
shift 2
job=$home/job
state=idle

die() {
    echo "$*" >&2
    exit 1
}

# A zombie counts as ended: the pod's first process may never collect it.
alive() {
    [ -n "$1" ] || return 1
    if [ -d /proc/self ]; then
        [ -r "/proc/$1/stat" ] && ! grep -q '^[0-9]* (.*) Z' "/proc/$1/stat" 2>/dev/null
    else
        kill -0 "$1" 2>/dev/null
    fi
}

# Whoever starts a job makes its folder first: one without a pid may be a moment old.
await_pid() {
    seconds=0
    while [ -d "$job" ] && [ ! -s "$job/pid" ] && [ $seconds -lt 10 ]; do
        sleep 1
        seconds=$((seconds + 1))
    done
}

# idle, running, ended CODE, or lost: ended without an exit code, as after a restart of the container.
read_state() {
    await_pid
    state=idle
    [ -d "$job" ] || return 0
    pid=$(cat "$job/pid" 2>/dev/null)
    state=running
    alive "$pid" || state=lost
    # Looked for last: it may have been written since.
    [ ! -f "$job/exit-code" ] || state="ended $(cat "$job/exit-code")"
}

await_begin() {
    await_pid
    if [ ! -s "$job/pid" ]; then
        said=$(tail -n 1 "$job/log" 2>/dev/null)
        rm -rf "$job"
        die "it has not begun within 10 s: $said"
    fi
}

# Everything but what was uploaded, as a stream, so that a full disk keeps no result here. The same bytes each time, once the job has ended.
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
install) # SHA256 SIZE FRAME, the archive on stdin: so many bytes and no further, since not every API server hands on the end of stdin.
    # A dot asks for the next frame; see PodShell.Input.
    pack=$home/packs/$1
    part=$pack.$$.part
    [ ! -d "$pack" ] || exit 0
    mkdir -p "$home/packs" || die "no folder can be made there"
    left=$2
    while [ "$left" -gt 0 ]; do
        size=$3
        [ "$left" -ge "$size" ] || size=$left
        if ! head -c "$size" >>"$part.tar"; then
            rm -f "$part.tar"
            die "the archive cannot be written"
        fi
        printf .
        left=$((left - size))
    done
    sum=$(sha256sum <"$part.tar")
    if [ "${sum%% *}" != "$1" ]; then
        size=$(wc -c <"$part.tar")
        rm -f "$part.tar"
        echo "$((size)) bytes arrived, and their checksum is ${sum%% *}" >&2
        exit 3
    fi
    if ! { mkdir "$part" && tar -xf "$part.tar" -C "$part"; }; then
        rm -rf "$part" "$part.tar"
        die "the archive cannot be unpacked"
    fi
    rm -f "$part.tar"
    mv "$part" "$pack"
    ;;
start) # NAME SHA256 VARIABLE FILE SIZE COMMAND ARGUMENT ...: the first line of stdin becomes VARIABLE, the SIZE bytes after it FILE.
    name=$1 sum=$2 variable=$3 file=$4 size=$5
    shift 5
    # All of it before the job's folder is made: where a connection breaks stdin just ends, and a run with half of it would measure something else.
    IFS= read -r value || die "the connection ended before $variable had arrived; nothing was started"
    part=$home/$$.part
    head -c "$size" >"$part"
    if ! [ "$(wc -c <"$part")" -eq "$size" ]; then
        rm -f "$part"
        die "$file did not arrive whole, or could not be written; nothing was started"
    fi
    if ! mkdir "$job" 2>/dev/null; then
        rm -f "$part"
        [ -d "$job" ] || die "$job cannot be made"
        if [ "$(cat "$job/name" 2>/dev/null)" = "$name" ]; then
            # The answer to the first attempt was lost on its way.
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
        die "$job cannot be written"
    fi
    [ -z "$value" ] || export "$variable=$value"
    own=
    ! command -v setsid >/dev/null || own=setsid
    $own sh "$0" "$home" supervise "$home/packs/$sum" "$@" </dev/null >"$job/log" 2>&1 &
    await_begin
    ;;
supervise) # DIRECTORY COMMAND ARGUMENT ...: outlives the exec that started it, and writes down how the command ended.
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
state) # two lines: the state, the job's name
    read_state
    echo "$state"
    [ "$state" = idle ] || cat "$job/name"
    ;;
log) # OFFSET LIMIT SECONDS: the state, a size and so many bytes, as soon as there are any, the job has ended, or the seconds are over.
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
sum) # the size and the checksum of what fetch gives
    size=$(packed | wc -c)
    sum=$(packed | sha256sum)
    echo $((size)) "${sum%% *}"
    ;;
fetch) # OFFSET LIMIT
    packed | tail -c +$(($1 + 1)) | head -c "$2"
    ;;
stop) # SECONDS until it is killed
    read_state
    [ "$state" = running ] || exit 0
    child=$(cat "$job/command-pid")
    # The whole group, where setsid made one: a command may have children.
    kill -s TERM -- "-$pid" 2>/dev/null || kill -s TERM "$child"
    waited=0
    while read_state && [ "$state" = running ]; do
        if [ $waited -ge "$1" ]; then
            kill -s KILL "$child"
        fi
        sleep 1
        waited=$((waited + 1))
        [ $waited -lt $(($1 + 10)) ] || die "it does not end"
    done
    ;;
remove) # NAME
    [ "$(cat "$job/name" 2>/dev/null)" = "$1" ] || exit 0
    rm -rf "$job"
    ;;
*)
    die "$action is no action"
    ;;
esac
