# Fetched compilers on a machine: looks for what is there, or takes one that the boss sends. Needs a POSIX shell, tar, gzip and
# sha256sum.
#   look DIRECTORY PATTERN...                      tells the machine's kind, its compilers and what of a transfer is there
#   begin DIRECTORY NAME                           makes room; tells how much of NAME is here from a transfer that broke off
#   store DIRECTORY NAME OFFSET SIZE SHA256 PLACE GCC   takes the rest on standard input, checks it, and puts it into PLACE
# All that is in the making is in DIRECTORY/.fetch.
say() { printf 'BUILDBOSS-FETCH'; printf ' %s' "$@"; echo; }
stop() { say failed "$@"; exit 1; }

home() { # PATH: with ~ as the home
    case $1 in
        '~/'*) printf '%s' "$HOME/${1#??}" ;;
        *) printf '%s' "$1" ;;
    esac
}

compilers() { # DIRECTORY
    for gcc in "$1"/*gcc; do
        [ ! -f "$gcc" ] || [ ! -x "$gcc" ] || say compiler "$gcc"
    done
}

look() {
    shift
    say machine "$(uname -s)" "$(uname -m)"
    old=$IFS
    IFS=:
    for dir in $PATH; do compilers "$dir"; done
    IFS=
    for pattern; do
        for dir in $(home "$pattern"); do
            for sub in . bin usr/bin; do [ ! -d "$dir/$sub" ] || compilers "$dir/$sub"; done
        done
    done
    IFS=$old
}

begin() {
    part=$making/$2.part
    command -v sha256sum >/dev/null 2>&1 || stop "sha256sum is not installed there"
    command -v tar >/dev/null 2>&1 || stop "tar is not installed there"
    mkdir -p "$making" || stop "can't make $making"
    # What a transfer that was killed left, unless one works there now.
    find "$making" -mindepth 1 -maxdepth 1 -name 'new-*' -mmin +60 -exec rm -rf {} + 2>/dev/null
    if [ -s "$part" ]; then
        say part "$(wc -c <"$part" | tr -d ' ')" "$(sha256sum <"$part" | cut -c 1-64)"
    else
        say part 0 -
    fi
}

store() {
    part=$making/$2.part place=$dir/$6
    cd "$making" || stop "can't use $making"
    [ "$3" != 0 ] || : >"$part" || stop "can't write to $making"
    # One that breaks off leaves its part, to go on from.
    cat >>"$part" || stop "can't write to $making (is the disk full?)"
    [ "$(wc -c <"$part" | tr -d ' ')" -ge "$4" ] || stop "the transfer was cut short"
    [ "$(sha256sum <"$part" | cut -c 1-64)" = "$5" ] || { rm -f "$part"; stop "what arrived is not what was sent"; }
    aside=$(mktemp -d "$making/new-XXXXXXXX") || stop "can't write to $making"
    trap 'rm -rf "$aside" "$aside.old"; rmdir "$making" 2>/dev/null' EXIT
    trap 'exit 1' HUP INT TERM PIPE
    said=$(gzip -dc <"$part" | (cd "$aside" && exec tar -xf -) 2>&1) || stop "can't unpack it (is the disk full?): $said"
    rm -f "$part"
    said=$("$aside/$7" --version 2>&1 </dev/null) || stop "the compiler does not run there: $(printf '%s' "$said" | head -n 1)"
    chmod 755 "$aside" && mkdir -p "${place%/*}" || stop "can't make ${place%/*}"
    # One that is there is replaced.
    [ ! -e "$place" ] || mv "$place" "$aside.old" || stop "can't replace $place"
    mv "$aside" "$place" || stop "can't put it into $place"
    say stored "$place/$7"
}

step=$1
dir=$(home "$2")
making=$dir/.fetch
shift
"$step" "$@"
say end
