@testable import AppFile

/// Texts that the checker must accept and refuse, for each format.
extension Format {
    var right: [String] {
        switch self {
        case .plain: ["", "x", "a\nb", "ø"]
        case .command: ["bin/migrate", " a ", "a\nb", "ø"]
        case .folder: ["a", "front-end", "a1", String(repeating: "a", count: 63)]
        case .defaultEnvironment: ["prod", "test", "snap0", "snap9", "none"]
        case .urlPath: ["/", "/a?b=c&d=%20", "/!$~", "//", "/a?u=http://b", "/" + String(repeating: "a", count: 2047)]
        case .mountPath: ["/a", "/a/", "//a//b", "/.a", "/...", "/a/..b", "/ø b", "/process", "/device", "/var/run/app", "/var/lib"]
        case .host: [
            "a.b", "A-1.example", "xn--a.b.c", "1.2.c3", "a.\(String(repeating: "b", count: 63))",
            Array(repeating: String(repeating: "a", count: 62), count: 4).joined(separator: ".") + ".b",
        ]
        case .cpu: ["25m", "1", "0.5", "0.001", "001", "123456789012345", "1000000m", "10.0"]
        case .memory: ["100Mi", "1.5Gi", "1k", "1M", "2Ti", "1000000", "0.5Ki", "12345678901234G"]
        case .bodySize: ["0", "8m", "8M", "1g", "999999999G", "512k", "123456789012345"]
        case .secretName: ["a", "db-keys", "a.b", "1", "a1.2b", String(repeating: "a", count: 253)]
        case .secretKey: ["a", "_", "-", ".a", "a.b-c_D", String(repeating: "a", count: 253)]
        case .encrypted: ["AQA", "x_-"]
        case .schedule: ["* * * * *", "0-5/2,7 0 1 JAN Sun", "@hourly", " 0\t0  1 ? 7 "]
        case .httpMethod: ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"]
        case .headerValue: ["", "Bearer x", "a\tb", "ø", String(repeating: "a", count: 8192)]
        case .cloudSQL: ["p:r:i", "p-1:europe-west1:i-1", "example.com:p:us-central1:i", "p:1:i", "p:r--:i-"]
        case .postgresExtension: ["uuid-ossp", "pg_trgm", "a", "x1", String(repeating: "a", count: 63)]
        }
    }

    var wrong: [String] {
        switch self {
        case .plain: ["\0", "a\0"]
        case .command: ["", " ", "\t\n\r\u{B}\u{C}", "a\0", String(repeating: "a", count: 131_072)]
        case .folder: ["", "A", "1a", "a-", "-a", "a_b", "a/b", "..", ".", "/a", "ø", "a\n", String(repeating: "a", count: 64)]
        case .defaultEnvironment: ["", "Prod", "snap", "snap10", "common", "prod "]
        case .urlPath: ["", "a", "http://a/", "/a b", "/#", "/ø", "/\n", "/\u{7F}", "/a\n", "/" + String(repeating: "a", count: 2048)]
        case .mountPath: [
            "", "/", "//", "a", "/a/..", "/../a", "/.", "/a/./b", "/a:b", "/a\0", "/a\n", "/a\u{7F}", "/proc", "//sys/",
            "/dev/a", "/var", "/var/run/", "/var/run/iterapp", "/var//run/iterapp/x", "/var/run/secrets/",
        ]
        case .host: [
            "", "a", "a.", ".a", "a..b", "-a.b", "a-.b", "a_b.c", "a b.c", "*.a.b", "a.b:1", "https://a.b", "a.b/", "ø.b",
            "1.2.3.4", "a.1", "a.b\n", "a.\(String(repeating: "b", count: 64))",
            Array(repeating: String(repeating: "a", count: 62), count: 4).joined(separator: ".") + ".bc",
        ]
        case .cpu: ["", "0", "0m", "0.0", "00", "1.5m", "0.0001", ".5", "5.", "1x", "-1", "m", "1 ", "1\n", "1.2.3", "1234567890123456", "٣"]
        case .memory: ["", "0", "0Mi", "0.0Gi", "100", "100m", "1MB", "1 Gi", "1gi", "1.Gi", "Gi", "1.5", "1234567890.5", "1234567890123456Mi", "1Mi\n", "٣Mi"]
        case .bodySize: ["", "m", "1.5m", "8mb", "8 m", "-1", "1000000000g", "1234567890123456", "8m\n"]
        case .secretName: ["", "A", "-a", "a-", "a..b", ".a", "a.", "a_b", "a b", "ø", "a\n", String(repeating: "a", count: 254)]
        case .secretKey: ["", ".", "..", "..a", "a b", "a/b", "ø", "a\n", String(repeating: "a", count: 254)]
        case .encrypted: []
        case .schedule: ["", "*", "* * * *", "* * * * * *", "60 * * * *", "@reboot", "0 0 31 2 *", "ø * * * *"]
        case .httpMethod: ["", "get", "OPTIONS", "GET "]
        case .headerValue: ["\0", "a\nb", "a\r", "\u{7F}", "a\u{85}", "\u{2028}", "\u{2029}b", String(repeating: "a", count: 8193)]
        case .cloudSQL: [
            "", "a", "a:b", "a:b:", ":b:c", "a::c", "a:b:c:d:e", "A:b:c", "1:b:c", "a:b:1", "a:europe-west1-b:c", "a b:c:d",
            "Example.com:a:b:c", "a:b:c\n", "a:b:ø", ":a:b:c",
        ]
        case .postgresExtension: ["", "A", "1a", "-a", "a b", "a.b", "ø", "a\n", String(repeating: "a", count: 64)]
        }
    }
}

extension Names {
    static let everyKind: [Names] = [
        .environments, .environmentsAndCommon, .variables, .buildSecrets, .ports, .cronJobs, .headers,
    ]

    /// Right for one kind and wrong for another.
    static let samples = Format.allCases.flatMap { $0.right + $0.wrong } + [
        "common", "staging", "A_B", "a-b.c", "HOPS_ENV", "HOPS", "ITERAPP_X", "ITERAPPX", "xHOPS_", "1A", "_", "A B",
        "0", "1", "80", "080", "9999", "10000", "59999", "60000", "64999", "65000", "65499", "65500", "65529", "65530",
        "65535", "65536", "70000", "100000", "-1", "+1", "X-Token", "Content-Length", "content-length", "TE", "Tea",
        "Transfer-Encoding", "Host", "a!#$%&'*+.^_`|~", "a:b", "a(b", "Upgrade", "upgrade-insecure-requests",
        String(repeating: "a", count: 52), String(repeating: "a", count: 256), String(repeating: "a", count: 257),
    ]
}
