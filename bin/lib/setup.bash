# Sourced by the programs in bin: what a checkout needs on a machine, and building what is missing or out of date.
# Needs $root, the checkout's top.

say() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }

# The feature number of a Java program (17 of "openjdk version "17.0.15"…), 0 when there is none.
java_version() { # java|javac
    local program=${JAVA_HOME:+$JAVA_HOME/bin/}$1
    command -v "$program" >/dev/null || { echo 0; return; }
    "$program" -version 2>&1 | sed -n 's/^\(javac \|.*version "\)\([0-9]*\).*/\2/p' | head -n 1 | grep . || echo 0
}

# Prints the Debian packages of those programs (command:package) that aren't here.
packages_of_missing() {
    local need
    for need in "$@"; do
        case $need in
            jdk) [ "$(java_version javac)" -ge 17 ] || echo default-jdk-headless ;;
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
