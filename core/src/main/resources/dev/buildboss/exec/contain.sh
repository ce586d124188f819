# Runs "$@", less its first word, so that nothing of it outlives the JVM that started this script.
#
# The script is started by setsid, so it leads a process group of its own. Its standard input is a pipe that the JVM holds
# and never writes to while all is well. When the JVM goes, however it goes, the pipe ends, and the watchdog kills the group.
# A word on the pipe asks for an orderly end first (TERM), the end of the pipe then for the hard one.
# The first word is the pipe of a job pool that the program gets as descriptor 9 (MakeClient.DESCRIPTOR); empty: none. Each program opens
# it for itself, so that what a make does to its descriptor (O_NONBLOCK) reaches nobody else's.
# The second word is a file that gets the seconds of CPU that the program took, with all that it waited for; empty: none does.
exec 3<&0 </dev/null
jobs=$1 usage=$2
shift 2
(
  trap '' TERM INT HUP
  exec >/dev/null 2>&1
  if read -r word <&3; then
    kill -TERM 0
    read -r word <&3
  fi
  kill -KILL 0
) &
watchdog=$!
trap : TERM INT HUP
if [ -n "$jobs" ]; then
  "$@" 3<&- 9<>"$jobs"
else
  "$@" 3<&-
fi
status=$?
# The JVM sees the outputs end before it sees this script end, as it must to tell whether something of the program holds them open.
exec >/dev/null 2>&1
[ -z "$usage" ] || { times; } >"$usage"
# Reaped here: some init processes are slow at it, and a worker runs thousands of these.
kill -KILL "$watchdog"
wait "$watchdog"
exit "$status"
