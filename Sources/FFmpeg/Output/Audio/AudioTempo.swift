import CFFmpeg

/// Plays samples faster or slower at the same pitch: libavfilter's `atempo`.
///
/// A class, since it holds a graph; one task uses it at a time.
public final class AudioTempo {
  /// The speeds that it takes, as times as fast.
  public static let speeds = 1.0 / 64...64

  private var graph: UnsafeMutablePointer<AVFilterGraph>?
  private let source: UnsafeMutablePointer<AVFilterContext>
  private let sink: UnsafeMutablePointer<AVFilterContext>

  /// - Parameters:
  ///   - format: of the samples that go in and come out.
  ///   - speed: one of `speeds`.
  init(_ format: AudioFormat, speed: Double) throws(FFmpegError) {
    let graph = try allocated("stretch the sound", avfilter_graph_alloc())
    do throws(FFmpegError) {
      graph.pointee.nb_threads = 1
      let source = try Self.add("abuffer", to: graph)
      let parameters = try allocated("stretch the sound", av_buffersrc_parameters_alloc())
      defer { av_free(parameters) }
      parameters.pointee.format = format.sampleFormat.rawValue
      parameters.pointee.sample_rate = format.sampleRate
      parameters.pointee.time_base = AVRational(num: 1, den: format.sampleRate)
      // Borrowed: the source makes its own copy.
      parameters.pointee.ch_layout = format.layout.av
      try check("stretch the sound") { av_buffersrc_parameters_set(source, parameters) }
      try Self.open(source)
      var last = source
      for step in Self.steps(speed) {
        let filter = try Self.add("atempo", to: graph)
        try check("stretch the sound") {
          av_opt_set_double(filter, "tempo", step, AV_OPT_SEARCH_CHILDREN)
        }
        try Self.open(filter)
        try check("stretch the sound") { avfilter_link(last, 0, filter, 0) }
        last = filter
      }
      // The filter knows no planes; its result is brought back.
      let output = try Self.add("aformat", to: graph)
      try check("stretch the sound") {
        av_opt_set(
          output, "sample_fmts", av_get_sample_fmt_name(format.sampleFormat),
          AV_OPT_SEARCH_CHILDREN)
      }
      try Self.open(output)
      try check("stretch the sound") { avfilter_link(last, 0, output, 0) }
      let sink = try Self.add("abuffersink", to: graph)
      try Self.open(sink)
      try check("stretch the sound") { avfilter_link(output, 0, sink, 0) }
      try check("stretch the sound") { avfilter_graph_config(graph, nil) }
      (self.source, self.sink) = (source, sink)
    } catch {
      var graph: UnsafeMutablePointer<AVFilterGraph>? = graph
      avfilter_graph_free(&graph)
      throw error
    }
    self.graph = graph
  }

  deinit {
    avfilter_graph_free(&graph)
  }

  /// Hands in samples; nil ends them.
  func push(_ frame: Frame?) throws(FFmpegError) {
    try check("stretch the sound") {
      av_buffersrc_add_frame_flags(source, frame?.av, Int32(AV_BUFFERSRC_FLAG_KEEP_REF))
    }
  }

  /// The next samples that are ready; nil where it wants more or has ended.
  func pull() throws(FFmpegError) -> Frame? {
    let frame = try Frame()
    let result = av_buffersink_get_frame(sink, frame.av)
    if result == FFmpegError.tryAgain || result == FFmpegError.endOfFile { return nil }
    try check("stretch the sound") { result }
    return frame
  }

  /// Factors from 0.5 to 2, between which `atempo` uses all samples, whose product is `speed`.
  static func steps(_ speed: Double) -> [Double] {
    var steps: [Double] = []
    var rest = min(max(speed, speeds.lowerBound), speeds.upperBound)
    while rest > 2 {
      steps.append(2)
      rest /= 2
    }
    while rest < 0.5 {
      steps.append(0.5)
      rest /= 0.5
    }
    return steps + [rest]
  }

  private static func add(
    _ name: String, to graph: UnsafeMutablePointer<AVFilterGraph>
  ) throws(FFmpegError) -> UnsafeMutablePointer<AVFilterContext> {
    guard let definition = avfilter_get_by_name(name) else {
      throw FFmpegError(
        invalid: "stretch the sound", detail: "this libavfilter does not have '\(name)'")
    }
    return try allocated(
      "stretch the sound", avfilter_graph_alloc_filter(graph, definition, nil))
  }

  private static func open(
    _ filter: UnsafeMutablePointer<AVFilterContext>
  ) throws(FFmpegError) {
    var none: OpaquePointer?
    defer { av_dict_free(&none) }
    try check("stretch the sound") { avfilter_init_dict(filter, &none) }
  }
}
