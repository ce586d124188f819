# Tells what a machine is; each line "key value". Needs a POSIX shell, leaves nothing.
say() { printf 'BUILDBOSS-PROBE %s\n' "$*"; }
wd=@WORKDIR@
while [ ! -d "$wd" ] && [ "$wd" != / ] && [ "$wd" != . ]; do wd=$(dirname "$wd"); done
say arch "$(uname -m)"
say system "$(uname -s)"
say cpus "$(awk -F: '/^physical id/ { p = $2 } /^core id/ { print p "-" $2 }' /proc/cpuinfo 2>/dev/null | sort -u | wc -l)"
say threads "$(nproc 2>/dev/null || getconf _NPROCESSORS_ONLN 2>/dev/null)"
quota=$(cat /sys/fs/cgroup/cpu.max 2>/dev/null)
[ -z "$quota" ] || say cpumax "$quota"
say bogomips "$(sed -n 's/^[Bb]ogo[Mm][Ii][Pp][Ss][^:]*: *//p' /proc/cpuinfo 2>/dev/null | head -n 1)"
say load "$(cat /proc/loadavg 2>/dev/null)"
say memory "$(sed -n 's/^MemAvailable: *//p' /proc/meminfo 2>/dev/null)"
say disk "$(df -Pk "$wd" 2>/dev/null | tail -n 1)"
find_java && say java "$major"
version() { # NAME ARGUMENT
    command -v "$1" >/dev/null 2>&1 || return 0
    say version "$1" "$("$1" "$2" 2>&1 </dev/null | head -n 1)"
}
version git --version
version make --version
version dtc --version
! command -v swig >/dev/null 2>&1 || say version swig "$(swig -version 2>&1 </dev/null | grep Version)"
version python3 --version
say end
