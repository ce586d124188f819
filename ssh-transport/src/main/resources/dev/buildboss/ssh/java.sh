# The C library that programs are linked with: a Java runtime is made for one of them.
libc() {
    if command -v ldd >/dev/null 2>&1; then
        if ldd --version 2>&1 </dev/null | grep -qi musl; then echo musl; else echo gnu; fi
    elif ls /lib/ld-musl-*.so.1 >/dev/null 2>&1 && ! ls /lib*/ld-linux* >/dev/null 2>&1; then
        echo musl
    else
        echo gnu
    fi
}

# Finds a Java runtime of at least 17, and sets java (the program), release (its release file), found (what was
# seen) and newest (the newest version that was seen, fit or not).
found=
newest=
suits() { # JAVA
    [ -n "$1" ] && [ -f "$1" ] && [ -x "$1" ] || return 1
    real=$(readlink -f "$1" 2>/dev/null || echo "$1")
    release=${real%/bin/java}/release
    if [ -r "$release" ]; then
        major=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$release")
    else
        release=
        major=$("$1" -XX:-UsePerfData -version 2>&1 </dev/null | sed -n 's/.* version "\([0-9]*\).*/\1/p')
    fi
    found="$found $1 (${major:-?})"
    ! [ "${major:-0}" -gt "${newest:-0}" ] 2>/dev/null || newest=$major
    [ "${major:-0}" -ge 17 ] 2>/dev/null || return 1
    java=$1
}

find_java() {
    wanted=@JAVA@
    if [ -n "$wanted" ]; then
        case $wanted in */*) ;; *) wanted=$(command -v "$wanted") ;; esac
        suits "$wanted"
        return
    fi
    for candidate in "${JAVA_HOME:+$JAVA_HOME/bin/java}" "$(command -v java)" @PLACES@; do
        ! suits "$candidate" || return 0
    done
    return 1
}
