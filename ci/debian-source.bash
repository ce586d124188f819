# Sourced by ci/*-tree: makes a git repository of a Debian source package's upstream source, with commits on top of it. Authors, dates
# and contents are fixed: the same source package gives the same hashes everywhere. Debian's patches are left out (the upstream
# tarball alone), so a security update of the package changes nothing. Needs git, xz-utils and apt (no root: a package index of its
# own, thrown away afterwards, holds the sources).

DATE='1700000000 +0000'
MARKER=.git/tree-tip

die() { echo "${0##*/}: $*" >&2; exit 1; }

# Git with nothing of the user's or the system's own settings, so that the hashes repeat.
tree_git() {
    GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 GIT_TEMPLATE_DIR='' \
        GIT_AUTHOR_NAME='Buildboss CI' GIT_AUTHOR_EMAIL=ci@buildboss.invalid GIT_AUTHOR_DATE=$DATE \
        GIT_COMMITTER_NAME='Buildboss CI' GIT_COMMITTER_EMAIL=ci@buildboss.invalid GIT_COMMITTER_DATE=$DATE \
        git -C "$1" -c core.autocrlf=false -c gc.auto=0 "${@:2}"
}

# Writes the host's own binary package sources, turned into sources of source packages, in both of apt's formats; with SUITE, of that
# release in place of the host's (an archive that has no such release is left out by apt).
derive_sources() { # DIR [SUITE]
    local out=$1 suite=${2:-} file n=0
    mkdir -p "$out"
    for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
        [ -f "$file" ] || continue
        n=$((n + 1))
        sed -nE 's/^[[:space:]]*deb(-src)?[[:space:]]+/deb-src /p' "$file" \
            | sed -E "${suite:+s/^(deb-src (\[[^]]*\] )?[^ ]+) [^ ]+ .*/\1 $suite main/}" | sort -u > "$out/$n.list"
    done
    for file in /etc/apt/sources.list.d/*.sources; do
        [ -f "$file" ] || continue
        n=$((n + 1))
        sed -E "s/^Types:.*/Types: deb-src/I; ${suite:+s/^Suites:.*/Suites: $suite/I}" "$file" > "$out/$n.sources"
    done
    [ "$n" -gt 0 ] || die "no apt sources found in /etc/apt"
}

private_apt() { # TMP COMMAND...
    local tmp=$1
    "$2" -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$tmp/apt/sources" \
        -o Dir::State::Lists="$tmp/apt/lists" -o Dir::Cache="$tmp/apt/cache" -o APT::Sandbox::User="$(id -un)" \
        -o Acquire::Languages=none -o Acquire::Retries=3 "${@:3}"
}

# Unpacks PACKAGE's upstream source, whose version is VERSION, to TMP/tree; TMP holds the package index too. SUITE: see derive_sources.
fetch_source() { # PACKAGE VERSION TMP [SUITE]
    local package=$1 wanted=$2 tmp=$3 version
    mkdir -p "$tmp/apt/lists/partial" "$tmp/apt/cache/archives/partial" "$tmp/apt/download"
    derive_sources "$tmp/apt/sources" "${4:-}"
    # Third-party archives often carry no sources: that is no reason to stop, a missing package is.
    private_apt "$tmp" apt-get update > "$tmp/apt/log" 2>&1 || true
    version=$(private_apt "$tmp" apt-cache showsrc --only-source "$package" 2> "$tmp/apt/showsrc.log" \
        | sed -nE "s/^Version: (([0-9]+:)?$wanted[+-].*)/\1/p" | sort -V | tail -1) || true
    [ -n "$version" ] || { cat "$tmp/apt/log" >&2; die "apt offers no $package $wanted source package"; }
    (cd "$tmp/apt/download" && private_apt "$tmp" apt-get source --download-only --only-source "$package=$version") > "$tmp/apt/log" 2>&1 \
        || { cat "$tmp/apt/log" >&2; die "apt could not fetch the $package $version source package"; }
    mkdir "$tmp/tree"
    tar -x -f "$tmp/apt/download/$package"_*.orig.tar.* -C "$tmp/tree" --strip-components=1 --no-same-owner
}

# Whether DIR is such a repository already, at the commit that it was made with.
tree_is_right() { # DIR COMMITS
    local tip
    [ -f "$1/$MARKER" ] || return 1
    tip=$(cat "$1/$MARKER")
    [ "$(tree_git "$1" rev-parse -q --verify work)" = "$tip" ] || return 1
    [ "$(tree_git "$1" rev-parse -q --verify HEAD)" = "$tip" ] || return 1
    [ "$(tree_git "$1" rev-list --count base..work)" = "$2" ] || return 1
    [ -z "$(tree_git "$1" status --porcelain --untracked-files=no)" ]
}

# Makes DIR that repository, if it isn't yet: branch `base` is the source as it is, branch `work` (checked out, its upstream is
# `base`) has COMMITS on top. For each the caller's `change N` edits the files of $tree and prints the commit's message.
make_tree() { # DIR TITLE PACKAGE VERSION COMMITS
    local dir=$1 title=$2 package=$3 version=$4 commits=$5 n message
    if tree_is_right "$dir" "$commits"; then
        echo "${0##*/}: $dir is up to date at $(cat "$dir/$MARKER")"
        return 0
    fi
    if [ -e "$dir" ] && [ -n "$(ls -A "$dir")" ]; then
        [ -e "$dir/$MARKER" ] || die "$dir is not empty and was not made by this script"
        rm -rf -- "$dir"
    fi
    mkdir -p -- "$(dirname -- "$dir")"
    tmp=$(mktemp -d -- "$(dirname -- "$dir")/.${0##*/}.XXXXXX")
    trap 'rm -rf -- "$tmp"' EXIT
    fetch_source "$package" "$version" "$tmp"
    tree=$tmp/tree
    tree_git "$tree" -c init.defaultBranch=base init -q
    tree_git "$tree" config core.autocrlf false
    tree_git "$tree" config gc.auto 0
    # --force: upstream's .gitignore may name files that its tarball holds.
    tree_git "$tree" add --force --all
    tree_git "$tree" commit -q --no-verify --no-gpg-sign -m "$title $version, from Debian's source package"
    tree_git "$tree" checkout -q -b work --track base
    for ((n = 1; n <= commits; n++)); do
        message=$(change "$n")
        tree_git "$tree" commit -q --no-verify --no-gpg-sign -a -m "$message"
    done
    [ "$(tree_git "$tree" rev-list --count base..work)" = "$commits" ] || die "the commits on top could not be made"
    # Packed, as a pushed copy is: git's default abbreviation, which U-Boot builds into its version, depends on the packed objects' number.
    tree_git "$tree" repack -adq
    tree_git "$tree" rev-parse work > "$tree/$MARKER"
    [ ! -d "$dir" ] || rmdir -- "$dir"
    mv -- "$tree" "$dir"
    echo "${0##*/}: made $dir at $(cat "$dir/$MARKER")"
}
