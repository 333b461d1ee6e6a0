#!/bin/sh
# Validates repositories that vidgit makes against the schemas beside this script: check.sh VIDGIT
# Needs ffmpeg, git and check-jsonschema (PyPI) on PATH.
set -eu

if [ $# -ne 1 ]; then
  echo "usage: check.sh VIDGIT" >&2
  exit 2
fi
here=$(cd "$(dirname "$0")" && pwd)
vidgit=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
export GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=ada@example.com
export GIT_COMMITTER_NAME=Ada GIT_COMMITTER_EMAIL=ada@example.com

check-jsonschema --check-metaschema "$here"/*.schema.json

# A clip of two sizes and two streams, so that the optional keys are there too.
cd "$work"
for size in 160x120 128x96; do
  ffmpeg -nostdin -hide_banner -loglevel error -f lavfi -i "testsrc2=size=$size:rate=25:duration=1" \
    -f lavfi -i sine=duration=1 -c:v libx264 -preset ultrafast -pix_fmt yuv420p -c:a mp2 "$size.ts"
done
cat 160x120.ts 128x96.ts > clip.ts

"$vidgit" split clip.ts repository
cd repository
"$vidgit" filter noir -b noir
"$vidgit" filter 'graph:split[a][b];[b]boxblur=4[c];[a][c]blend=all_mode=screen' --range 50%..
"$vidgit" filter 'graph:format=gray' --range 10..20

# And pictures of two sizes.
cd "$work"
mkdir pictures
ffmpeg -nostdin -hide_banner -loglevel error -i clip.ts -frames:v 3 -map 0:v pictures/a%d.png
ffmpeg -nostdin -hide_banner -loglevel error -i 128x96.ts -frames:v 2 -map 0:v pictures/b%d.jpg
"$vidgit" import pictures imported --fps 25

"$here/check" "$work/repository" "$work/imported"
"$here/check" --examples
echo "The repository is what the schemas say."
