# Tells what a machine is; each line "key value". Needs a POSIX shell, leaves nothing.
export LC_ALL=C CCACHE_DISABLE=1
root=@ROOT@
say() { printf 'BUILDBOSS-PROBE %s\n' "$*"; }
say clock "$(date +%s.%N)"
wd=@WORKDIR@
while [ ! -d "$wd" ] && [ "$wd" != / ] && [ "$wd" != . ]; do wd=$(dirname "$wd"); done
say arch "$(uname -m)"
say libc "$(libc)"
say system "$(uname -s)"
say cpus "$(awk -F: '/^physical id/ { p = $2 } /^core id/ { print p "-" $2 }' "$root/proc/cpuinfo" 2>/dev/null | sort -u | wc -l)"
say online "$(grep -c '^processor' "$root/proc/cpuinfo" 2>/dev/null)"
say threads "$(nproc 2>/dev/null || getconf _NPROCESSORS_ONLN 2>/dev/null)"
say bogomips "$(sed -n 's/^[Bb]ogo[Mm][Ii][Pp][Ss][^:]*: *//p' "$root/proc/cpuinfo" 2>/dev/null | head -n 1)"
say load "$(cat "$root/proc/loadavg" 2>/dev/null)"
say memory "$(sed -n 's/^MemAvailable: *//p' "$root/proc/meminfo" 2>/dev/null)"
say total "$(sed -n 's/^MemTotal: *//p' "$root/proc/meminfo" 2>/dev/null)"
say disk "$(df -Pk "$wd" 2>/dev/null | tail -n 1)"

# Control groups: this process's own and all above it, as each may set a limit. In a container only some of them can be seen.
groups=$root/sys/fs/cgroup
climb() { # COMMAND DIRECTORY PATH
    path=${3%/}
    while :; do
        [ ! -d "$2$path" ] || "$1" "$2$path"
        [ -n "$path" ] || break
        path=${path%/*}
    done
}
first() { # FILE: its first line, in line
    line=
    [ ! -r "$1" ] || read -r line <"$1"
    [ -n "$line" ]
} 2>/dev/null
cpu2() { ! first "$1/cpu.max" || say cpumax "$line"; }
cpu1() {
    first "$1/cpu.cfs_quota_us" || return 0
    quota=$line
    ! first "$1/cpu.cfs_period_us" || say cpumax "$quota $line"
}
memory() { # LIMIT USED STAT KEY: limit and use in bytes, and what of that is a cache that can be dropped
    { first "$1" && [ "$line" != max ]; } || return 0
    limit=$line
    ! first "$2" || say memorymax "$limit $line $(sed -n "s/^$4 //p" "$3" 2>/dev/null)"
}
memory2() { memory "$1/memory.max" "$1/memory.current" "$1/memory.stat" inactive_file; }
memory1() { memory "$1/memory.limit_in_bytes" "$1/memory.usage_in_bytes" "$1/memory.stat" total_inactive_file; }
group() { awk -F: -v c="$1" '(c == "" && $2 == "") || (c != "" && ("," $2 ",") ~ ("," c ",")) { print $3; exit }' "$root/proc/self/cgroup" 2>/dev/null; }
if [ -e "$groups/cgroup.controllers" ]; then
    climb cpu2 "$groups" "$(group '')"
    climb memory2 "$groups" "$(group '')"
else
    climb cpu1 "$groups/cpu" "$(group cpu)"
    climb memory1 "$groups/memory" "$(group memory)"
fi

if find_java; then
    say java "$major"
    if [ -n "$release" ]; then
        say version java "$(sed -n 's/^JAVA_VERSION="\(.*\)"/\1/p' "$release")"
    else
        say version java "$("$java" -XX:-UsePerfData -version 2>&1 </dev/null | sed -n 's/.* version "\(.*\)".*/\1/p')"
    fi
elif [ -n "$newest" ]; then
    say java "$newest"
fi
version() { # NAME ARGUMENT
    command -v "$1" >/dev/null 2>&1 || return 0
    say version "$1" "$("$1" "$2" 2>&1 </dev/null | head -n 1)"
}
say version kernel "$(uname -r)"
version git --version
version make --version
version gcc -dumpfullversion
version dtc --version
! command -v swig >/dev/null 2>&1 || say version swig "$(swig -version 2>&1 </dev/null | grep Version)"
version python3 --version
say clockend "$(date +%s.%N)"
say end
