# Makes the work directory ready and takes its lock, as existing bosses know it: .lock holds epoch seconds. Beside it,
# .lock.buildboss tells whose it is: the same seconds, the process that holds it with its start time, and who that is. So a
# lock of ours is held as long as its process lives, and one of others as long as they keep to the rules below. The kernel's
# lock on .bm-work/worker.lock, which our worker takes, is what keeps our own bosses apart in the end.
wd=@WORKDIR@
who=@BOSS@
mkdir -p "$wd" && cd "$wd" && wd=$(pwd -P) || stop failed "can't make the work directory $wd"
command -v git >/dev/null 2>&1 || stop failed "git is not installed there"
unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE GIT_COMMON_DIR

started() { # PID: when it started, in the kernel's ticks since boot; nothing, if it isn't there
    [ -r "/proc/$1/stat" ] || return 0
    set -- $(sed 's/.*) //' "/proc/$1/stat" 2>/dev/null)
    printf '%s' "${20:-}"
}

me=$$:$(started $$)

holder() { # sets stamp, pid, since and by from .lock.buildboss
    stamp= pid= since= by=
    [ ! -r .lock.buildboss ] || read -r stamp pid since by <.lock.buildboss
}

# Each file whole or not at all: nobody may see it empty.
stamp_lock() {
    printf '%s\n' "$now ${me%:*} ${me#*:} $who" >".lock.buildboss.$$" && mv -f ".lock.buildboss.$$" .lock.buildboss
}

take_lock() {
    now=$(date +%s)
    echo "$now" >".lock.$$" && { ln ".lock.$$" .lock 2>/dev/null; taken=$?; rm -f ".lock.$$"; }
    [ "${taken:-1}" = 0 ] || return 1
    stamp_lock
}

is_mine() {
    holder
    [ "$pid:$since" = "$me" ] && [ "$(cat .lock 2>/dev/null)" = "$stamp" ]
}

renew_lock() {
    is_mine || return 0
    now=$(date +%s)
    echo "$now" >".lock.$$" && mv -f ".lock.$$" .lock && stamp_lock
    touch -c .bm-work/worker.lock
}

drop_lock() {
    ! is_mine || rm -f .lock .lock.buildboss
}

inside() { # sets busy to the processes of this user that work in this directory; this one steps out for it
    cd /
    busy=$(ls -l /proc/[0-9]*/cwd 2>/dev/null | wd=$wd awk '{
        to = substr($0, index($0, " -> ") + 4)
        if (to == ENVIRON["wd"] || index(to, ENVIRON["wd"] "/") == 1) {
            match($0, /\/proc\/[0-9]+/)
            print substr($0, RSTART + 6, RLENGTH - 6)
        }
    }' | head -n 5 | tr '\n' ' ')
    cd "$wd" || stop failed "the work directory $wd is gone"
}

held() { # whether others hold the lock: ours by the process, another boss's by its age and by what works here
    holder
    if [ -n "$stamp" ] && [ "$stamp" = "$seen" ]; then
        [ -n "$since" ] && [ "$(started "$pid")" = "$since" ] || return 1
        by="${by:-another boss} (process $pid there)"
        return 0
    fi
    age=$(($(date +%s) - ${seen:-0}))
    by="another boss, since $age s"
    if [ -O .lock ] && { [ "$age" -ge @LOCKGRACE@ ] || [ "$age" -lt -60 ]; }; then
        inside
        by="$by (processes there: ${busy% })"
        [ -n "$busy" ]
    else
        by="$by (if there is none: rm $wd/.lock)"
        [ "$age" -lt @LOCKAGE@ ]
    fi
}

hold() {
    tries=0
    until take_lock; do
        [ -e .lock ] || [ "$tries" -lt 3 ] || stop failed "can't write to the work directory $wd"
        seen=$(head -c 40 .lock 2>/dev/null | tr -cd '0-9.')
        seen=${seen%%.*}
        tries=$((tries + 1))
        if held; then
            # One of ours that is just ending gets a moment.
            [ -n "$stamp" ] && [ "$stamp" = "$seen" ] && [ "$tries" -le 3 ] || stop busy "work directory $wd is in use by $by"
            sleep 1
            continue
        fi
        # Left behind. Two may find that at once: what was moved away must be what was looked at.
        mv .lock ".lock.$$.old" 2>/dev/null || continue
        moved=$(head -c 40 ".lock.$$.old" | tr -cd '0-9.')
        [ "${moved%%.*}" = "$seen" ] || ln ".lock.$$.old" .lock 2>/dev/null
        rm -f ".lock.$$.old"
        [ "$tries" -lt 10 ] || stop busy "work directory $wd is in use"
    done
}
