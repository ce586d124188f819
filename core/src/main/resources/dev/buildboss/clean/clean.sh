# What Buildboss left on a machine: tells of it, or removes what it is told to. Needs a POSIX shell; du, find and /proc.
#   look CACHE WORK-DIR                     each thing of ours: kind, bytes, seconds since its use, whether it is in use, path
#   cache CACHE PATH...                     removes these from the cache
#   work WORK-DIR HOLD ALL BOSS PATH...     removes these below the work directory while holding its lock; with ALL = all the rest of
#                                           it too, if Buildboss made it
# Ours is only what bears our mark: in the cache, directories with a hash for a name and our marker (or a bundle's jar) in them; a
# work directory with a worker's lock file, in it the worktrees and logs by their names. Each is looked at again right before.
say() { printf 'BUILDBOSS-CLEAN'; printf ' %s' "$@"; echo; }

home() { # PATH: with ~ as the home
    case $1 in
        '~') printf '%s' "$HOME" ;;
        '~/'*) printf '%s' "$HOME/${1#??}" ;;
        -*) printf './%s' "$1" ;;
        *) printf '%s' "$1" ;;
    esac
}

bytes() { du -sk "$1" 2>/dev/null | { read -r kib rest && printf '%s' $((kib * 1024)) || printf 0; }; }
age() { printf '%s' $(($(date +%s) - $(stat -c %Y "$1" 2>/dev/null || date +%s))); }

in_use() { # DIRECTORY: some process has it in its command line (the pattern comes on standard input: grep is a process too)
    [ -n "$(printf '%s/\n' "$1" | grep -lFf - /proc/[0-9]*/cmdline 2>/dev/null)" ]
}

cache_kind() { # DIRECTORY: prints what it is, if it is ours
    [ -d "$1" ] && [ ! -L "$1" ] && [ -O "$1" ] || return 1
    name=${1##*/}
    case $name in
        # One that is in the making now is younger.
        new-* | *.old-[0-9]*) [ "$(age "$1")" -ge 3600 ] && echo leftover && return ;;
    esac
    [ "${#name}" = 32 ] && [ -z "$(printf '%s' "$name" | tr -d '0-9a-f')" ] || return 1
    if [ -f "$1/.buildboss" ]; then
        head -n 1 "$1/.buildboss" | tr -cd 'a-z ' | tr ' ' -
        echo
    elif [ -f "$1/buildboss-worker.jar" ]; then
        echo worker
    else
        return 1
    fi
}

work_kind() { # WORK-DIR PATH: prints what it is, if it is ours
    [ -d "$2" ] && [ ! -L "$2" ] && [ -O "$2" ] || return 1
    case ${2#"$1"/.bm-work/} in
        logs) echo logs ;;
        repo.git) echo repository ;;
        *.old-[0-9]*) echo worktree ;;
        [0-9][0-9] | [0-9][0-9][0-9] | [0-9][0-9][0-9][0-9]) [ -f "$2/.git" ] && echo worktree ;;
        *) return 1 ;;
    esac
}

is_work_dir() { # WORK-DIR: whether a worker worked there
    [ -f "$1/.bm-work/worker.lock" ] && [ -O "$1/.bm-work/worker.lock" ] && [ ! -L "$1/.bm-work" ]
}

started() { # PID: when it started, in the kernel's ticks since boot
    [ -r "/proc/$1/stat" ] || return 0
    set -- $(sed 's/.*) //' "/proc/$1/stat" 2>/dev/null)
    printf '%s' "${20:-}"
}

