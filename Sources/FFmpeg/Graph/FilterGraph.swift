import CFFmpeg

/// A configured graph of libavfilter with one or more video inputs and one video output.
///
/// Not `Sendable`, and a class only so that pools can hold it: one task uses it at a time. A graph
/// runs on the calling thread alone (`nb_threads` 1): some filters' results depend on the number
/// of threads.
public final class FilterGraph {
  /// What frames look like on the way in.
  public struct Input: Hashable, Sendable {
    public var width: Int
    public var height: Int
    public var pixelFormat: PixelFormat
    public var timebase: Ratio
    public var sampleAspectRatio: Ratio
    public var frameRate: Ratio?
    public var colour: Colour

    public init(
      width: Int, height: Int, pixelFormat: PixelFormat, timebase: Ratio,
      sampleAspectRatio: Ratio = Ratio(0, 1), frameRate: Ratio? = nil, colour: Colour = .init()
    ) {
      self.width = width
      self.height = height
      self.pixelFormat = pixelFormat
      self.timebase = timebase
      self.sampleAspectRatio = sampleAspectRatio
      self.frameRate = frameRate
      self.colour = colour
    }

    public init(_ frame: Frame, timebase: Ratio) {
      self.init(
        width: frame.width, height: frame.height, pixelFormat: frame.pixelFormat,
        timebase: timebase, sampleAspectRatio: frame.sampleAspectRatio, colour: frame.colour)
    }
  }

  /// One filter with its options by name, each value as text for `av_opt_set`.
  public struct Node: Hashable, Sendable {
    public struct Option: Hashable, Sendable {
      public var name: String
      public var value: String
    }

    public var filter: String
    public var options: [Option]

    public init(_ filter: String, _ options: [(String, String)] = []) {
      self.filter = filter
      self.options = options.map { Option(name: $0.0, value: $0.1) }
    }
  }

  /// From an output pad to an input pad; a nil node is the graph's own output, or its input of
  /// which `fromPad` is the number.
  public struct Link: Hashable, Sendable {
    public var from: Int?
    public var fromPad: Int
    public var to: Int?
    public var toPad: Int

    public init(from: Int?, fromPad: Int = 0, to: Int?, toPad: Int = 0) {
      self.from = from
      self.fromPad = fromPad
      self.to = to
      self.toPad = toPad
    }

    /// The links of filters that follow one another.
    public static func chain(count: Int) -> [Link] {
      (0...count).map { Link(from: $0 == 0 ? nil : $0 - 1, to: $0 == count ? nil : $0) }
    }
  }

  /// Scaler flags under which libswscale gives the same pixels on every machine.
  public static let exactScalerFlags = "bicubic+full_chroma_int+accurate_rnd+bitexact"
  private static let exactScalerBits = "full_chroma_int+accurate_rnd+bitexact"

  public let input: Input
  private var graph: UnsafeMutablePointer<AVFilterGraph>?
  private let sources: [UnsafeMutablePointer<AVFilterContext>]
  private let sink: UnsafeMutablePointer<AVFilterContext>

  /// Builds and configures a graph.
  ///
  /// - Parameter largestSide: no link of the graph may be wider or higher than this many pixels.
  /// - Throws: `FFmpegError` with libavfilter's own words where a filter, an option or a link is
  ///   refused.
  public convenience init(
    nodes: [Node], links: [Link], input: Input, largestSide: Int = 8192
  ) throws(FFmpegError) {
    try self.init(nodes: nodes, links: links, inputs: [input], largestSide: largestSide)
  }

