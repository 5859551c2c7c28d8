import Foundation

/// A `buildctl` that is not: it takes exactly the arguments that the real one takes, writes down what it was given, and
/// then does as it is told by files in its folder.
package struct BuildctlStandIn: Sendable {
    /// To be put onto PATH.
    package let folder: URL

    package init(in root: URL, _ act: String) throws {
        folder = root.appending(path: "bin")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let program = folder.appending(path: "buildctl")
        try Data((Self.checks + act + "\n").utf8).write(to: program)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program.path)
    }

    package func read(_ name: String) -> String {
        (try? String(contentsOf: folder.appending(path: name), encoding: .utf8)) ?? ""
    }

    /// The arguments of each run, as lines.
    package var arguments: [[String]] {
        read("arguments").components(separatedBy: "--end--\n").dropLast().map {
            $0.split(separator: "\n").map(String.init)
        }
    }

    /// Standard errors of real `buildctl build --progress=rawjson`.
    package static let recordings = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "ImagesTests/Fixtures/buildkit")

    /// Plays a recording and leaves a digest behind, as a build that succeeds does.
    package static func plays(_ recording: String, exitCode: Int = 0) -> String {
        let file = recordings.appending(path: recording + ".rawjson").path
        return """
            /bin/cat '\(file)' >&2
            [ \(exitCode) = 0 ] && \(writesDigest)
            exit \(exitCode)
            """
    }

    package static let digest = "sha256:" + String(repeating: "ab", count: 32)
    package static let writesDigest = #"echo '{"containerimage.digest":"\#(digest)"}' > "$metadata""#

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
                { stat -L -c '%a' "$file"; readlink "$file"; cat "$file"; echo; } >> "$here/secrets" ;;
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