look() {
    cache=$(home "$1") wd=$(home "$2")
    for dir in "$cache"/*; do
        kind=$(cache_kind "$dir") || continue
        if in_use "$dir"; then used=used; else used=free; fi
        say item "$kind" "$(bytes "$dir")" "$(age "$dir")" "$used" "$dir"
    done
    [ -n "$wd" ] && wd=$(cd "$wd" 2>/dev/null && pwd -P) && is_work_dir "$wd" || return 0
    idle=$(age "$wd/.bm-work/worker.lock")
    for dir in "$wd"/.bm-work/*; do
        kind=$(work_kind "$wd" "$dir") || continue
        say item "$kind" "$(bytes "$dir")" "$idle" free "$dir"
    done
    [ ! -f "$wd/.git/buildboss-made" ] || say item repository "$(bytes "$wd/.git")" "$idle" free "$wd/.git"
}

drop() { # KIND PATH
    size=$(bytes "$2")
    aside=$2.old-$$
    # Out of the way at once, so that nobody takes half of it for whole.
    if mv "$2" "$aside" 2>/dev/null; then rm -rf "$aside"; else rm -rf "$2"; fi
    if [ -e "$2" ] || [ -e "$aside" ]; then say kept "$1" 0 "$2"; else say removed "$1" "$size" "$2"; fi
}

cache() {
    cache=$(home "$1")
    shift
    for dir; do
        [ "${dir%/*}" = "$cache" ] && kind=$(cache_kind "$dir") && ! in_use "$dir" || { say kept other 0 "$dir"; continue; }
        drop "$kind" "$dir"
    done
}

busy() { say busy "$@"; say end; exit 0; }

# The lock that other bosses know; see docs/locks.md.
hold() {
    who=$1
    since=$(started $$)
    if ! { echo "$now" >".lock.$$" && ln ".lock.$$" .lock 2>/dev/null; }; then
        rm -f ".lock.$$"
        stamp= pid= start= by=
        [ ! -r .lock.buildboss ] || read -r stamp pid start by <.lock.buildboss
        if [ -n "$stamp" ] && [ "$stamp" = "$(cat .lock 2>/dev/null)" ] && [ "$(started "$pid")" != "$start" ]; then
            rm -f .lock .lock.buildboss # its process is gone
            [ "${again:-}" = yes ] && busy "its lock can't be taken"
            again=yes
            hold "$who"
            return
        fi
        busy "${by:-another boss} has the work directory $wd"
    fi
    rm -f ".lock.$$"
    printf '%s\n' "$now $$ $since $who" >".lock.buildboss.$$" && mv -f ".lock.buildboss.$$" .lock.buildboss
    trap 'rm -f .lock .lock.buildboss' EXIT
    trap 'exit 1' HUP INT TERM PIPE
}

work() {
    wd=$(home "$1") mode=$2 all=$3 who=$4
    shift 4
    wd=$(cd "$wd" 2>/dev/null && pwd -P) && is_work_dir "$wd" && cd "$wd" || return 0
    now=$(date +%s)
    [ "$mode" != hold ] || hold "$who"
    pid=$(sed -n 's/^pid //p' .bm-work/worker.lock 2>/dev/null)
    start=$(sed -n 's/^started //p' .bm-work/worker.lock 2>/dev/null)
    [ -z "$pid" ] || [ -z "$start" ] || [ "$(started "$pid")" != "$start" ] || [ "$mode" != hold ] ||
        busy "a worker (process $pid there) has the work directory $wd"
    for dir; do
        if [ "$dir" = "$wd/.git" ] && [ "$all" = all ] && [ -f .git/buildboss-made ]; then
            drop repository "$dir"
        elif kind=$(work_kind "$wd" "$dir") && { [ "$kind" != repository ] || [ "$all" = all ]; }; then
            drop "$kind" "$dir"
        else
            say kept other 0 "$dir"
        fi
    done
    [ ! -d .git ] || git worktree prune >/dev/null 2>&1
    # Nothing is left of a directory that was ours alone.
    if [ "$all" = all ] && [ ! -e .git ]; then
        rm -f .bm-work/worker.lock .lock .lock.buildboss
        cd / && rmdir "$wd/.bm-work" "$wd" 2>/dev/null
    fi
    return 0
}

step=$1
shift
"$step" "$@"
say end
