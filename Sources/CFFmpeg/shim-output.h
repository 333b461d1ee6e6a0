// The part of the shim that encoding, scaling and muxing need. Include shim.h, not this.
#ifndef CFFMPEG_SHIM_OUTPUT_H
#define CFFMPEG_SHIM_OUTPUT_H

#include <libavutil/audio_fifo.h>
#include <libavutil/avstring.h>
#include <libavutil/samplefmt.h>
#include <libswresample/swresample.h>

// Function-like macros are not imported.
static const int vg_AVERROR_OPTION_NOT_FOUND = AVERROR_OPTION_NOT_FOUND;
static const int vg_AVERROR_ENCODER_NOT_FOUND = AVERROR_ENCODER_NOT_FOUND;
static const int vg_AVERROR_MUXER_NOT_FOUND = AVERROR_MUXER_NOT_FOUND;

// All side data of a stream, by index; it moved into the codec parameters in libavformat 60.15.
static inline int vg_stream_side_data_count(const AVStream *stream) {
#if LIBAVFORMAT_VERSION_INT >= AV_VERSION_INT(60, 15, 100)
  return stream->codecpar->nb_coded_side_data;
#else
  return stream->nb_side_data;
#endif
}
static inline const uint8_t *vg_stream_side_data_at(
    const AVStream *stream, int index, enum AVPacketSideDataType *type, size_t *size) {
#if LIBAVFORMAT_VERSION_INT >= AV_VERSION_INT(60, 15, 100)
  const AVPacketSideData *data = &stream->codecpar->coded_side_data[index];
#else
  const AVPacketSideData *data = &stream->side_data[index];
#endif
  *type = data->type;
  *size = data->size;
  return data->data;
}

// An encoder's lists of what it takes, each ended as its type ends lists, NULL for "anything".
// The fields of AVCodec are deprecated since libavcodec 61.13.
static inline const void *vg_encoder_list(const AVCodec *codec, int which) {
#if LIBAVCODEC_VERSION_INT >= AV_VERSION_INT(61, 13, 100)
  static const enum AVCodecConfig kinds[] = {
      AV_CODEC_CONFIG_PIX_FORMAT, AV_CODEC_CONFIG_SAMPLE_FORMAT, AV_CODEC_CONFIG_SAMPLE_RATE,
      AV_CODEC_CONFIG_CHANNEL_LAYOUT};
  const void *list = NULL;
  return avcodec_get_supported_config(NULL, codec, kinds[which], 0, &list, NULL) < 0 ? NULL : list;
#else
  switch (which) {
    case 0: return codec->pix_fmts;
    case 1: return codec->sample_fmts;
    case 2: return codec->supported_samplerates;
    default: return codec->ch_layouts;
  }
#endif
}
static inline const enum AVPixelFormat *vg_encoder_pixel_formats(const AVCodec *codec) {
  return (const enum AVPixelFormat *)vg_encoder_list(codec, 0);
}
static inline const enum AVSampleFormat *vg_encoder_sample_formats(const AVCodec *codec) {
  return (const enum AVSampleFormat *)vg_encoder_list(codec, 1);
}
static inline const int *vg_encoder_sample_rates(const AVCodec *codec) {
  return (const int *)vg_encoder_list(codec, 2);
}
static inline const AVChannelLayout *vg_encoder_channel_layouts(const AVCodec *codec) {
  return (const AVChannelLayout *)vg_encoder_list(codec, 3);
}

// The write callback's buffer became const in libavformat 61.
typedef int (*vg_write_callback)(void *opaque, const uint8_t *bytes, int count);
typedef int64_t (*vg_seek_callback)(void *opaque, int64_t offset, int whence);
static inline AVIOContext *vg_avio_alloc_writer(
    int buffer_size, void *opaque, vg_write_callback write, vg_seek_callback seek) {
  unsigned char *buffer = (unsigned char *)av_malloc(buffer_size);
  if (!buffer) return NULL;
#if LIBAVFORMAT_VERSION_MAJOR >= 61
  AVIOContext *io = avio_alloc_context(buffer, buffer_size, 1, opaque, NULL, write, seek);
#else
  AVIOContext *io = avio_alloc_context(
      buffer, buffer_size, 1, opaque, NULL, (int (*)(void *, uint8_t *, int))write, seek);
#endif
  if (!io) av_free(buffer);
  return io;
}
static inline void vg_avio_free(AVIOContext **io) {
  if (!*io) return;
  av_freep(&(*io)->buffer);
  avio_context_free(io);
}

