#!/bin/sh
# The first five minutes: demo.sh VIDGIT FOLDER
# Makes a sample clip in FOLDER, then split, filter, render, verify. Run again, it replaces only what it made.
set -eu

if [ $# -ne 2 ]; then
  echo "usage: demo.sh VIDGIT FOLDER" >&2
  exit 2
fi
here=$(cd "$(dirname "$0")" && pwd)
vidgit=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
mkdir -p "$2"
cd "$2"

# Commits need a name: a machine that has told git none gets one for the demonstration only.
if [ -z "${GIT_AUTHOR_EMAIL:-}" ] && ! git config --global user.email >/dev/null; then
  export GIT_AUTHOR_NAME="vidgit demo" GIT_AUTHOR_EMAIL="demo@example.com"
  export GIT_COMMITTER_NAME="vidgit demo" GIT_COMMITTER_EMAIL="demo@example.com"
fi

step() {
  printf '\n$ %s\n' "$*"
  [ "$1" != vidgit ] || { shift; set -- "$vidgit" "$@"; }
  "$@"
}

if [ ! -f flyover.mp4 ]; then
  echo "Drawing the sample clip, once ..."
  "$here/flyover/make.sh" flyover.mp4
fi

rm -rf flyover noir.mp4 same.mkv
step vidgit split flyover.mp4
step cd flyover
step vidgit filter noir -b noir
step vidgit filter 'graph:hue=s=0,eq=contrast=1.4' --range 50%..
step vidgit log
step vidgit render noir -o ../noir.mp4
step vidgit render main -o ../same.mkv --lossless
step vidgit verify noir
step git log --oneline --graph --all

cat <<END

Done. Open
  $(cd .. && pwd)/noir.mp4      the filtered film, with its sound
  $(cd .. && pwd)/same.mkv      every frame of the source, bit for bit
and look around in $(pwd) with git.
END
