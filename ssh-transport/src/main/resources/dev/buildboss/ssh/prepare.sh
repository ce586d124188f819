# Takes the work directory and makes its repository ready for a push.
hold

if [ ! -e .git ]; then
    # `boss clean --all` removes a repository that was made here, in a directory with nothing else in it, and no other.
    others=$(ls -A | grep -v -e '^\.lock' -e '^\.bm-work$')
    git init -q . >/dev/null 2>&1 || stop failed "git init failed in $wd"
    [ -n "$others" ] || : >.git/buildboss-made
fi

# What a push or a checkout that was cut off left, unless something still works here.
left() {
    find .git/refs/buildboss .git/refs/heads/work.lock .git/*.lock .git/objects/tmp_objdir-* .git/objects/incoming-* \
        .git/objects/pack/tmp_* \( -name '*.lock' -o -name 'tmp_*' -o -name 'incoming-*' \) -prune 2>/dev/null
}
if [ -d .git ] && [ -n "$(left)" ]; then
    inside
    [ -n "$busy" ] || left | while read -r path; do rm -rf "./$path"; done
fi
if [ -n "$(ls .git/refs/buildboss/extra 2>/dev/null)" ]; then
    git for-each-ref --format='delete %(refname)' refs/buildboss/extra/ | git update-ref --stdin
fi

# Shallow sources bring their boundary with them.
grep -q 'shallowUpdate = true' .git/config 2>/dev/null || {
    git config receive.denyCurrentBranch updateInstead
    git config receive.shallowUpdate true
} || stop failed "git config failed in $wd"
