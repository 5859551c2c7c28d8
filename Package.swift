// swift-tools-version: 6.2
// Targets are listed from the top of the house to its foundations; a target may only
// depend on ones below it. `Tests/TidyTests` checks that the sources keep to this list.
import PackageDescription

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
]

func room(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

/// `Tests/Fuzz/run` sets it: then there is a program for libFuzzer in the place of the test that tries what it has found.
let isFuzzing = Context.environment["ITERAPP_FUZZ"] != nil
let fuzzed: [Target.Dependency] = ["Slack", "GitHub", "Web", "Images", "Deploys", "AppFile", "TOML", "HTTP", "YAML", "JSON"]

/// Fixtures are read by path, so that tests run from any working directory.
func tests(_ name: String, _ dependencies: [Target.Dependency], fixtures: Bool = false) -> Target {
    .testTarget(
        name: name, dependencies: dependencies + ["TestSupport"], exclude: fixtures ? ["Fixtures"] : [],
        swiftSettings: strict)
}

/// libFuzzer's own library is linked by `Tests/Fuzz/run`.
let fuzzTargets: [Target] = isFuzzing
    ? [
        .systemLibrary(name: "CLibFuzzer", path: "Tests/Fuzz/CLibFuzzer"),
        .executableTarget(
            name: "fuzz", dependencies: fuzzed + ["CLibFuzzer"], path: "Tests/Fuzz", exclude: ["Corpus", "CLibFuzzer", "CorpusTests.swift", "run"],
            sources: ["Targets", "Driver"], swiftSettings: strict),
    ]
    : [
        .testTarget(
            name: "FuzzTests", dependencies: fuzzed, path: "Tests/Fuzz", exclude: ["Corpus", "Driver", "CLibFuzzer", "run"],
            swiftSettings: strict)
    ]

let package = Package(
    name: "iterapp",
    products: [.executable(name: "iterapp", targets: ["iterapp"])],
    targets: [
        .executableTarget(
            name: "iterapp", dependencies: ["Sandbox", "Bot"], swiftSettings: strict),

        room("Sandbox", [
            "Bot", "Deploys", "AppFile", "HTTP", "JSON", "SQLite", "Crypto", "Subprocess", "CLinux",
        ]),
        room("Bot", [
            "Slack", "GitHub", "Web", "Kubernetes", "Images", "Addons", "Secrets", "Store", "Deploys", "AppFile",
            "TOML", "HTTP", "JSON", "CLinux",
        ]),

        // Adapters: each knows the domain and one outside technology, never one another.
        room("Slack", ["Deploys", "HTTP", "JSON", "Crypto"]),
        room("GitHub", ["Deploys", "HTTP", "JSON", "Crypto"]),
        room("Web", ["Deploys", "HTTP", "JSON", "Crypto"]),
        room("Kubernetes", ["Deploys", "AppFile", "TOML", "HTTP", "DNS", "JSON", "YAML", "Crypto", "Subprocess"]),
        room("Images", ["Deploys", "AppFile", "HTTP", "JSON", "Crypto", "Subprocess", "CLinux"]),
        room("Addons", ["Deploys", "AppFile", "JSON", "Crypto", "Subprocess", "CLinux"]),
        room("Store", ["Deploys", "AppFile", "SQLite", "JSON", "Subprocess"]),
        room("Secrets", ["Deploys", "AppFile", "Crypto"]),

        // The domain.
        room("Deploys", ["AppFile"]),
        room("AppFile", ["TOML", "JSON"]),
        room("TOML", []),

        // Foundations.
        room("HTTP", ["CCurl", "CLinux"]),
        room("DNS", ["CResolver"]),
        room("SQLite", ["CSQLite"]),
        room("Crypto", ["COpenSSL"]),
        room("JSON", []),
        room("YAML", ["JSON"]),
        room("Subprocess", ["CLinux"]),

        .target(name: "CCurl", linkerSettings: [.linkedLibrary("curl")]),
        .target(name: "CLinux"),
        .target(name: "CResolver", linkerSettings: [.linkedLibrary("resolv")]),
        .systemLibrary(
            name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(
            name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),

        .target(
            name: "TestSupport", dependencies: ["Deploys", "HTTP", "JSON", "Crypto", "SQLite", "Subprocess"], path: "Tests/Support",
            swiftSettings: strict),
        .executableTarget(
            name: "benchmarks",
            dependencies: [
                "TestSupport", "Sandbox", "Bot", "Slack", "Kubernetes", "Images", "Store", "Deploys", "AppFile", "HTTP", "JSON",
                "SQLite", "Crypto", "Subprocess", "TOML", "CLinux",
            ],
            path: "Tests/Benchmarks", exclude: ["Intake/bolt_app.py"], swiftSettings: strict),
        .target(
            name: "CrashHarness",
            dependencies: ["iterapp", "TestSupport", "Sandbox", "Deploys", "HTTP", "JSON", "Crypto", "Subprocess", "SQLite"],
            path: "Tests/Crashes/Harness", swiftSettings: strict),
        .executableTarget(
            name: "crashes", dependencies: ["CrashHarness"], path: "Tests/Crashes/Program", swiftSettings: strict),
        tests("TOMLTests", ["TOML", "JSON"]),
        tests("AppFileTests", ["AppFile", "TOML", "JSON", "Subprocess"], fixtures: true),
        tests("HTTPTests", ["HTTP", "Subprocess"]),
        tests("DNSTests", ["DNS"]),
        tests("JSONTests", ["JSON"]),
        tests("YAMLTests", ["YAML", "JSON", "Subprocess"], fixtures: true),
        tests("SQLiteTests", ["SQLite"]),
        tests("CryptoTests", ["Crypto"], fixtures: true),
        tests("SubprocessTests", ["Subprocess"]),
        tests("DeploysTests", ["Deploys", "AppFile", "Store"]),
        tests("StoreTests", ["Store", "Deploys", "SQLite", "Subprocess"], fixtures: true),
        tests("ImagesTests", ["Images", "Deploys", "HTTP", "Subprocess"], fixtures: true),
        tests("AddonsTests", ["iterapp", "Addons", "Sandbox", "Deploys", "AppFile", "JSON", "Crypto", "Subprocess"], fixtures: true),
        tests("KubernetesTests", ["Kubernetes", "Deploys", "AppFile", "HTTP", "DNS", "JSON", "Subprocess"], fixtures: true),
        tests("SlackTests", ["Slack", "Sandbox", "Store", "Deploys", "HTTP", "JSON", "Crypto", "Subprocess"], fixtures: true),
        tests("SecretsTests", ["Secrets", "Deploys", "AppFile", "Crypto"]),
        tests("WebTests", ["Web", "Store", "Secrets", "Deploys", "AppFile", "HTTP", "JSON", "Crypto", "Subprocess"]),
        tests("GitHubTests", ["GitHub", "Store", "Deploys", "AppFile", "HTTP", "JSON", "Crypto"], fixtures: true),
        tests("SandboxTests", [
            "Sandbox", "Kubernetes", "Slack", "Deploys", "AppFile", "HTTP", "DNS", "JSON", "SQLite", "Subprocess",
        ], fixtures: true),
        tests("ClusterTests", [
            "Kubernetes", "Sandbox", "Deploys", "AppFile", "HTTP", "JSON", "Subprocess",
        ]),
        tests("BotTests", [
            "Bot", "Sandbox", "Slack", "GitHub", "Kubernetes", "Images", "Addons", "Store", "Deploys", "AppFile", "HTTP", "JSON",
            "Crypto", "CLinux",
        ]),
        tests("ProgramTests", ["iterapp", "HTTP", "JSON", "Subprocess"]),
        tests("RenderTests", ["Bot", "AppFile", "Deploys", "Kubernetes", "JSON", "TOML", "Subprocess"], fixtures: true),
        tests("InstallTests", [
            "Bot", "Sandbox", "Kubernetes", "Addons", "Deploys", "AppFile", "HTTP", "JSON", "Subprocess",
        ]),
        tests("CrashHarnessTests", ["CrashHarness"]),
        tests("TidyTests", []),
        tests("StoryTests", [
            "iterapp", "Sandbox", "Bot", "Slack", "Store", "Deploys", "HTTP", "JSON", "Crypto", "Subprocess", "SQLite",
        ], fixtures: true),
    ] + fuzzTargets
)