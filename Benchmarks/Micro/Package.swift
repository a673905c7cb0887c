// swift-tools-version: 6.2
import PackageDescription

/// Micro benchmarks: what one step of a message costs in instructions (`make counts`, `make check`). A package of its
/// own, so that nobody who builds the gateway builds them. `package` symbols end at a package's border, therefore the
/// source folders are linked into it and compiled once more; the rules are those of the gateway's own Package.swift.
let house: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let grdbSQLite = Target.Dependency.product(name: "GRDBSQLite", package: "GRDB.swift")

let package = Package(
    name: "vestnik-micro",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
    ],
    targets: [
        .target(name: "Domain", swiftSettings: house),
        .target(name: "Counting", dependencies: ["Domain"], swiftSettings: house),
        .target(name: "Queue", dependencies: ["Domain"], swiftSettings: house),
        .target(name: "Policy", dependencies: ["Domain"], swiftSettings: house),
        .target(name: "Rendering", dependencies: ["Domain"], swiftSettings: house),
        .target(name: "Journal", dependencies: ["Domain", crypto], swiftSettings: house),
        .target(
            name: "Intake", dependencies: ["Domain", "Queue", "Policy", "Rendering", "Journal", crypto],
            swiftSettings: house),
        .target(
            name: "StoreSQLite",
            dependencies: ["Counting", "Domain", "Queue", "Policy", "Rendering", "Journal", crypto, grdb, grdbSQLite],
            resources: [.embedInCode("Migrations")], swiftSettings: house),
        .executableTarget(
            name: "micro",
            dependencies: ["Domain", "Queue", "Policy", "Rendering", "Journal", "Intake", "StoreSQLite"],
            swiftSettings: house),
    ],
    swiftLanguageModes: [.v6]
)