// A muxer must open no file of its own beside the one that it is given.
static inline int vg_refuse_io_open(
    AVFormatContext *context, AVIOContext **io, const char *url, int flags, AVDictionary **options) {
  return AVERROR(EPERM);
}
static inline void vg_muxer_refuse_files(AVFormatContext *context) {
  context->io_open = vg_refuse_io_open;
}

// The call that makes a chapter is private to libavformat; its own program does this.
static inline int vg_muxer_add_chapter(
    AVFormatContext *context, int64_t id, AVRational timebase, int64_t start, int64_t end,
    const char *title) {
  AVChapter *chapter = (AVChapter *)av_mallocz(sizeof *chapter);
  if (!chapter) return AVERROR(ENOMEM);
  chapter->id = id;
  chapter->time_base = timebase;
  chapter->start = start;
  chapter->end = end;
  if (title) av_dict_set(&chapter->metadata, "title", title, 0);
  int result = av_dynarray_add_nofree(&context->chapters, (int *)&context->nb_chapters, chapter);
  if (result < 0) {
    av_dict_free(&chapter->metadata);
    av_free(chapter);
  }
  return result;
}

// Interlacing became flags in libavutil 58, and the fields went in 60.
static inline void vg_frame_set_interlaced(AVFrame *frame, int interlaced, int top_first) {
#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(58, 7, 100)
  frame->flags &= ~(AV_FRAME_FLAG_INTERLACED | AV_FRAME_FLAG_TOP_FIELD_FIRST);
  if (interlaced) frame->flags |= AV_FRAME_FLAG_INTERLACED;
  if (top_first) frame->flags |= AV_FRAME_FLAG_TOP_FIELD_FIRST;
#else
  frame->interlaced_frame = interlaced;
  frame->top_field_first = top_first;
#endif
}

// SwsContext is opaque before libswscale 8.3 and a struct after it: Swift imports the two
// differently, so that it is handed out as a plain pointer.
static inline void *vg_scaler_create(
    int source_width, int source_height, enum AVPixelFormat source_format, int width, int height,
    enum AVPixelFormat format, int source_chroma_y, int chroma_y, const char *flags) {
  struct SwsContext *sws = sws_alloc_context();
  if (!sws) return NULL;
  av_opt_set_int(sws, "srcw", source_width, 0);
  av_opt_set_int(sws, "srch", source_height, 0);
  av_opt_set_int(sws, "src_format", source_format, 0);
  av_opt_set_int(sws, "dstw", width, 0);
  av_opt_set_int(sws, "dsth", height, 0);
  av_opt_set_int(sws, "dst_format", format, 0);
  av_opt_set_int(sws, "src_v_chr_pos", source_chroma_y, 0);
  av_opt_set_int(sws, "dst_v_chr_pos", chroma_y, 0);
  av_opt_set_int(sws, "threads", 1, 0);
  av_opt_set(sws, "sws_flags", flags, 0);
  return sws;
}
static inline int vg_scaler_open(void *sws) {
  return sws_init_context((struct SwsContext *)sws, NULL, NULL);
}
static inline int vg_scaler_colours(
    void *scaler, int source_matrix, int source_full, int matrix, int full) {
  struct SwsContext *sws = (struct SwsContext *)scaler;
  int *inverse, *table, source_range, range, brightness, contrast, saturation;
  // -1: the library cannot convert colours between these formats, and need not.
  if (sws_getColorspaceDetails(
          sws, &inverse, &source_range, &table, &range, &brightness, &contrast, &saturation) < 0)
    return 0;
  sws_setColorspaceDetails(
      sws, sws_getCoefficients(source_matrix), source_full, sws_getCoefficients(matrix), full,
      brightness, contrast, saturation);
  return 0;
}
static inline int vg_scaler_scale(void *sws, AVFrame *to, const AVFrame *from) {
  return sws_scale(
      (struct SwsContext *)sws, (const uint8_t *const *)from->data, from->linesize, 0, from->height,
      to->data, to->linesize);
}
static inline void vg_scaler_free(void *sws) { sws_freeContext((struct SwsContext *)sws); }

#endif
