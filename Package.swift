// swift-tools-version: 6.2
import PackageDescription

/// One set of rules for every target. The import rules of docs/ARCHITECTURE.md are the `dependencies` below;
/// `make check` builds with `--explicit-target-dependency-import-check error`, so an import that is not listed fails.
let house: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let collections = Target.Dependency.product(name: "DequeModule", package: "swift-collections")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let grdbSQLite = Target.Dependency.product(name: "GRDBSQLite", package: "GRDB.swift")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let nioHTTPTypes = Target.Dependency.product(name: "NIOHTTPTypes", package: "swift-nio-extras")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let swiftASN1 = Target.Dependency.product(name: "SwiftASN1", package: "swift-asn1")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let x509 = Target.Dependency.product(name: "X509", package: "swift-certificates")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

/// Targets stand in the order in which a message meets them.
let package = Package(
    name: "vestnik",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "vestnik", targets: ["vestnik"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
    ],
    targets: [
        .target(name: "Domain", swiftSettings: house),
        .target(name: "Counting", dependencies: ["Domain"], swiftSettings: house),
        .target(name: "Queue", dependencies: ["Domain"], swiftSettings: house),
        .target(
            name: "Intake", dependencies: ["Domain", "Queue", "Policy", "Rendering", "Journal", crypto],
            swiftSettings: house),
        .target(name: "Policy", dependencies: ["Domain"], swiftSettings: house),
        .target(name: "Rendering", dependencies: ["Domain"], swiftSettings: house),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CLinux"),
        .target(
            name: "Delivery", dependencies: ["CCurl", "CLinux", "Domain", "Policy", logging], swiftSettings: house),
        .target(name: "Providers", dependencies: ["Domain", "Delivery"], swiftSettings: house),
        .target(
            name: "API",
            dependencies: [
                "Counting", "Domain", "Intake", "Queue", "Policy", "Rendering", "Journal", "Events", "Wording",
                httpTypes, hummingbird, hummingbirdCore, logging, nioCore, nioHTTP1, nioHTTPTypes,
            ], swiftSettings: house),
        .target(name: "Wording", dependencies: ["Domain"], swiftSettings: house),
        .target(name: "Journal", dependencies: ["Domain", crypto], swiftSettings: house),
        .target(
            name: "Events",
            dependencies: ["Domain", "Journal", "Delivery", crypto, logging, lifecycle], swiftSettings: house),
        .target(
            name: "Worker",
            dependencies: ["Domain", "Queue", "Policy", "Rendering", "Delivery", collections, logging, lifecycle],
            swiftSettings: house),
        .target(
            name: "StoreSQLite",
            dependencies: ["Counting", "Domain", "Queue", "Policy", "Rendering", "Journal", crypto, grdb, grdbSQLite],
            resources: [.embedInCode("Migrations")], swiftSettings: house),
        .target(
            name: "Settings",
            dependencies: ["Domain", "Policy", "Rendering", "Delivery", "Events", "Providers", crypto, yams],
            swiftSettings: house),
        .target(
            name: "Sandbox",
            dependencies: [
                "Domain", hummingbird, hummingbirdCore, httpTypes, logging, nioCore, nioPosix, nioSSL, x509, swiftASN1,
                crypto,
            ],
            swiftSettings: house),
        .target(
            name: "Simulation",
            dependencies: ["Domain", "Queue", "Policy", "Rendering", "Delivery", "Journal", "Worker"],
            swiftSettings: house),
        .target(
            name: "Bench",
            dependencies: [
                "CCurl", "CLinux", "Domain", "Intake", "Queue", "Policy", "Settings", "StoreSQLite", grdbSQLite,
            ], swiftSettings: house),
        .executableTarget(
            name: "vestnik-simulate", dependencies: ["Simulation", argumentParser], swiftSettings: house),
        .executableTarget(
            name: "vestnik",
            dependencies: [
                "Counting", "Domain", "Intake", "Queue", "Policy", "Rendering", "Delivery", "Providers", "Journal",
                "Events", "API", "Worker", "StoreSQLite", "Settings", "Sandbox", "Wording", "Bench", argumentParser,
                httpTypes, hummingbird,
                lifecycle,
                logging,
                nioCore, unixSignals,
            ], swiftSettings: house),
        .target(
            name: "GatewayTesting",
            dependencies: ["Domain", "Queue", "Policy", "Rendering", "Delivery", "Journal"], swiftSettings: house),
        .testTarget(name: "DomainTests", dependencies: ["Domain", "GatewayTesting"], swiftSettings: house),
        .testTarget(name: "CountingTests", dependencies: ["Counting", "Domain"], swiftSettings: house),
        .testTarget(name: "QueueTests", dependencies: ["Domain", "Queue", "GatewayTesting"], swiftSettings: house),
        .testTarget(
            name: "IntakeTests",
            dependencies: [
                "Domain", "Queue", "Policy", "Rendering", "Journal", "Intake", "StoreSQLite", "GatewayTesting", grdb,
            ],
            swiftSettings: house),
        .testTarget(name: "PolicyTests", dependencies: ["Domain", "Policy", "GatewayTesting"], swiftSettings: house),
        .testTarget(name: "RenderingTests", dependencies: ["Domain", "Rendering"], swiftSettings: house),
        .testTarget(
            name: "DeliveryTests", dependencies: ["CCurl", "Domain", "Policy", "Delivery", "GatewayTesting"],
            swiftSettings: house),
        .testTarget(
            name: "ProvidersTests",
            dependencies: ["Domain", "Delivery", "Providers", "Settings", "Sandbox", "GatewayTesting", yams],
            swiftSettings: house),
        .testTarget(
            name: "EventsTests",
            dependencies: [
                "Domain", "Queue", "Policy", "Delivery", "Journal", "Events", "StoreSQLite", "GatewayTesting", logging,
                lifecycle, subprocess,
            ],
            swiftSettings: house),
        .testTarget(
            name: "WorkerTests",
            dependencies: [
                "Domain", "Queue", "Policy", "Rendering", "Delivery", "Journal", "StoreSQLite", "Worker",
                "GatewayTesting",
            ],
            swiftSettings: house),
        .testTarget(
            name: "StoreSQLiteTests",
            dependencies: [
                "Counting", "Domain", "Queue", "Policy", "Rendering", "Journal", "StoreSQLite", "GatewayTesting", grdb,
            ],
            swiftSettings: house),
        .testTarget(
            name: "SettingsTests",
            dependencies: ["Domain", "Policy", "Rendering", "Delivery", "Events", "Providers", "Settings"],
            swiftSettings: house),
        .testTarget(
            name: "SimulationTests",
            dependencies: ["Domain", "Queue", "Journal", "StoreSQLite", "Simulation", "GatewayTesting"],
            swiftSettings: house),
        .testTarget(
            name: "APITests",
            dependencies: [
                "Counting", "Domain", "Queue", "Intake", "Policy", "Rendering", "Delivery", "Journal", "Events",
                "StoreSQLite", "API", "GatewayTesting", logging, lifecycle,
            ], swiftSettings: house),
        .testTarget(name: "WordingTests", dependencies: ["Domain", "Wording"], swiftSettings: house),
        .testTarget(name: "BenchTests", dependencies: ["Domain", "Bench"], swiftSettings: house),
        .testTarget(name: "SandboxTests", dependencies: ["Domain", "Sandbox", subprocess], swiftSettings: house),
        .testTarget(
            name: "EndToEndTests", dependencies: ["Domain", "GatewayTesting", subprocess], swiftSettings: house),
    ],
    swiftLanguageModes: [.v6]
)
