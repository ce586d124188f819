# What a compiler is, wherever it is installed: identity PATH prints its version, its target and a hash, with tabs between them, and
# fails if the compiler does not work. The hash is of what `gcc -v`, `-dumpmachine` and `-dumpspecs` say, without the lines that tell
# where it is (COLLECT_...) and where its sources were, and with its installed and its configured prefix replaced. Needs a POSIX shell.
buildboss_hash() {
    if command -v sha256sum >/dev/null 2>&1; then
        sha256sum
    elif command -v shasum >/dev/null 2>&1; then
        shasum -a 256
    else
        cksum
    fi | tr -d ' -' | cut -c 1-16
}
buildboss_quoted() { printf '%s\n' "$1" | sed 's/[][\.*^$|]/\\&/g'; }
identity() (
    export LC_ALL=C CCACHE_DISABLE=1
    version=$("$1" -dumpfullversion 2>/dev/null </dev/null) || version=$("$1" -dumpversion 2>/dev/null </dev/null) || return 1
    target=$("$1" -dumpmachine 2>/dev/null </dev/null) || return 1
    case $version$target in '' | *[!A-Za-z0-9._+-]*) return 1 ;; esac
    [ -n "$version" ] && [ -n "$target" ] || return 1
    said=$({ "$1" -v; "$1" -dumpmachine; "$1" -dumpspecs; } 2>&1 </dev/null)
    directory=$(cd -P "$(dirname "$1")" 2>/dev/null && pwd -P)
    installed=${directory%/*}
    configured=$(printf '%s\n' "$said" | sed -n "s/^Configured with:.* '\{0,1\}--prefix=\([^' ]*\).*/\1/p" | head -n 1)
    set -- -e '/^COLLECT_/d' -e 's|^Configured with: [^ ]*|Configured with:|'
    [ -z "$directory" ] || set -- "$@" -e "s|$(buildboss_quoted "$directory")|<bin>|g"
    [ -z "$installed" ] || set -- "$@" -e "s|$(buildboss_quoted "$installed")|<prefix>|g"
    [ -z "$configured" ] || set -- "$@" -e "s|$(buildboss_quoted "$configured")|<prefix>|g"
    hash=$(printf '%s\n' "$said" | sed "$@" | buildboss_hash)
    printf '%s\t%s\t%s\n' "$version" "$target" "$hash"
)
