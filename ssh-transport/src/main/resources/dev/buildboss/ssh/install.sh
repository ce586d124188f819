# Puts a bundle that was sent aside into its place, if it is whole.
umask 077
base="$HOME/.cache/buildboss"
b="$base/@BUNDLE@"

# What is there and whole stays: another boss was faster, and its worker starts from there now. What is broken is replaced.
put_into_place() { # WHAT
    cd "$base" || stop failed "can't use $base"
    if (cd "$b" 2>/dev/null && printf '%s' @SUMS@ | sha256sum -c - >/dev/null 2>&1); then
        rm -rf "$aside"
        return
    fi
    [ ! -e "$b" ] || mv "$b" "$aside.old"
    mv "$aside" "$b" || stop failed "can't put $1 in place"
    # One that came there in between has this one inside now.
    rm -rf "$aside.old" "$b/${aside##*/}"
}

case @STEP@ in
    begin)
        mkdir -p "$base" && chmod 700 "$base" || stop failed "can't make $base"
        # What an installation that was cut off left, and versions that nobody started for a month.
        find "$base" -mindepth 1 -maxdepth 1 -name 'new-*' -mmin +60 -exec rm -rf {} + 2>/dev/null
        find "$base" -mindepth 1 -maxdepth 1 -type d -mtime +30 -exec rm -rf {} + 2>/dev/null
        aside=$(mktemp -d "$base/new-XXXXXXXX") || stop failed "can't write to $base"
        say ok "$aside"
        ;;
    end)
        aside=@ASIDE@
        cd "$aside" || stop failed "the bundle's directory is gone"
        if command -v sha256sum >/dev/null 2>&1; then
            printf '%s' @SUMS@ | sha256sum -c - >/dev/null 2>&1 || stop failed "the worker's program did not arrive whole (is the disk full?)"
        fi
        echo worker >.buildboss
        sync @JARS@ 2>/dev/null || sync
        put_into_place "the worker's program"
        say ok
        ;;
    runtime)
        aside=@ASIDE@
        cd "$aside" || stop failed "the runtime's directory is gone"
        command -v sha256sum >/dev/null 2>&1 || stop failed "sha256sum is not installed there"
        said=$(gzip -dc <runtime.tgz 2>&1 >runtime.tar && tar -xf runtime.tar 2>&1) || stop failed "can't unpack the Java runtime (is the disk full?): $said"
        rm -f runtime.tgz runtime.tar
        printf '%s' @SUMS@ | sha256sum -c - >/dev/null 2>&1 || stop failed "the Java runtime did not arrive whole (is the disk full?)"
        said=$(./bin/java -version 2>&1) || stop failed "the Java runtime that was sent does not run there: $(printf '%s' "$said" | head -n 1)"
        # Without an archive of the runtime's own classes, the worker's can't be made: the start is slower then.
        if ./bin/java -XX:+UseSerialGC -Xshare:dump >/dev/null 2>&1 </dev/null && [ -s lib/server/classes.jsa ]; then
            sha256sum lib/server/classes.jsa >cds.sum
        else
            rm -f lib/server/classes.jsa
        fi
        echo runtime >.buildboss
        sync
        put_into_place "the Java runtime"
        say ok
        ;;
esac
exit 0