  /// Builds and configures a graph with several inputs.
  ///
  /// - Precondition: there is at least one input.
  public init(
    nodes: [Node], links: [Link], inputs: [Input], largestSide: Int = 8192
  ) throws(FFmpegError) {
    input = inputs[0]
    let graph = try allocated("allocate a filter graph", avfilter_graph_alloc())
    // Freed by hand until all is set up: `deinit` does not run where `init` throws before that.
    do {
      graph.pointee.nb_threads = 1
      // What went through RGB comes back by the matrix that it came with: libavfilter would take
      // BT.601's, whatever the frames say.
      let matrix = inputs[0].colour.scalerMatrix
      graph.pointee.scale_sws_opts = av_strdup(
        "flags=\(Self.exactScalerFlags)" + (matrix.map { ":out_color_matrix=\($0)" } ?? ""))
      sources = try inputs.enumerated().map { (place, input) throws(FFmpegError) in
        try Self.makeSource(input, named: "in\(place)", in: graph)
      }
      sink = try Self.make("buffersink", named: "out", in: graph)
      try Self.initialise(sink, "set up the graph's output")
      var filters: [UnsafeMutablePointer<AVFilterContext>] = []
      for (index, node) in nodes.enumerated() {
        filters.append(try Self.make(node, index: index, matrix: matrix, in: graph))
      }
      for link in links {
        let from = link.from.map { filters[$0] } ?? sources[link.fromPad]
        let to = link.to.map { filters[$0] } ?? sink
        try Self.connect(from, link.from == nil ? 0 : link.fromPad, to, link.toPad)
      }
      try check("configure the filter graph") { avfilter_graph_config(graph, nil) }
      try Self.checkSizes(graph, largestSide)
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

  /// The timebase of the frames that come out.
  public var outputTimebase: Ratio { Ratio(av_buffersink_get_time_base(sink)) }

  /// What the frames that come out look like, as the input of another graph with this one's
  /// timebase.
  public var output: Input {
    Input(
      width: Int(av_buffersink_get_w(sink)), height: Int(av_buffersink_get_h(sink)),
      pixelFormat: PixelFormat(raw: av_buffersink_get_format(sink)), timebase: input.timebase,
      sampleAspectRatio: Ratio(av_buffersink_get_sample_aspect_ratio(sink)),
      frameRate: input.frameRate, colour: input.colour)
  }

  /// Hands in a frame; nil ends the stream. The frame itself is not changed.
  ///
  /// - Parameter place: which of the inputs gets it.
  public func push(_ frame: Frame?, to place: Int = 0) throws(FFmpegError) {
    let keepReference = Int32(AV_BUFFERSRC_FLAG_KEEP_REF)
    try check("filter a frame") {
      av_buffersrc_add_frame_flags(sources[place], frame?.av, keepReference)
    }
  }

  /// The next frame that is ready; nil where the graph wants more input or has ended.
  public func pull() throws(FFmpegError) -> Frame? {
    let frame = try Frame()
    Log.clear()
    let result = av_buffersink_get_frame(sink, frame.av)
    if result == FFmpegError.tryAgain || result == FFmpegError.endOfFile { return nil }
    guard result >= 0 else {
      throw FFmpegError(code: result, operation: "filter a frame", detail: Log.last)
    }
    frame.keepMatrix(of: input.colour)
    return frame
  }
}

extension FilterGraph {
  private static func makeSource(
    _ input: Input, named name: String, in graph: UnsafeMutablePointer<AVFilterGraph>
  ) throws(FFmpegError) -> UnsafeMutablePointer<AVFilterContext> {
    let source = try make("buffer", named: name, in: graph)
    let parameters = try allocated("allocate", av_buffersrc_parameters_alloc())
    defer { av_free(parameters) }
    parameters.pointee.format = input.pixelFormat.av.rawValue
    parameters.pointee.time_base = input.timebase.av
    parameters.pointee.width = Int32(input.width)
    parameters.pointee.height = Int32(input.height)
    parameters.pointee.sample_aspect_ratio = input.sampleAspectRatio.av
    if let rate = input.frameRate { parameters.pointee.frame_rate = rate.av }
    vg_buffersrc_set_color(parameters, input.colour.avMatrix, input.colour.avRange)
    try check("set up the graph's input") {
      av_buffersrc_parameters_set(source, parameters)
    }
    try initialise(source, "set up the graph's input")
    return source
  }

  private static func make(
    _ filter: String, named name: String, in graph: UnsafeMutablePointer<AVFilterGraph>
  ) throws(FFmpegError) -> UnsafeMutablePointer<AVFilterContext> {
    guard let definition = avfilter_get_by_name(filter) else {
      throw FFmpegError(
        invalid: "use the filter '\(filter)'", detail: "this libavfilter does not have it")
    }
    return try allocated(
      "use the filter '\(filter)'", avfilter_graph_alloc_filter(graph, definition, name))
  }

  private static func make(
    _ node: Node, index: Int, matrix: String?, in graph: UnsafeMutablePointer<AVFilterGraph>
  ) throws(FFmpegError) -> UnsafeMutablePointer<AVFilterContext> {
    let context = try make(node.filter, named: "\(node.filter)_\(index)", in: graph)
    var options = node.options
    if node.filter == "scale" {
      let chosen = options.first { $0.name == "flags" || $0.name == "sws_flags" }?.value
      options.removeAll { $0.name == "flags" || $0.name == "sws_flags" }
      options.append(
        .init(name: "flags", value: chosen.map { "\($0)+\(exactScalerBits)" } ?? exactScalerFlags))
      let saysMatrix = options.contains {
        $0.name == "in_color_matrix" || $0.name == "out_color_matrix"
      }
      if let matrix, !saysMatrix { options.append(.init(name: "out_color_matrix", value: matrix)) }
    }
    for option in options {
      try check("set \(option.name)=\(option.value) on the filter '\(node.filter)'") {
        av_opt_set(context, option.name, option.value, AV_OPT_SEARCH_CHILDREN)
      }
    }
    try initialise(context, "set up the filter '\(node.filter)'")
    return context
  }

  private static func initialise(
    _ context: UnsafeMutablePointer<AVFilterContext>, _ operation: String
  ) throws(FFmpegError) {
    // Some filters look into the dictionary without asking whether there is one.
    var none: OpaquePointer?
    defer { av_dict_free(&none) }
    try check(operation) { avfilter_init_dict(context, &none) }
  }

  private static func connect(
    _ from: UnsafeMutablePointer<AVFilterContext>, _ fromPad: Int,
    _ to: UnsafeMutablePointer<AVFilterContext>, _ toPad: Int
  ) throws(FFmpegError) {
    let operation =
      "link '\(String(cString: from.pointee.filter.pointee.name))' to "
      + "'\(String(cString: to.pointee.filter.pointee.name))'"
    guard fromPad < from.pointee.nb_outputs, toPad < to.pointee.nb_inputs else {
      throw FFmpegError(invalid: operation, detail: "it has no such input or output")
    }
    try check(operation) { avfilter_link(from, UInt32(fromPad), to, UInt32(toPad)) }
  }

  private static func checkSizes(
    _ graph: UnsafeMutablePointer<AVFilterGraph>, _ largest: Int
  ) throws(FFmpegError) {
    for index in 0..<Int(graph.pointee.nb_filters) {
      let filter = graph.pointee.filters[index]!
      for pad in 0..<Int(filter.pointee.nb_outputs) {
        // Field by field: the struct declares far more bytes than libavfilter allocates.
        guard let link = filter.pointee.outputs[pad] else { continue }
        let (width, height) = (link.pointee.w, link.pointee.h)
        guard width <= largest, height <= largest else {
          throw FFmpegError(
            invalid: "configure the filter graph",
            detail: "'\(String(cString: filter.pointee.filter.pointee.name))' gives pictures of "
              + "\(width)x\(height); the largest allowed side is \(largest)")
        }
      }
    }
  }
}
