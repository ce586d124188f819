# Sourced by the programs in bin: what a checkout needs on a machine, and building what is missing or out of date.
# Needs $root, the checkout's top.

say() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }

# The file that a Java program is in at last.
java_file() { # java|javac
    local program
    program=$(command -v "${JAVA_HOME:+$JAVA_HOME/bin/}$1") && readlink -f "$program"
}

# The feature number of a Java program (17 of "openjdk version "17.0.15"…), 0 when there is none.
java_version() { # java|javac
    local program line
    program=$(java_file "$1") || { echo 0; return; }
    # A runtime says its version in a file, too; to ask the program takes as long as its start.
    if [ -r "${program%/bin/*}/release" ]; then
        while IFS= read -r line; do
            case $line in JAVA_VERSION=\"1.*) ;; JAVA_VERSION=\"[0-9]*) line=${line#*\"} && echo "${line%%[!0-9]*}" && return ;; esac
        done <"${program%/bin/*}/release"
    fi
    # Under the name that it was found by: one program may be many, and act by its name.
    "${JAVA_HOME:+$JAVA_HOME/bin/}$1" -version 2>&1 | sed -n 's/^\(javac \|.*version "\)\([0-9]*\).*/\2/p' | head -n 1 | grep . || echo 0
}

# Prints the Debian packages of those programs (command:package) that aren't here.
packages_of_missing() {
    local need
    for need in "$@"; do
        case $need in
            jdk) [ "$(java_version javac)" -ge 17 ] || echo default-jdk-headless ;;
            libc) echo '#include <stdio.h>' | gcc -E - >/dev/null 2>&1 || echo libc6-dev ;; # gcc only recommends it
            *) command -v "${need%%:*}" >/dev/null || echo "${need#*:}" ;;
        esac
    done
}

# Installs what is missing if we are root on a Debian machine, and says how to otherwise.
install_missing() { # command:package…
    local packages
    packages=$(packages_of_missing "$@" | sort -u | tr '\n' ' ')
    [ -n "$packages" ] || return 0
    local command="apt-get install -y --no-install-recommends $packages"
    if ! command -v apt-get >/dev/null; then
        say "missing here (by their Debian names): $packages"
        exit 1
    fi
    if [ "$(id -u)" != 0 ]; then
        say "missing here: $packages"
        say "run: sudo apt-get update && sudo $command"
        exit 1
    fi
    say "installing $packages"
    apt-get -qq update >&2
    DEBIAN_FRONTEND=noninteractive $command >/dev/null
    packages=$(packages_of_missing "$@" | tr '\n' ' ')
    [ -z "$packages" ] || { say "still missing after the installation: $packages"; exit 1; }
}

# Builds a module and what it depends on, if its jar is not there or older than a source. One build at a time.
build_jar() { # JAR MODULE
    local jar=$root/$1 newer=
    [ -d "$root/.git" ] || [ -f "$root/.git" ] || [ ! -f "$jar" ] || return 0
    if [ -f "$jar" ]; then
        newer=$(find "$root"/*/src/main "$root"/*/pom.xml "$root/pom.xml" "$root/reference.conf" "$root/examples/demo-tree" "$root/ci/loopback-machines" \
            -newer "$jar" -type f -print -quit)
        [ -n "$newer" ] || return 0
    fi
    install_missing jdk mvn:maven
    mkdir -p "$root/target"
    (
        command -v flock >/dev/null && flock 9
        say "building Buildboss once${newer:+ (${newer#"$root/"} has changed)}"
        mvn -q -B -ntp -Dfast -DskipTests -f "$root/pom.xml" -pl "$2" -am package >"$root/target/build.log" 2>&1 || {
            grep -m 20 ERROR "$root/target/build.log" >&2 || tail -n 20 "$root/target/build.log" >&2
            say "the build failed; see target/build.log"
            exit 1
        }
    ) 9>"$root/target/build.lock"
    touch -c "$jar"
}

# Prints where the archive of a jar's classes is, with which its JVM starts sooner: beside the jar, one for each JVM that runs it. It is
# made at the first start, by a rehearsal under that JVM option, and anew where it is not what was made; where none can be made, nothing is
# printed, and if a rehearsal that went well left none, an empty one tells not to try again. The JVM itself refuses one that was made for
# another jar or JVM.
class_archive() { # JAR REHEARSAL
    local file=$root/$1 program key archive aside damaged='' never=''
    program=$(java_file java) && key=$(stat -c '%n %Y %s' "$file" "$program" "${program%/bin/java}/lib/modules" 2>/dev/null | cksum) || return 0
    key=${file%.jar}-${key%% *}
    for archive in "$key"-*.jsa; do
        [ -r "$archive" ] || continue
        # Its name tells its checksum and size: the JVM believes what it maps, and with other bytes there it crashes, hangs or goes on.
        # To let it verify them (-XX:+VerifySharedSpaces) takes longer than this, and would not make the archive anew.
        if [ "$archive" != "$key-$(checksum "$archive").jsa" ]; then
            damaged=$archive
        elif [ -s "$archive" ]; then
            echo "$archive"
            return 0
        else
            never=true
        fi
    done
    [ -z "$never" ] && [ -w "${file%/*}" ] || return 0
    [ -z "$damaged" ] || { say "${damaged##*/} is damaged"; rm -f "$damaged"; }
    say "preparing for quick starts, once"
    # What an earlier jar's starts, or interrupted ones, left.
    find "${file%/*}" -maxdepth 1 \( -name '*.jsa' ! -newer "$file" -o -name '*.jsa.*' -mmin +10 \) -delete
    aside=$(mktemp "$key.jsa.XXXXXX") || return 0
    if ! "$2" -XX:ArchiveClassesAtExit="$aside" </dev/null >/dev/null 2>&1; then
        rm -f "$aside" # the next start tries again
        return 0
    fi
    sync "$aside" 2>/dev/null || :
    archive=$key-$(checksum "$aside").jsa
    # Whole or not at all, whoever else is at it.
    mv -f "$aside" "$archive"
    [ ! -s "$archive" ] || echo "$archive"
}

# Prints a file's checksum and its size, with a dash between them.
checksum() { # FILE
    local sum
    sum=$(cksum <"$1") && echo "${sum/ /-}"
}
