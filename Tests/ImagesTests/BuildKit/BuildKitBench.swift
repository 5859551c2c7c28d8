import Deploys
import Foundation
import Subprocess
import Synchronization
import TestSupport
import XCTest

@testable import Images

/// A builder with a `buildctl` of its own, real or not, and a place for what it leaves behind.
struct BuildKitBench {
    let root: URL
    let builder: BuildKitBuilder
    /// Of the builder: empty between builds.
    let work: URL

    init(
        _ root: URL, program folder: URL, host: String = "tcp://127.0.0.1:1", tls: BuildKit.TLS? = nil,
        registry: String = "127.0.0.1:5000/apps", authFile: String? = nil, environment: [String: String] = [:],
        timeLimit: Duration = .seconds(60),
        maxOutputBytes: Int = BuildKitBuilder.usualMaxOutputBytes, retryPause: Duration = .zero
    ) {
        self.root = root
        work = root.appending(path: "work")
        let variables = ["PATH": folder.path + ":/usr/bin:/bin", "HOME": root.path].merging(environment) { $1 }
        builder = BuildKitBuilder(
            BuildKit(host: host, tls: tls, environment: variables),
            registry: Registry(prefix: registry, authFile: authFile, environment: variables),
            defaultOrganisation: "iterate", work: work, timeLimit: timeLimit,
            maxOutputBytes: maxOutputBytes, retryPause: retryPause)
    }

    /// A folder with that Dockerfile.
    func context(_ dockerfile: String, files: [String: String] = [:]) throws -> URL {
        let context = root.appending(path: "context-\(UUID().uuidString)")
        for (path, text) in files.merging(["Dockerfile": dockerfile], uniquingKeysWith: { $1 }) {
            let file = context.appending(path: path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        return context
    }

    struct Built {
        var image: ImageReference?
        var error: BuildError?
        var lines: [String] = []
        var counts: [StepCount] = []

        var log: String { lines.joined(separator: "\n") }
        /// Of what failed: its sentence.
        var sentence: String {
            switch error {
            case .failed(let sentence, _), .engineUnavailable(let sentence), .diskFull(let sentence): sentence
            case .timedOut: "timed out"
            case .some(let error): "\(error)"
            case nil: "built"
            }
        }
    }

    func build(
        _ request: ImageRequest, onLine: @escaping @Sendable (String) -> Void = { _ in }
    ) async -> Built {
        let told = Mutex(Built())
        do throws(BuildError) {
            let image = try await builder.build(request) { line in
                told.withLock { $0.lines.append(line) }
                onLine(line)
            } onSteps: { count in
                told.withLock { $0.counts.append(count) }
            }
            told.withLock { $0.image = image }
        } catch {
            told.withLock { $0.error = error }
        }
        return told.withLock { $0 }
    }

    var leftovers: [String] { (try? FileManager.default.contentsOfDirectory(atPath: work.path)) ?? [] }
}

/// A `buildctl` that is not: it takes exactly the arguments that the real one takes, writes down what it was given, and
/// then does as it is told by files in its folder.
struct StandIn {
    let folder: URL

    init(in root: URL, _ act: String) throws {
        folder = root.appending(path: "bin")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let program = folder.appending(path: "buildctl")
        try Data((Self.checks + act + "\n").utf8).write(to: program)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program.path)
    }

    func read(_ name: String) -> String {
        (try? String(contentsOf: folder.appending(path: name), encoding: .utf8)) ?? ""
    }

    /// The arguments of each run, as lines.
    var arguments: [[String]] {
        read("arguments").components(separatedBy: "--end--\n").dropLast().map {
            $0.split(separator: "\n").map(String.init)
        }
    }

    /// Plays a recording and leaves a digest behind, as a build that succeeds does.
    static func plays(_ recording: String, exitCode: Int = 0) -> String {
        let file = Recording.folder.appending(path: recording + ".rawjson").path
        return """
            /bin/cat '\(file)' >&2
            [ \(exitCode) = 0 ] && \(writesDigest)
            exit \(exitCode)
            """
    }

    static let digest = "sha256:" + String(repeating: "ab", count: 32)
    static let writesDigest = #"echo '{"containerimage.digest":"\#(digest)"}' > "$metadata""#

    /// Global flags stand before `build`, a flag that is not known is refused, and values have their fields: as with
    /// cmd/buildctl of BuildKit.
    private static let checks = #"""
        #!/bin/sh
        here="$(dirname "$0")"
        fail() { echo "error: $1" >&2; exit 1; }
        fields() { # option, value, allowed keys: each once, as key=value, the value not empty
            IFS=,; for field in $2; do
                case "$field" in *=?*) ;; *) fail "invalid value $field" ;; esac
                case " $3 " in *" ${field%%=*} "*) ;; *) fail "unexpected key '${field%%=*}' in '$1'" ;; esac
            done; unset IFS
        }
        env | sort > "$here/environment"
        for argument in "$@"; do echo "$argument"; done >> "$here/arguments"; echo "--end--" >> "$here/arguments"
        [ -n "$BUILDKIT_HOST" ] || fail "no BUILDKIT_HOST"
        while [ $# -gt 0 ]; do
            case "$1" in
            --tlscacert=?*|--tlscert=?*|--tlskey=?*) [ -r "${1#*=}" ] || fail "could not read ${1#*=}"; shift ;;
            build) shift; break ;;
            *) fail "flag provided but not defined: ${1%%=*}" ;;
            esac
        done
        context= dockerfile= filename= frontend= metadata= output= progress=
        for argument in "$@"; do
            value="${argument#*=}"
            case "$argument" in
            --progress=rawjson) progress=1 ;;
            --frontend=dockerfile.v0) frontend=1 ;;
            --local=context=*) context="${value#context=}"; [ -d "$context" ] || fail "$context: not a directory" ;;
            --local=dockerfile=*) dockerfile="${value#dockerfile=}" ;;
            --opt=filename=*) filename="${value#filename=}" ;;
            --opt=platform=linux/amd64|--opt=build-arg:?*=*|--opt=label:?*=*) ;;
            --secret=*) fields --secret "$value" "id src"
                file="${value#*src=}"; [ -r "$file" ] || fail "failed to stat $file"
                stat -c '%a' "$file" "$(dirname "$file")" >> "$here/secrets"; cat "$file" >> "$here/secrets" ;;
            --output=*) fields --output "$value" "type name push"; output=1 ;;
            --import-cache=*) fields --import-cache "$value" "type ref" ;;
            --export-cache=*) fields --export-cache "$value" "type ref mode ignore-error" ;;
            --metadata-file=?*) metadata="$value" ;;
            *) fail "flag provided but not defined: ${argument%%=*}" ;;
            esac
        done
        [ -n "$progress$frontend" ] && [ -n "$output" ] && [ -n "$metadata" ] || fail "something is missing"
        [ -f "$dockerfile/$filename" ] || fail "failed to read dockerfile: open $filename: no such file or directory"

        """#
}
