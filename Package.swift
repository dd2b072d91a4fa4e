// swift-tools-version: 6.2
import PackageDescription

// Every target imports only targets that stand above it here; Docs/targets.txt names which, and `make lint` compares the two.
// The Lifetimes feature lets CDRDecoder borrow its input; strict memory safety marks every unsafe step.
let orbSettings: [SwiftSetting] = [.enableExperimentalFeature("Lifetimes"), .strictMemorySafety()]

let package = Package(
  name: "tessera",
  products: [],
  dependencies: [],
  targets: [
    // For tests only: processes, the foreign ORB, the corpus of real data.
    .target(name: "ForeignORB", path: "Tests/Support/ForeignORB"),
    .testTarget(name: "ForeignORBTests", dependencies: ["ForeignORB"]),

    // The ORB: no Foundation, no package.
    .target(name: "CDR", swiftSettings: orbSettings),
    .testTarget(name: "CDRTests", dependencies: ["CDR"]),
    .target(name: "GIOPCore", dependencies: ["CDR"], swiftSettings: orbSettings),
    .testTarget(name: "GIOPCoreTests", dependencies: ["GIOPCore", "CDR"]),

    .target(name: "ORBCore", dependencies: ["CDR", "GIOPCore"], swiftSettings: orbSettings),
    .target(name: "EchoInterface", dependencies: ["CDR", "ORBCore"], path: "Tests/Support/EchoInterface"),
    .testTarget(name: "ORBCoreTests", dependencies: ["CDR", "EchoInterface", "ORBCore"]),
    .target(name: "CPosix"),
    .target(name: "IIOPTransport", dependencies: ["CDR", "CPosix", "GIOPCore", "ORBCore"], swiftSettings: orbSettings),
    .testTarget(name: "IIOPTransportTests", dependencies: ["CDR", "CPosix", "EchoInterface", "GIOPCore", "IIOPTransport", "ORBCore"]),

    // The IDL compiler: standard library and Glibc only, imports no target.
    .target(name: "IDLCompiler"),
    .testTarget(name: "IDLCompilerTests", dependencies: ["IDLCompiler"]),

    // The broker's pure core: no Foundation, no package, no I/O, no clock.
    .target(name: "Identity", dependencies: ["CDR"]),
    .target(name: "Broker", dependencies: ["CDR", "Identity"]),
    .target(name: "StoreAPI", dependencies: ["Broker", "CDR", "Identity"]),
    .testTarget(name: "StoreTests", dependencies: ["Broker", "CDR", "ForeignORB", "Identity", "StoreAPI"]),
  ]
)

for target in package.targets where target.type != .system && target.type != .plugin {
  target.swiftSettings =
    (target.swiftSettings ?? []) + [
      .swiftLanguageMode(.v6),
      .enableUpcomingFeature("ExistentialAny"),
      .enableUpcomingFeature("InternalImportsByDefault"),
      .enableUpcomingFeature("MemberImportVisibility"),
      .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
      .treatAllWarnings(as: .error),
    ]
}
