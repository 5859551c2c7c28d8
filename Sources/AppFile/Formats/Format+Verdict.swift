extension Format {
    static let httpMethods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"]

    /// Whether the text has the form; if not, with a piece of advice where there is one.
    func verdict(on text: String) -> Verdict {
        switch self {
        case .plain: text.utf8.contains(0) ? .wrong("it cannot contain U+0000") : .right
        case .command: command(text)
        case .folder: Names.label(text)
        case .defaultEnvironment: word(text, of: Environments.all + ["none"])
        case .urlPath: urlPath(text)
        case .mountPath: MountPath.verdict(on: text)
        case .host: Host.verdict(on: text)
        case .cpu: Quantity.cpu(text)
        case .memory: Quantity.memory(text)
        case .bodySize: Quantity.bodySize(text)
        case .secretName: Names.subdomain(text)
        case .secretKey: secretKey(text)
        // Damage is told apart from other mistakes by those who know what the value should be for.
        case .encrypted: .right
        case .schedule: schedule(text)
        case .httpMethod: word(text, of: Self.httpMethods)
        case .headerValue: headerValue(text)
        case .cloudSQL: CloudSQLName.verdict(on: text)
        case .postgresExtension: PostgresExtension.verdict(on: text)
        }
    }

    private func word(_ text: String, of known: [String]) -> Verdict {
        if known.contains(text) { return .right }
        return .wrong(nearest(to: text, in: known).map { "did you mean \"\($0)\"?" })
    }

    private func command(_ text: String) -> Verdict {
        if text.utf8.contains(0) { return .wrong("it cannot contain U+0000") }
        guard text.utf8.count < Format.maxArgumentBytes else {
            return .wrong("it can have at most \(Format.maxArgumentBytes - 1) bytes")
        }
        let isBlank = text.utf8.allSatisfy { $0 == 0x20 || (0x09...0x0D).contains($0) }
        return isBlank ? .wrong("it says nothing") : .right
    }

    /// Linux, execve(2): MAX_ARG_STRLEN bytes for one argument or `NAME=value`, with the zero byte at its end.
    static let maxArgumentBytes = 131_072
    static let maxPathBytes = 2048
    static let maxHeaderBytes = 8192

    /// A path as it stands in a request line (RFC 9112 section 3.2.1): visible ASCII from `/` on.
    private func urlPath(_ text: String) -> Verdict {
        guard text.hasPrefix("/") else {
            return .wrong(
                text.contains("://") ? "leave out everything in front of the path" : "it begins with `/`")
        }
        guard text.utf8.count <= Self.maxPathBytes else {
            return .wrong("it can have at most \(Self.maxPathBytes) bytes")
        }
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            return .wrong("write spaces and letters other than A to Z percent-encoded")
        }
        return text.utf8.contains(UInt8(ascii: "#"))
            ? .wrong("leave out `#` and what follows") : .right
    }

    /// Kubernetes API reference, Secret: keys consist of letters, digits, `-`, `_` and `.`, and as they can be
    /// names of files, are none of the two that lead elsewhere.
    private func secretKey(_ text: String) -> Verdict {
        let isValid = (1...253).contains(text.utf8.count) && text != "." && !text.hasPrefix("..")
            && text.utf8.allSatisfy {
                Names.isLetterOrDigit($0) || $0 == 0x2D || $0 == 0x2E || $0 == 0x5F
            }
        return isValid
            ? .right : .wrong("it consists of letters, digits, `-`, `_` and `.`")
    }

    private func schedule(_ text: String) -> Verdict {
        do throws(CronError) {
            return try CronSchedule(parsing: text).remark.map { .doubtful($0) } ?? .right
        } catch {
            return .wrong(error.sentence)
        }
    }

    /// RFC 9110 section 5.5: a line break would begin another header. Unicode's are ones for some programs too.
    private func headerValue(_ text: String) -> Verdict {
        guard text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }),
            !text.contains(where: \.isNewline)
        else {
            return .wrong("it cannot contain line breaks or control characters")
        }
        guard text.utf8.count <= Self.maxHeaderBytes else {
            return .wrong("it can have at most \(Self.maxHeaderBytes) bytes")
        }
        return .right
    }
}
