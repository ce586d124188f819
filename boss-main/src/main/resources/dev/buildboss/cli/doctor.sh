# Tries what a build will need. Arguments: the work directory (empty: not looked at), then ARCH=COMPILER. A line for each check:
# name, "ok" or "missing", and what was said about it. Needs a POSIX shell. It writes to /dev/null alone: nothing is left.
export LC_ALL=C CCACHE_DISABLE=1
tab=$(printf '\t')
say() { printf 'BUILDBOSS-DOCTOR %s\t%s\t%s\n' "$1" "$2" "$(printf '%s' "$3" | tr '\t\n' '  ')"; }
check() { # NAME COMMAND…: ok if it ends well; what it says is told, or its last line if it fails
    name=$1
    shift
    if said=$("$@" 2>&1 </dev/null); then
        say "$name" ok "$(printf '%s\n' "$said" | head -n 1)"
    else
        say "$name" missing "$(printf '%s\n' "$said" | grep -v '^ *$' | tail -n 1)"
    fi
}
here() { command -v "$1" >/dev/null 2>&1 || { echo "there is no $1" && return 1; }; }
writable() { # the nearest directory that is there
    at=$wd
    while [ ! -e "$at" ] && [ "$at" != / ] && [ "$at" != . ]; do at=$(dirname "$at"); done
    [ -d "$at" ] || { echo "$at is no directory" && return 1; }
    { [ -w "$at" ] && [ -x "$at" ]; } || { echo "$at can't be written to" && return 1; }
    [ "$at" = "$wd" ] && echo "$wd" || echo "$wd (to be made in $at)"
}
git_runs() { here git && git --version; }
make_runs() {
    here make || return 1
    [ "$(printf 'all:\n\t@echo good\n' | make -s -f - 2>&1)" = good ] || { echo "make can't run a recipe" && return 1; }
    make --version | head -n 1
}
compile() { printf "$1" | gcc -pipe -x c -fsyntax-only - 2>&1; }
cc_compiles() {
    here gcc || return 1
    compile '#include <stdio.h>\nint main(void) { return puts("x"); }\n' || return 1
    cross_compiles gcc
}
cross_compiles() { # COMPILER: and its linker is there
    printf 'int x = 1;\n' | "$1" -pipe -x c -c -o /dev/null - 2>&1 || return 1
    "${1%gcc}ld" --version >/dev/null 2>&1 || { echo "${1%gcc}ld does not run" && return 1; }
    echo "$1 $("$1" -dumpfullversion)"
}
header() { here gcc && compile "#include <$1>\n"; }
bison_runs() {
    here bison || return 1
    printf '%%%%\ns: ;\n' | bison -o /dev/null /dev/stdin 2>&1 || return 1
    bison --version | head -n 1
}
flex_runs() {
    here flex || return 1
    [ -n "$(printf '%%%%\n' | flex -t 2>/dev/null)" ] || { echo "flex makes nothing" && return 1; }
    flex --version
}
bc_runs() { here bc && [ "$(echo '6*7' | bc 2>&1)" = 42 ]; }
python_runs() { here python3 && python3 -B -c 'import sys; print("Python " + sys.version.split()[0])'; }
setuptools_load() { here python3 && python3 -B -c 'import setuptools; print("setuptools " + setuptools.__version__)'; }
python_headers() {
    { here python3 && here gcc; } || return 1
    include=$(python3 -B -c 'import sysconfig; print(sysconfig.get_paths()["include"])') || return 1
    printf '#include <Python.h>\n' | gcc -pipe -I "$include" -x c -fsyntax-only - 2>&1 && echo "$include"
}
swig_runs() { here swig && swig -version | grep Version; }
dtc_runs() {
    here dtc || return 1
    printf '/dts-v1/; / { };\n' | dtc -O dtb -o /dev/null - 2>&1 || return 1
    dtc --version
}
wd=$1
shift
# Not a pattern like in a shell's case, as dash takes a quoted ~ there for a home.
[ "${wd#??}" = "$wd" ] || [ "${wd%"${wd#??}"}" != '~/' ] || wd=$HOME/${wd#??}
[ -z "$wd" ] || check work-dir writable
check git git_runs
check make make_runs
check cc cc_compiles
for compiler; do check "toolchain ${compiler%%=*}" cross_compiles "${compiler#*=}"; done
check bison bison_runs
check flex flex_runs
check openssl-headers header openssl/evp.h
check python3 python_runs
check setuptools setuptools_load
check python3-headers python_headers
check swig swig_runs
check dtc dtc_runs
check gnutls-headers header gnutls/gnutls.h
check uuid-headers header uuid/uuid.h
check bc bc_runs
say end ok ''
