/// The parameters of a recipe of the engine "motion": every frame is blended with its neighbours
/// along the motion of the source frames, which takes flicker away.
public struct MotionRecipe: Hashable, Sendable {
  /// Frames on each side.
  public static let radii = 1...8
  /// What `init(radius:)` calls the recipe.
  public static let name = "smooth"

  /// How many frames on each side go into a frame.
  public let radius: Int

  /// Reads the keys of a recipe that belong to this engine; others are left alone.
  init(json: JSONValue, file: String) throws(ModelError) {
    var reader = try ObjectReader(json, what: file)
    let radii = Self.radii
    radius = try reader.required(
      "radius", "a whole number from \(radii.lowerBound) to \(radii.upperBound)"
    ) { $0.int.flatMap { Int(exactly: $0) }.flatMap { radii.contains($0) ? $0 : nil } }
  }

  /// The recipe for people, on one line.
  public var text: String { "motion radius=\(radius)" }
}

extension Recipe {
  /// A recipe of the engine "motion".
  ///
  /// - Throws: for a radius that is not one of `MotionRecipe.radii`.
  public init(smoothing radius: Int) throws(ModelError) {
    let json: JSONObject = [
      "name": .string(MotionRecipe.name), "engine": "motion", "scope": "sequence",
      "radius": .int(Int64(radius)),
    ]
    try self.init(json: .object(json), file: "the recipe '\(MotionRecipe.name)'")
  }
}
