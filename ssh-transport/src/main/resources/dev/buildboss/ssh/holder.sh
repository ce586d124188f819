# Holds the lock for as long as the boss keeps this command's input open; each line there renews it.
say ok "$me"
trap 'drop_lock; exit 1' HUP INT TERM PIPE
while read -r word; do renew_lock >/dev/null 2>&1; done
drop_lock
