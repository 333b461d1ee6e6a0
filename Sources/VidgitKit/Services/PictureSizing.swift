import FFmpeg
import VidgitModel

/// Brings a frame to the size that a service wants, and its results back to the frame's own.
///
/// The work is done in packed RGB of the frame's depth, so that the result is RGB as well.
struct PictureSizing: Sendable {
  /// What is sent.
  let pictures: [Frame]
  private let size: HTTPRecipe.Size
  private let width: Int
  private let height: Int
  private let format: PixelFormat
  /// Where in the frame (tiles) or in the picture (padding) each one lies.
  private let places: [Place]

  private struct Place {
    var x: Int
    var y: Int
    var width: Int
    var height: Int
  }

  init(_ frame: Frame, _ size: HTTPRecipe.Size) throws(FFmpegError) {
    self.size = size
    (width, height) = (frame.width, frame.height)
    let format = Self.format(for: frame.pixelFormat)
    self.format = format
    var scaler = Scaler()
    switch size.rule {
    case .scale:
      places = [Place(x: 0, y: 0, width: size.width, height: size.height)]
      pictures = [
        try scaler.convert(frame, to: format, width: size.width, height: size.height)
      ]
    case .pad:
      let place = Self.inner(of: (frame.width, frame.height), in: size)
      places = [place]
      let scaled = try scaler.convert(
        frame, to: format, width: place.width, height: place.height)
      let raster = Raster(scaled)
      pictures = [
        try raster.cut(x: -place.x, y: -place.y, width: size.width, height: size.height)
          .frame(format)
      ]
    case .tile:
      let raster = Raster(try scaler.convert(frame, to: format))
      var places: [Place] = []
      for y in Self.starts(frame.height, size.height, size.overlap) {
        for x in Self.starts(frame.width, size.width, size.overlap) {
          places.append(Place(x: x, y: y, width: size.width, height: size.height))
        }
      }
      self.places = places
      var pictures: [Frame] = []
      for place in places {
        pictures.append(
          try raster.cut(x: place.x, y: place.y, width: place.width, height: place.height)
            .frame(format))
      }
      self.pictures = pictures
    }
  }

  /// How many pictures a frame of this size becomes.
  static func count(width: Int, height: Int, _ size: HTTPRecipe.Size) -> Int {
    guard size.rule == .tile else { return 1 }
    return starts(height, size.height, size.overlap).count
      * starts(width, size.width, size.overlap).count
  }

  /// The frame that the results make.
  func assemble(_ results: [Frame]) throws(FFmpegError) -> Frame {
    var scaler = Scaler()
    var rasters: [Raster] = []
    for (result, place) in zip(results, places) {
      // A service may answer in another size than it was sent, where the recipe takes that.
      let (wanted, high) =
        size.rule == .pad ? (size.width, size.height) : (place.width, place.height)
      rasters.append(
        Raster(try scaler.convert(result, to: format, width: wanted, height: high)))
    }
    switch size.rule {
    case .scale:
      return try scaler.convert(rasters[0].frame(format), to: format, width: width, height: height)
    case .pad:
      let place = places[0]
      let inner = rasters[0].cut(
        x: place.x, y: place.y, width: place.width, height: place.height)
      return try scaler.convert(inner.frame(format), to: format, width: width, height: height)
    case .tile:
      let canvas = TileCanvas(width: width, height: height, like: rasters[0], size.overlap)
      return try canvas.filled(zip(rasters, places).map { ($0, $1.x, $1.y) }).frame(format)
    }
  }

  private static func format(for source: PixelFormat) -> PixelFormat {
    let name = source.hasAlpha ? "rgba" : "rgb24"
    let deep = source.hasAlpha ? "rgba64be" : "rgb48be"
    return PixelFormat(name: source.isDeep ? deep : name)!
  }

  /// The frame in the middle, with its own proportions, and never enlarged.
  private static func inner(of frame: (width: Int, height: Int), in size: HTTPRecipe.Size) -> Place
  {
    let (width, height) = frame
    var inner = (width: width, height: height)
    if width > size.width || height > size.height {
      // Compared by cross products: width / size.width against height / size.height.
      inner =
        width * size.height >= height * size.width
        ? (size.width, max(1, (height * size.width + width / 2) / width))
        : (max(1, (width * size.height + height / 2) / height), size.height)
    }
    return Place(
      x: (size.width - inner.width) / 2, y: (size.height - inner.height) / 2,
      width: inner.width, height: inner.height)
  }

  /// Where tiles begin along one side: as few as cover it, spread evenly.
  private static func starts(_ length: Int, _ tile: Int, _ overlap: Int) -> [Int] {
    guard length > tile else { return [0] }
    let step = tile - overlap
    let count = (length - tile + step - 1) / step + 1
    return (0..<count).map { $0 * (length - tile) / (count - 1) }
  }
}
