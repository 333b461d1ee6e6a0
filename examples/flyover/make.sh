#!/bin/sh
# Draws the sample clip: make.sh OUT.mp4
# Needs a Swift compiler and the ffmpeg program with libx264. Takes about half a minute.
set -eu

if [ $# -ne 1 ]; then
  echo "usage: make.sh OUT.mp4" >&2
  exit 2
fi
out=$1
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

swiftc -O "$here/flyover.swift" -o "$work/flyover"
"$work/flyover" "$work/sound.wav" >"$work/pictures.rgb"

# bitexact and one thread: the same machine makes the same file again.
ffmpeg -nostdin -hide_banner -loglevel error -y \
  -f rawvideo -pixel_format rgb24 -video_size 640x360 -framerate 25 -i "$work/pictures.rgb" \
  -i "$work/sound.wav" \
  -vf "scale=out_color_matrix=bt709:out_range=tv:flags=bitexact+accurate_rnd+full_chroma_int+bicubic,format=yuv420p" \
  -c:v libx264 -preset slow -crf 21 -g 50 -threads 1 \
  -colorspace bt709 -color_primaries bt709 -color_trc bt709 -color_range tv \
  -c:a aac -b:a 96k \
  -map_metadata -1 -fflags +bitexact -flags:v +bitexact -flags:a +bitexact \
  -movflags +faststart "$work/clip.mp4"
mv "$work/clip.mp4" "$out"
