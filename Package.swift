// swift-tools-version: 6.2
import PackageDescription

// Every target imports only targets that stand above it here; Docs/targets.txt names which, and `make lint` compares the two.
// The Lifetimes feature lets decoders and scanners borrow their input; strict memory safety marks every unsafe step.
let orbSettings: [SwiftSetting] = [.enableExperimentalFeature("Lifetimes"), .strictMemorySafety()]
// The transport's and the store's connections live on one thread each. Debug builds, and so all tests, check at run time that no access
// overlaps another; release builds leave that out, since it costs a tenth of a small call.
let oneThreadSettings = orbSettings + [.unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release))]

let package = Package(
  name: "tessera",
  products: [],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.6.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.80.0"),
    .package(url: "https://github.com/apple/swift-nio-extras", from: "1.20.0"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.30.0"),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.0.0"),
    .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.6.0"),
  ],
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
    .target(name: "IIOPTransport", dependencies: ["CDR", "CPosix", "GIOPCore", "ORBCore"], swiftSettings: oneThreadSettings),
    .testTarget(name: "IIOPTransportTests", dependencies: ["CDR", "CPosix", "EchoInterface", "GIOPCore", "IIOPTransport", "ORBCore"]),

    // The ORB's benchmarks, on the interface that the peers have too.
    .target(name: "BenchIDL", dependencies: ["CDR", "ORBCore"], path: "Benchmarks/BenchIDL", plugins: ["IDLPlugin"]),
    .executableTarget(
      name: "orb-bench-server", dependencies: ["BenchIDL", "IIOPTransport", "ORBCore"], path: "Benchmarks/Server"),
    .executableTarget(
      name: "orb-bench-client", dependencies: ["BenchIDL", "CDR", "CPosix", "IIOPTransport", "ORBCore"], path: "Benchmarks/Client"),

    // The IDL compiler: standard library and Glibc only, imports no target.
    .target(name: "IDLCompiler"),
    .testTarget(name: "IDLCompilerTests", dependencies: ["IDLCompiler", "ForeignORB"], exclude: ["Golden"]),
    .executableTarget(name: "idl2swift", dependencies: ["IDLCompiler"]),
    .plugin(name: "IDLPlugin", capability: .buildTool(), dependencies: ["idl2swift"]),
    .plugin(name: "CommitPlugin", capability: .buildTool()),
    .target(name: "SharedIDL", dependencies: ["CDR", "ORBCore"], path: "Tests/Support/SharedIDL", plugins: ["IDLPlugin"]),
    .testTarget(
      name: "GeneratedCodeTests", dependencies: ["CDR", "ORBCore", "SharedIDL", "ForeignORB"], plugins: ["IDLPlugin"]),
    .target(name: "WireValues", dependencies: ["CDR", "ForeignORB"], path: "Tests/Support/WireValues"),
    .testTarget(name: "Accept1aTests", dependencies: ["CDR", "ORBCore", "ForeignORB", "WireValues"], plugins: ["IDLPlugin"]),

    // The ORB against foreign ORBs and hostile peers.
    .target(name: "ParleyIDL", dependencies: ["CDR", "ORBCore"], path: "Tests/Support/Parley", plugins: ["IDLPlugin"]),
    .executableTarget(
      name: "orb-test-server", dependencies: ["IIOPTransport", "ORBCore", "ParleyIDL"], path: "Tests/Support/TestServer"),
    .testTarget(
      name: "Accept1bTests",
      dependencies: ["CDR", "ForeignORB", "GIOPCore", "IIOPTransport", "ORBCore", "ParleyIDL", "WireValues", "orb-test-server"],
      exclude: ["Peers"]),

    // XML: bounded reading, schemas, writing, over libxml2.
    .systemLibrary(name: "CXML2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
    .target(name: "XMLStream", dependencies: ["CXML2"], swiftSettings: orbSettings),
    .testTarget(name: "XMLStreamTests", dependencies: ["XMLStream", "ForeignORB"]),

    // The naming service.
    .target(name: "CosNamingService", dependencies: ["CDR", "ORBCore"], plugins: ["IDLPlugin"]),
    .testTarget(
      name: "CosNamingServiceTests", dependencies: ["CDR", "CosNamingService", "ForeignORB", "IIOPTransport", "ORBCore"]),

    // The broker's pure core: no Foundation, no package, no I/O, no clock.
    .target(name: "Identity", dependencies: ["CDR"]),
    .testTarget(name: "IdentityTests", dependencies: ["Identity"]),
    .target(name: "Mapping", dependencies: ["CDR", "Identity"]),
    .testTarget(name: "MappingTests", dependencies: ["CDR", "Identity", "Mapping"]),
    .target(name: "InterchangeIDL", dependencies: ["CDR", "ORBCore"], plugins: ["IDLPlugin"]),
    .target(name: "CRMCore", dependencies: ["CDR", "Identity", "InterchangeIDL"]),
    .target(name: "Broker", dependencies: ["CDR", "CRMCore", "Identity", "InterchangeIDL", "Mapping"]),
    .target(name: "StoreAPI", dependencies: ["Broker", "CDR", "Identity"]),

    // SQLite, a wrapper of what we use of it.
    .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
    .target(name: "SQLite", dependencies: ["CSQLite"], swiftSettings: orbSettings),
    .testTarget(name: "SQLiteTests", dependencies: ["ForeignORB", "SQLite"]),
    .target(
      name: "SQLiteStore", dependencies: ["Broker", "CDR", "CRMCore", "CSQLite", "Identity", "StoreAPI"],
      swiftSettings: oneThreadSettings),
    .executableTarget(
      name: "store-torture", dependencies: ["Broker", "Identity", "SQLiteStore", "StoreAPI"], path: "Tests/Support/StoreTorture"),
    .testTarget(
      name: "StoreTests",
      dependencies: ["Broker", "CDR", "CRMCore", "ForeignORB", "Identity", "SQLite", "SQLiteStore", "StoreAPI", "store-torture"]),

    // What carries the broker's decisions out.
    .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .target(name: "MappingFiles", dependencies: ["CDR", "COpenSSL", "Identity", "Mapping", "XMLStream"]),
    .testTarget(name: "MappingFilesTests", dependencies: ["CDR", "Identity", "Mapping", "MappingFiles", "XMLStream"]),
    .target(
      name: "BrokerRuntime",
      dependencies: [
        "Broker", "CDR", "COpenSSL", "CosNamingService", "CRMCore", "GIOPCore", "IIOPTransport", "Identity", "InterchangeIDL", "Mapping",
        "ORBCore", "StoreAPI", .product(name: "Logging", package: "swift-log"),
      ]),

    // broker.xml.
    .target(
      name: "ConfigurationFile",
      dependencies: [
        "Broker", "BrokerRuntime", "CRMCore", "EAIGateway", "Identity", "IIOPTransport", "Mapping", "MappingFiles", "XMLStream",
      ]),
    .testTarget(name: "ConfigurationFileTests", dependencies: ["ConfigurationFile", "ForeignORB", "Mapping", "XMLStream"]),

    // XML over HTTP, outward.
    .target(
      name: "EAIChannel",
      dependencies: [
        "BrokerRuntime", .product(name: "AsyncHTTPClient", package: "async-http-client"), .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
      ]),
    .testTarget(name: "EAIChannelTests", dependencies: ["BrokerRuntime", "EAIChannel", "ForeignORB"]),

    .executableTarget(
      name: "catalogue-bench-client", dependencies: ["CDR", "IIOPTransport", "InterchangeIDL", "ORBCore"],
      path: "Benchmarks/CatalogueClient"),
    .executableTarget(
      name: "contract-bench-client", dependencies: ["CDR", "IIOPTransport", "InterchangeIDL", "ORBCore"],
      path: "Benchmarks/ContractClient"),

    .testTarget(
      name: "BrokerTests",
      dependencies: [
        "Broker", "BrokerRuntime", "CDR", "CRMCore", "ForeignORB", "Identity", "InterchangeIDL", "Mapping", "MappingFiles", "StoreAPI",
        .product(name: "Logging", package: "swift-log"),
      ]),

    // XML over HTTP.
    .target(
      name: "EAIGateway",
      dependencies: [
        "Broker", "BrokerRuntime", "CDR", "COpenSSL", "CPosix", "CRMCore", "Identity", "InterchangeIDL", "Mapping", "MappingFiles",
        "StoreAPI", "XMLStream", .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Hummingbird", package: "hummingbird"), .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOHTTPTypes", package: "swift-nio-extras"), .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ]),
    .testTarget(name: "EAIGatewayTests", dependencies: ["CDR", "EAIGateway", "Mapping", "MappingFiles", "XMLStream"]),

    // Foreign products: each with its own IDL, none imports another. The sample ERP is a program of its own.
    .target(
      name: "SampleERPIDL", dependencies: ["CDR", "ORBCore"], path: "Adapters/SampleERP/IDL", plugins: ["IDLPlugin"]),
    .target(
      name: "SampleERPServer", dependencies: ["CDR", "IIOPTransport", "ORBCore", "SQLite", "SampleERPIDL"],
      path: "Adapters/SampleERP/Server"),
    .target(
      name: "SampleERPAdapter", dependencies: ["BrokerRuntime", "CDR", "ORBCore", "SampleERPIDL"], path: "Adapters/SampleERP/Adapter"),
    .executableTarget(
      name: "sample-erp",
      dependencies: [
        "CDR", "IIOPTransport", "ORBCore", "SampleERPIDL", "SampleERPServer",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], path: "Adapters/SampleERP/Command"),
    .testTarget(
      name: "SampleERPTests",
      dependencies: ["CDR", "ForeignORB", "IIOPTransport", "ORBCore", "SQLite", "SampleERPIDL", "SampleERPServer", "sample-erp"]),

    .target(
      name: "U8EAIChannel", dependencies: ["BrokerRuntime", "CDR", "EAIChannel", "MappingFiles", "XMLStream"],
      path: "Adapters/U8EAI/Channel"),
    .testTarget(
      name: "U8EAIChannelTests",
      dependencies: ["BrokerRuntime", "CDR", "EAIChannel", "ForeignORB", "MappingFiles", "U8EAIChannel", "XMLStream"]),
    // A stand-in for a U8 EAI interface, a program of its own.
    .target(
      name: "U8EAITestGateway",
      dependencies: [
        "SQLite", "XMLStream", .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"), .product(name: "NIOSSL", package: "swift-nio-ssl"),
      ], path: "Adapters/U8EAI/TestGateway"),
    .executableTarget(
      name: "u8-eai-test-gateway",
      dependencies: ["U8EAITestGateway", .product(name: "ArgumentParser", package: "swift-argument-parser")],
      path: "Adapters/U8EAI/Command"),

    .testTarget(
      name: "Accept3Tests",
      dependencies: ["CDR", "ForeignORB", "IIOPTransport", "InterchangeIDL", "ORBCore", "SQLite", "sample-erp", "tessera"]),

    // The U8 EAI interface: a dialect of XML.
    .target(
      name: "U8EAIAdapter",
      dependencies: [
        "Broker", "CDR", "EAIGateway", "InterchangeIDL", "MappingFiles", "XMLStream",
        .product(name: "HTTPTypes", package: "swift-http-types"),
      ], path: "Adapters/U8EAI/Adapter"),

    // The executable: configuration, composition, commands.
    .executableTarget(
      name: "tessera",
      dependencies: [
        "Broker", "BrokerRuntime", "CDR", "ConfigurationFile", "CosNamingService", "CRMCore", "EAIChannel", "EAIGateway", "GIOPCore",
        "IIOPTransport",
        "Identity", "InterchangeIDL", "Mapping", "MappingFiles", "ORBCore", "SampleERPAdapter", "SampleERPIDL", "SQLiteStore", "StoreAPI",
        "U8EAIAdapter", "U8EAIChannel", "XMLStream",
        .product(name: "ArgumentParser", package: "swift-argument-parser"), .product(name: "Logging", package: "swift-log"),
      ], plugins: ["CommitPlugin"]),
    .testTarget(
      name: "TesseraTests",
      dependencies: ["ForeignORB", "tessera", .product(name: "ArgumentParser", package: "swift-argument-parser")]),
    .target(name: "TesseraProcess", dependencies: ["ForeignORB"], path: "Tests/Support/TesseraProcess"),
    .testTarget(name: "Accept2aTests", dependencies: ["CDR", "ForeignORB", "GIOPCore", "TesseraProcess", "tessera"], exclude: ["Peers"]),
    .testTarget(name: "Accept2bTests", dependencies: ["ForeignORB", "TesseraProcess", "tessera"]),
    .testTarget(
      name: "Accept2cTests",
      dependencies: [
        "BrokerRuntime", "CDR", "ForeignORB", "IIOPTransport", "InterchangeIDL", "Mapping", "MappingFiles", "ORBCore", "SampleERPAdapter",
        "SampleERPIDL", "SampleERPServer", "SQLite", "sample-erp", "tessera",
      ], exclude: ["OtherMappings"], plugins: ["IDLPlugin"]),
    .testTarget(
      name: "AcceptNamingTests",
      dependencies: ["CosNamingService", "ForeignORB", "IIOPTransport", "ORBCore", "TesseraProcess", "tessera"], exclude: ["Peers"]),
    .testTarget(
      name: "AcceptCreditTests", dependencies: ["ForeignORB", "TesseraProcess", "sample-erp", "tessera"], exclude: ["Mappings"]),
    .testTarget(name: "AcceptPricesTests", dependencies: ["ForeignORB", "TesseraProcess", "sample-erp", "tessera"]),
    .testTarget(
      name: "AcceptGatewayTests", dependencies: ["ForeignORB", "TesseraProcess", "XMLStream", "tessera"], exclude: ["Integrator"]),
    // Apart from the tests above, which measure times.
    .testTarget(
      name: "AcceptGatewayOutTests", dependencies: ["ForeignORB", "SQLite", "TesseraProcess", "tessera", "u8-eai-test-gateway"]),
    // What went wrong in the field: one file for each kind of mistake, named by its number.
    .testTarget(
      name: "AcceptFieldTests",
      dependencies: [
        "CDR", "ForeignORB", "IIOPTransport", "InterchangeIDL", "ORBCore", "SQLite", "TesseraProcess", "WireValues", "XMLStream",
        "sample-erp", "tessera", "u8-eai-test-gateway",
      ], exclude: ["Files"]),
    .testTarget(name: "Accept4Tests", dependencies: ["ForeignORB", "sample-erp", "tessera", "u8-eai-test-gateway"]),
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
