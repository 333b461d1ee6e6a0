// swift-tools-version: 6.2

import PackageDescription

let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

let package = Package(
  name: "vidgit",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "VidgitKit", targets: ["VidgitKit"]),
    .executable(name: "vidgit", targets: ["vidgit"]),
    // For the tests: loaded into the program under test by LD_PRELOAD, linked by nothing.
    .library(name: "FaultInjection", type: .dynamic, targets: ["FaultInjection"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
  ],
  targets: [
    // The C libraries of the system.
    .systemLibrary(
      name: "CGit2", pkgConfig: "libgit2",
      providers: [.apt(["libgit2-dev"]), .brew(["libgit2", "libssh2", "openssl@3"])]),
    // In every macOS SDK, and a dependency of libgit2-dev: nothing to look for or to provide.
    .systemLibrary(name: "CZlib"),
    // A part of the C library that Swift's module for it leaves out.
    .systemLibrary(name: "CMalloc"),
    // Likewise: how to start a program in a folder and a group of its own.
    .systemLibrary(name: "CSpawn"),
    .systemLibrary(
      name: "CFFmpeg",
      pkgConfig: "libavformat libavfilter libavcodec libswscale libswresample libavutil",
      providers: [
        .apt([
          "libavformat-dev", "libavfilter-dev", "libavcodec-dev", "libswscale-dev",
          "libswresample-dev", "libavutil-dev",
        ]),
        .brew(["ffmpeg"]),
      ]),
    .systemLibrary(
      name: "CCurl", pkgConfig: "libcurl",
      providers: [.apt(["libcurl4-openssl-dev"]), .brew(["curl"])]),

    // Thin typed wrappers: ownership and errors; they know nothing of vidgit.
    .target(
      name: "Git2",
      dependencies: ["CGit2", "CZlib", .product(name: "Crypto", package: "swift-crypto")],
      swiftSettings: settings),
    .target(name: "CFFmpegLog", dependencies: ["CFFmpeg"]),
    .target(name: "FFmpeg", dependencies: ["CFFmpeg", "CFFmpegLog"], swiftSettings: settings),

    .target(name: "Curl", dependencies: ["CCurl"], swiftSettings: settings),

    // Values only: the format and its rules.
    .target(
      name: "VidgitModel",
      dependencies: [.product(name: "Crypto", package: "swift-crypto")],
      swiftSettings: settings),

    // The operations.
    .target(
      name: "VidgitKit",
      dependencies: [
        "CSpawn", "Curl", "FFmpeg", "Git2", "VidgitModel",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "GRDB", package: "GRDB.swift"),
      ],
      resources: [.embedInCode("Palette/Recipes")],
      swiftSettings: settings),

    .executableTarget(
      name: "vidgit",
      dependencies: [
        "CMalloc", "VidgitKit",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings),

    // What the tests share: clips, the real tools, a hermetic runner of the real binary.
    .target(
      name: "TestSupport", dependencies: ["Curl"], path: "Tests/TestSupport", exclude: ["github"],
      swiftSettings: settings),
    .target(name: "FaultInjection", path: "Tests/FaultInjection"),
    .testTarget(
      name: "LayeringTests", dependencies: ["TestSupport"], swiftSettings: settings),
    .testTarget(
      name: "TestSupportTests", dependencies: ["TestSupport"], swiftSettings: settings),
    .testTarget(
      name: "VidgitModelTests", dependencies: ["VidgitModel"], swiftSettings: settings),
    .testTarget(name: "Git2Tests", dependencies: ["Git2", "TestSupport"], swiftSettings: settings),
    .testTarget(
      name: "FFmpegTests", dependencies: ["FFmpeg", "TestSupport"], swiftSettings: settings),
    .testTarget(name: "CurlTests", dependencies: ["Curl", "TestSupport"], swiftSettings: settings),
    .testTarget(
      name: "VidgitKitTests",
      dependencies: ["Curl", "FFmpeg", "VidgitKit", "VidgitModel", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "CLITests", dependencies: ["TestSupport", "vidgit"], swiftSettings: settings),
  ]
)
