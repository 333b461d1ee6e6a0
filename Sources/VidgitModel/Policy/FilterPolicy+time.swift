// Filters whose output depends on other frames. All give one frame for each frame they take.
extension FilterPolicy {
  private static let fieldReason = "would make two frames of one: set mode to one frame out"

  static let timeFilters: [FilterPolicy] = [
    sequence(
      "bwdif",
      rules: [
        .allowed(while: "mode", in: ["send_frame", "0"], byDefault: false, fieldReason)
      ]),
    sequence("dedot"),
    sequence("deflicker", caps: ["size": 2...33, "s": 2...33]),
    sequence("deshake", caps: ["rx": 0...32, "ry": 0...32, "blocksize": 8...128]),
    sequence(
      "estdif", caps: ["rslope": 1...4, "redge": 0...4],
      rules: [.allowed(while: "mode", in: ["frame", "0"], byDefault: false, fieldReason)]),
    sequence("fade"),
    sequence("hqdn3d"),
    sequence("lagfun"),
    sequence("phase"),
    sequence("photosensitivity", caps: ["frames": 2...64, "f": 2...64]),
    sequence("tmidequalizer", caps: ["radius": 1...16]),
    sequence("tmix", ["weights": .numbers], caps: ["frames": 1...32]),
    sequence(
      "w3fdif",
      rules: [.allowed(while: "mode", in: ["frame", "0"], byDefault: false, fieldReason)]),
    sequence(
      "yadif",
      rules: [
        .allowed(while: "mode", in: ["send_frame", "0"], byDefault: true, fieldReason)
      ]),
  ]
}
