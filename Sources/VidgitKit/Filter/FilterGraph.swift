import FFmpeg

/// libavfilter's graph; the model's, which a recipe holds, is named with its module.
typealias FilterGraph = FFmpeg.FilterGraph
