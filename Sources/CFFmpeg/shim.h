// What the Swift importer cannot see of FFmpeg's libraries, and what differs between their versions.
#ifndef CFFMPEG_SHIM_H
#define CFFMPEG_SHIM_H

#include <libavcodec/avcodec.h>
#include <libavfilter/avfilter.h>
#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>
#include <libavformat/avformat.h>
#include <libavutil/avutil.h>
#include <libavutil/channel_layout.h>
#include <libavutil/cpu.h>
#include <libavutil/display.h>
#include <libavutil/imgutils.h>
#include <libavutil/mastering_display_metadata.h>
#include <libavutil/mathematics.h>
#include <libavutil/mem.h>
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
#include <libswscale/swscale.h>
#include <stdio.h>
#include <string.h>

// Function-like macros are not imported.
static const int vg_AVERROR_EOF = AVERROR_EOF;
static const int vg_AVERROR_INVALIDDATA = AVERROR_INVALIDDATA;
static const int64_t vg_AV_NOPTS_VALUE = AV_NOPTS_VALUE;
static inline int vg_averror(int posix) { return AVERROR(posix); }

// `pkt_duration` was renamed in libavutil 58.
static inline int64_t vg_frame_duration(const AVFrame *frame) {
#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(58, 2, 100)
  return frame->duration;
#else
  return frame->pkt_duration;
#endif
}
static inline void vg_frame_set_duration(AVFrame *frame, int64_t duration) {
#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(58, 2, 100)
  frame->duration = duration;
#else
  frame->pkt_duration = duration;
#endif
}

// Side data of a whole stream moved into its codec parameters in libavformat 60.15.
static inline const uint8_t *vg_stream_side_data(
    const AVStream *stream, enum AVPacketSideDataType type, size_t *size) {
#if LIBAVFORMAT_VERSION_INT >= AV_VERSION_INT(60, 15, 100)
  const AVPacketSideData *data = av_packet_side_data_get(
      stream->codecpar->coded_side_data, stream->codecpar->nb_coded_side_data, type);
  *size = data ? data->size : 0;
  return data ? data->data : NULL;
#else
  return av_stream_get_side_data(stream, type, size);
#endif
}
static inline int vg_stream_add_side_data(
    AVStream *stream, enum AVPacketSideDataType type, const uint8_t *bytes, size_t size) {
  uint8_t *data;
#if LIBAVFORMAT_VERSION_INT >= AV_VERSION_INT(60, 15, 100)
  AVPacketSideData *entry = av_packet_side_data_new(
      &stream->codecpar->coded_side_data, &stream->codecpar->nb_coded_side_data, type, size, 0);
  data = entry ? entry->data : NULL;
#else
  data = av_stream_new_side_data(stream, type, size);
#endif
  if (!data) return AVERROR(ENOMEM);
  memcpy(data, bytes, size);
  return 0;
}

// A bit field.
static inline int vg_index_entry_size(const AVIndexEntry *entry) { return entry->size; }

// A graph's input declares its colours since libavfilter 9.16; before, the frames alone carry them.
static inline void vg_buffersrc_set_color(
    AVBufferSrcParameters *parameters, enum AVColorSpace space, enum AVColorRange range) {
#if LIBAVFILTER_VERSION_INT >= AV_VERSION_INT(9, 16, 100)
  parameters->color_space = space;
  parameters->color_range = range;
#endif
}

#include "shim-output.h"

#endif
