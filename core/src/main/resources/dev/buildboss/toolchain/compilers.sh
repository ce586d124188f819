# Tells the compilers of a machine, each with what it is. Arguments: the longest count, prefixes after "--prefixes", and directory
# patterns after "--paths". Needs a POSIX shell and the function `identity` (identity.sh) before it, leaves nothing.
say() { printf 'BUILDBOSS-COMPILER %s\n' "$*"; }
left=$1
shift
tab=$(printf '\t')
seen=$tab
compiler() { # PATH
    case $1 in *"$tab"* | */c[0-9][0-9]-gcc) return 0 ;; esac
    [ -f "$1" ] && [ -x "$1" ] || return 0
    case $seen in *"$tab$1$tab"*) return 0 ;; esac
    seen=$seen$1$tab
    [ "$left" -gt 0 ] || return 0
    left=$((left - 1))
    what=$(identity "$1") || what=$tab$tab
    say "$1$tab$what"
}
directory() { # DIRECTORY: once, by whatever names (/bin and /usr/bin are often one)
    real=$(cd "$1" 2>/dev/null && pwd -P) || return 0
    case $seen in *"$tab$real/$tab"*) return 0 ;; esac
    seen=$seen$real/$tab
    for gcc in "$1"/*gcc; do compiler "$gcc"; done
}
home() { # PATH: with ~ for the home, in place
    case $1 in
        '~/'*) place=$HOME/${1#'~/'} ;;
        /*) place=$1 ;;
        *) place= ;;
    esac
}
kind=
for argument; do
    case $argument in
        --prefixes | --paths)
            kind=$argument
            continue
            ;;
    esac
    home "$argument"
    [ -n "$place" ] || continue
    if [ "$kind" = --prefixes ]; then
        compiler "${place}gcc"
        continue
    fi
    # A pattern is expanded, and its blanks are not.
    IFS=
    for found in $place; do
        for below in "$found" "$found/bin" "$found/usr/bin"; do
            [ ! -d "$below" ] || directory "$below"
        done
    done
    unset IFS
done
IFS=:
for entry in $PATH; do
    unset IFS
    case $entry in /*) directory "$entry" ;; esac
done
unset IFS
say end
