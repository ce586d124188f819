# The bundle: there, whole, and what the boss has. Its directory is renamed into place when it is complete.
b="$HOME/.cache/buildboss/@BUNDLE@"
intact() {
    cd "$b" 2>/dev/null || return 1
    if command -v sha256sum >/dev/null 2>&1; then
        printf '%s' @SUMS@ | sha256sum -c - >/dev/null 2>&1
    elif command -v shasum >/dev/null 2>&1; then
        printf '%s' @SUMS@ | shasum -a 256 -c - >/dev/null 2>&1
    else
        cat @JARS@ 2>/dev/null | wc -c | grep -qx ' *@BYTES@'
    fi
}
(intact) || stop missing

# A runtime that the boss sent, if this machine has none of its own.
shipped_java() {
    [ -n "@RUNTIME@" ] || stop nojava "$(uname -s)" "$(uname -m)" "$(libc)" "${found:-none found}"
    r="$HOME/.cache/buildboss/@RUNTIME@"
    (cd "$r" 2>/dev/null && printf '%s' @RUNTIMESUMS@ | sha256sum -c - >/dev/null 2>&1) || stop send
    # Its class archive was made here; a damaged one kills the JVM.
    (cd "$r" && [ ! -e cds.sum ] || sha256sum -c cds.sum >/dev/null 2>&1) || rm -f "$r/lib/server/classes.jsa" "$r/cds.sum"
    touch -c "$r"
    java=$r/bin/java release=$r/release
}
if ! find_java; then
    [ -z "$wanted" ] || stop failed "needs a Java 17+ runtime, and the java of the settings is none:${found:- $wanted is not there}; set the machine's java to another, or to \"\""
    shipped_java
fi

# A class archive is bound to the jars, their times and the very build of the JVM. One that is cut short kills the JVM: it is
# written aside, synced and renamed, and its size is kept.
key=$( (cd "$b" && echo "$java" && readlink -f "$java" && { [ -n "$release" ] && cat "$release" || "$java" -version 2>&1; } &&
    stat -c '%n %Y %s' @JARS@ 2>/dev/null) | cksum | tr -cd '0-9 ' | tr ' ' -)
jsa="$b/worker-$key.jsa"
complete() { [ "$(wc -c <"$jsa" 2>/dev/null | tr -d ' ')" = "$(cat "$jsa.size" 2>/dev/null)" ]; }
[ ! -f "$jsa" ] || complete || rm -f "$jsa"
if [ @ARCHIVE@ = no ]; then
    rm -f "$jsa"
    : >"$jsa.failed"
elif [ ! -f "$jsa" ] && [ ! -e "$jsa.failed" ]; then
    find "$b" -maxdepth 1 -name 'dump-*.new' -mmin +10 -exec rm -f {} + 2>/dev/null
    aside="$b/dump-$$.new"
    (@DUMP@) </dev/null >/dev/null 2>&1 &
    dump=$!
    # The limit; the watchdog's sleep goes with it.
    (sleep 60 & nap=$!; trap 'kill $nap' TERM; wait $nap; kill -9 $dump) >/dev/null 2>&1 </dev/null &
    watchdog=$!
    wait $dump && ended=0 || ended=1
    kill $watchdog 2>/dev/null
    if [ $ended = 0 ] && [ -s "$aside" ]; then
        wc -c <"$aside" | tr -d ' ' >"$jsa.size"
        sync "$aside" "$jsa.size" 2>/dev/null || sync
        mv -f "$aside" "$jsa"
    else
        rm -f "$aside"
        : >"$jsa.failed"
    fi
fi
