import Testing
import VidgitModel

@Suite("Filter policy")
struct FilterPolicyTests {
  /// Options of libavfilter 5.1 that name files, addresses, plugins, code or devices.
  static let sensitive: [(filter: String, option: String)] = [
    ("curves", "psfile"), ("curves", "plot"), ("deshake", "filename"), ("deshake", "opencl"),
    ("paletteuse", "debug_kdtree"), ("selectivecolor", "psfile"), ("scale", "flags"),
    ("blend", "all_expr"), ("blend", "c0_expr"), ("blend", "enable"), ("crop", "enable"),
    ("eq", "eval"), ("overlay", "eval"), ("overlay", "shortest"), ("vignette", "eval"),
  ]

  /// Filters that can reach out of the graph, hang, or explode.
  static let dangerous = [
    "amovie", "ass", "asendcmd", "azmq", "buffer", "cellauto", "concat", "cover_rect", "derain",
    "dnn_processing", "drawtext", "fieldhint", "find_rect", "frei0r", "geq", "hwupload", "ladspa",
    "libplacebo", "life", "loop", "lut1d", "lut3d", "lv2", "metadata", "minterpolate", "movie",
    "nnedi", "openclsrc", "psnr", "removelogo", "reverse", "sendcmd", "signature", "sr", "ssim",
    "subtitles", "tile", "tpad", "vidstabdetect", "vidstabtransform", "vmafmotion", "zmq",
    "zoompan",
  ]

  @Test("no filter is both allowed and denied, and every denial has a reason")
  func tablesAreDisjoint() {
    let both = Set(FilterPolicy.table.keys).intersection(FilterPolicy.denied.keys)
    #expect(both.isEmpty)
    #expect(FilterPolicy.denied.values.allSatisfy { !$0.isEmpty })
    #expect(FilterPolicy.table.allSatisfy { $0.key == $0.value.name })
    // Every filter of FFmpeg 5.1 as Debian 12 builds it; newer ones are refused as unknown.
    #expect(FilterPolicy.table.count + FilterPolicy.denied.count == 527)
  }

  @Test("dangerous filters are refused with a reason", arguments: dangerous)
  func refusesDangerousFilters(name: String) {
    #expect(FilterPolicy.named(name) == nil)
    #expect(FilterPolicy.denied[name] != nil)
    #expect(FilterPolicy.refusal(of: name) == FilterPolicy.denied[name])
  }

  @Test("a filter that nobody classified is refused")
  func refusesUnknownFilters() {
    #expect(FilterPolicy.refusal(of: "from_the_future") == "unknown to this version of vidgit")
    #expect(FilterPolicy.refusal(of: "hue") == nil)
  }

  @Test("sensitive options can never be set", arguments: sensitive)
  func refusesSensitiveOptions(filter: String, option: String) throws {
    let policy = try #require(FilterPolicy.named(filter))
    #expect(policy.texts[option] == nil)
    // Either refused by name, or a string option that is not listed, which is refused as such.
    let refusedByName = policy.ruling(on: [option: "1"]).refusal != nil
    #expect(refusedByName == policy.isRefused(option))
    #expect(refusedByName || option.hasSuffix("_expr"))
  }

  @Test("no listed option is refused, and no name looks like a path, address or plugin")
  func listsNoSuspiciousOption() {
    let suspicious = ["file", "path", "url", "plugin", "model", "font", "plot", "device"]
    for policy in FilterPolicy.table.values {
      for option in policy.texts.keys {
        #expect(!policy.isRefused(option), "\(policy.name): \(option)")
        #expect(!suspicious.contains { option.contains($0) }, "\(policy.name): \(option)")
      }
      for (option, range) in policy.caps {
        #expect(!policy.isRefused(option), "\(policy.name): \(option)")
        #expect(range.lowerBound.isFinite && range.upperBound.isFinite, "\(policy.name): \(option)")
      }
    }
  }

  @Test("names that change over time are variables of their expression")
  func perFrameNamesAreVariables() {
    for policy in FilterPolicy.table.values {
      for case .expression(let variables, let perFrame) in policy.texts.values {
        #expect(Set(perFrame).isSubset(of: variables), "\(policy.name)")
      }
    }
  }

  @Test("noise stays per frame and exact until it moves or is averaged")
  func noise() throws {
    let policy = try #require(FilterPolicy.named("noise"))
    let still = policy.ruling(on: ["alls": "20", "allf": "u"])
    #expect(still.determinism == .exact)
    #expect(still.scope == .frame)
    #expect(still.refusal == nil)
    #expect(policy.ruling(on: ["alls": "20", "allf": "t+u"]).scope == .sequence)
    #expect(policy.ruling(on: ["alls": "20", "allf": "t+u"]).determinism == .exact)
    #expect(policy.ruling(on: ["c0s": "20", "c0f": "a"]).determinism == .inexact)
    #expect(policy.ruling(on: ["c0s": "20", "c0f": "19"]).scope == .sequence)
  }

  @Test("a vignette is per frame only without its running dither")
  func vignette() throws {
    let policy = try #require(FilterPolicy.named("vignette"))
    #expect(policy.ruling(on: [:]).scope == .sequence)
    #expect(policy.ruling(on: ["dither": "1"]).scope == .sequence)
    #expect(policy.ruling(on: ["dither": "0"]).scope == .frame)
    #expect(policy.ruling(on: ["dither": "false", "angle": "0.6"]).scope == .frame)
  }

  @Test("an expression of time makes a sequence; the thickness t of a box does not")
  func expressions() throws {
    let hue = try #require(FilterPolicy.named("hue"))
    #expect(hue.ruling(on: ["h": "90"]).scope == .frame)
    #expect(hue.ruling(on: ["h": "10*t"]).scope == .sequence)
    #expect(hue.ruling(on: ["s": "n/100"]).scope == .sequence)
    #expect(hue.ruling(on: ["s": "min(1,2)"]).scope == .frame)
    let box = try #require(FilterPolicy.named("drawbox"))
    #expect(box.ruling(on: ["x": "t*2", "t": "3"]).scope == .frame)
  }

  @Test("options that a filter needs to keep one frame out for one frame in")
  func neededOptions() throws {
    let palette = try #require(FilterPolicy.named("palettegen"))
    #expect(palette.ruling(on: [:]).refusal != nil)
    #expect(palette.ruling(on: ["stats_mode": "single"]).refusal == nil)
    let bwdif = try #require(FilterPolicy.named("bwdif"))
    #expect(bwdif.ruling(on: [:]).refusal != nil)
    #expect(bwdif.ruling(on: ["mode": "send_frame"]).refusal == nil)
    let yadif = try #require(FilterPolicy.named("yadif"))
    #expect(yadif.ruling(on: [:]).refusal == nil)
    #expect(yadif.ruling(on: ["mode": "send_field"]).refusal != nil)
  }
}
