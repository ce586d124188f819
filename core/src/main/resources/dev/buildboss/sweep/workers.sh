# Looks for the workers of this user here, or ends some of them. Needs a POSIX shell and /proc, and leaves nothing.
#   list MAIN-CLASS WORK-DIR
#   end WORK-DIR SECONDS FORCE PID:STARTED...
# A worker is told by its very arguments, and by the lock file in its work directory that names it or the boss that it was
# given; a process by its id and the time of its start. What is said of it is for the boss to judge.
say() { printf 'BUILDBOSS-WORKERS %s\n' "$*"; }

fields() { # PID: sets state, parent, group and since; fails if it isn't there
    state= since=
    [ -r "/proc/$1/stat" ] || return 1
    set -- $(sed 's/.*) //' "/proc/$1/stat" 2>/dev/null)
    state=${1:-} parent=${2:-} group=${3:-} since=${20:-}
    [ -n "$since" ]
}

runs() { # PID STARTED: whether that very process runs
    fields "$1" && [ "$since" = "$2" ] && [ "$state" != Z ]
}

home() { # PATH: with ~ as the home
    case $1 in
        '~') printf '%s' "$HOME" ;;
        '~/'*) printf '%s' "$HOME/${1#??}" ;;
        -*) printf './%s' "$1" ;;
        *) printf '%s' "$1" ;;
    esac
}

value() { # FILE KEY
    sed -n "s/^$2 //p" "$1" 2>/dev/null | head -n 1
}

arguments() { # PID: "dir …" and "boss …", if it is a worker of ours
    tr '\0' '\n' <"/proc/$1/cmdline" 2>/dev/null | main=$main awk '
        { word[NR] = $0 }
        END {
            n = split(word[1], part, "/")
            if (part[n] !~ /^java/) exit
            for (i = 4; i <= NR && !(word[i] == ENVIRON["main"] && word[i - 2] == "-cp"); i++);
            if (i > NR) exit
            dir = "."
            for (i++; i < NR; i++) {
                if (word[i] == "-g" || word[i] == "--directory") dir = word[++i]
                else if (word[i] == "--boss") boss = word[++i]
                else if (word[i] ~ /^--(repo|threads|set)$/) i++
            }
            print "dir " dir
            if (boss != "") print "boss " boss
        }'
}

tell() { # PID DIRECTORY BOSS: what is known of a process; it counts only if a lock or a boss's name confirms it
    lock=$2/.bm-work/worker.lock
    locked=no boss=$3
    [ "$(value "$lock" pid)" != "$1" ] || [ "$(value "$lock" started)" != "$since" ] || locked=yes
    [ $locked = yes ] || [ -n "$boss" ] || return 0
    say worker "$1" "$since" "$parent" "$state"
    say directory "$1" "$2"
    [ -n "$wd" ] && [ "$2" != "$here" ] || say own "$1" yes
    if [ $locked = yes ]; then
        say startedby "$1" "$(value "$lock" parent)"
        say renewed "$1" $(($(date +%s) - $(stat -c %Y "$lock" 2>/dev/null || date +%s)))
        [ -n "$boss" ] || boss=$(value "$lock" boss)
    fi
    [ -z "$boss" ] || say boss "$1" "$boss"
}

lock_state() { # DIRECTORY: the lock that existing bosses know
    [ -e "$1/.lock" ] || return 0
    stamp= pid= started=
    [ ! -r "$1/.lock.buildboss" ] || read -r stamp pid started rest <"$1/.lock.buildboss"
    if [ -n "$stamp" ] && [ "$stamp" = "$(cat "$1/.lock")" ]; then
        runs "$pid" "$started" && say lock held || say lock stale
    else
        seen=$(head -c 40 "$1/.lock" | tr -cd '0-9.')
        seen=${seen%%.*}
        say lock foreign $(($(date +%s) - ${seen:-0}))
    fi
}

list() {
    main=$1 wd=$(home "$2")
    here=$([ -z "$wd" ] || { cd "$wd" 2>/dev/null && pwd -P; })
    told=' '
    # Two names may be of one host: its boot, and the space of its process ids.
    say host "$(cat /proc/sys/kernel/random/boot_id 2>/dev/null)" "$(readlink /proc/self/ns/pid 2>/dev/null)"
    for pid in $(grep -lF "$main" /proc/[0-9]*/cmdline 2>/dev/null | tr -cd '0-9\n'); do
        [ -O "/proc/$pid" ] || continue
        about=$(arguments "$pid")
        [ -n "$about" ] && fields "$pid" || continue
        dir=$(printf '%s\n' "$about" | sed -n 's/^dir //p')
        case $dir in /*) ;; *) dir=/proc/$pid/cwd/$dir ;; esac
        dir=$(cd "$dir" 2>/dev/null && pwd -P || printf '%s' "$dir")
        tell "$pid" "$dir" "$(printf '%s\n' "$about" | sed -n 's/^boss //p')"
        told="$told$pid "
    done
    [ -n "$wd" ] || return 0
    # An existing worker that was started by one of our bosses: the lock file is its only sign.
    pid=$(value "$wd/.bm-work/worker.lock" pid)
    case $told in
        *" $pid "*) ;;
        *) [ -z "$pid" ] || ! [ -O "/proc/$pid" ] || ! fields "$pid" || tell "$pid" "$here" '' ;;
    esac
    lock_state "$wd"
}

signal() { # SIGNAL PID: to its group, if it leads one of its own
    if [ "$group" = "$2" ]; then kill "-$1" "-$2" 2>/dev/null; else kill "-$1" "$2" 2>/dev/null; fi
}

left() { # PID:STARTED...: those that still run
    for item; do
        ! runs "${item%:*}" "${item#*:}" || printf '%s ' "$item"
    done
}

end() {
    wd=$(home "$1") grace=$2 force=$3
    shift 3
    for item; do
        pid=${item%:*}
        [ -O "/proc/$pid" ] && runs "$pid" "${item#*:}" || continue
        signal TERM "$pid"
        signal CONT "$pid" # a stopped one acts on it only then
    done
    waited=0
    while [ -n "$(left "$@")" ] && [ "$waited" -lt "$grace" ]; do
        sleep 1
        waited=$((waited + 1))
    done
    for item in $(left "$@"); do
        fields "${item%:*}" && signal KILL "${item%:*}"
    done
    [ -z "$(left "$@")" ] || sleep 1
    for item; do
        runs "${item%:*}" "${item#*:}" && say left "${item%:*}" || say ended "${item%:*}"
    done
    [ -n "$wd" ] || return 0
    case $(lock_state "$wd") in
        *' lock stale') rm -f "$wd/.lock" "$wd/.lock.buildboss" && say unlocked ;;
        *' lock foreign '*) [ "$force" != yes ] || { rm -f "$wd/.lock" && say unlocked; } ;;
    esac
}

step=$1
shift
"$step" "$@"
say end
