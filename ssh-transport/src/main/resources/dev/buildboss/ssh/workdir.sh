# Makes the work directory ready and takes its lock, as existing bosses know it: .lock holds epoch seconds. Beside it,
# .lock.buildboss tells whose it is (the same seconds, and the process with its start time): a lock whose process is gone is
# not held. The kernel's lock on .bm-work/worker.lock, which our worker takes, is what keeps our own bosses apart.
wd=@WORKDIR@
mkdir -p "$wd" && cd "$wd" || stop failed "can't make the work directory $wd"
command -v git >/dev/null 2>&1 || stop failed "git is not installed there"
unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE GIT_COMMON_DIR

started() { # PID: when it started, in the kernel's ticks since boot; nothing, if it isn't there
    [ -r "/proc/$1/stat" ] || return 0
    set -- $(sed 's/.*) //' "/proc/$1/stat" 2>/dev/null)
    printf '%s' "${20:-}"
}

take_lock() {
    now=$(date +%s)
    me=$$
    # Whole or not at all: nobody may see it empty.
    echo "$now" >".lock.$me" && { ln ".lock.$me" .lock 2>/dev/null; taken=$?; rm -f ".lock.$me"; }
    [ "${taken:-1}" = 0 ] || return 1
    echo "$now $me $(started $me)" >.lock.buildboss
}

hold() {
    tries=0
    until take_lock; do
        [ -e .lock ] || stop failed "can't write to the work directory $wd"
        held=$(head -c 40 .lock 2>/dev/null | tr -cd '0-9.')
        held=${held%%.*}
        stamp= pid= since=
        [ ! -r .lock.buildboss ] || read -r stamp pid since <.lock.buildboss
        if [ -n "$stamp" ] && [ "$stamp" = "$held" ]; then
            if [ -n "$since" ] && [ "$(started "$pid")" = "$since" ] && [ "$tries" -lt 3 ]; then
                tries=$((tries + 1))
                sleep 1
                continue
            fi
            [ -z "$since" ] || [ "$(started "$pid")" != "$since" ] || stop failed "work directory $wd is in use by another boss (process $pid there)"
        else
            age=$(($(date +%s) - ${held:-0}))
            [ "$age" -ge @LOCKAGE@ ] || stop failed "work directory $wd is in use by another boss, since $age s (if there is none: rm $wd/.lock)"
        fi
        rm -f .lock .lock.buildboss
        tries=$((tries + 1))
        [ "$tries" -lt 10 ] || stop failed "work directory $wd is in use"
    done
}
hold

[ -e .git ] || git init -q . >/dev/null 2>&1 || stop failed "git init failed in $wd"
# Shallow sources bring their boundary with them.
grep -q 'shallowUpdate = true' .git/config 2>/dev/null || {
    git config receive.denyCurrentBranch updateInstead
    git config receive.shallowUpdate true
} || stop failed "git config failed in $wd"
