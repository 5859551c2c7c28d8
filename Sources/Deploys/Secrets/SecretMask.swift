import Foundation
import Synchronization

/// Takes secrets out of whatever people or operators read: values that are known to be secret, and what has the shape
/// of a token. What a program prints is nobody's to trust.
package final class SecretMask: Sendable {
    /// What stands in a secret's place.
    package static let mark = "•••"
    /// Shorter values would blacken half of every text.
    static let minKnownBytes = 6

    /// Knows the shapes of tokens, and no value.
    package static let shapes = SecretMask()

    /// Of a secret of several lines, these are hidden by themselves, too.
    static let minKnownLineBytes = 8

    /// What all of an installation's masks know together.
    private final class Memory: Sendable {
        let everywhere = Mutex(KnownSecrets())
        let words = Mutex<[AppID: KnownSecrets]>([:])
    }

    private let memory: Memory
    /// The app's whose words are hidden as well.
    private let app: AppID?

    package convenience init(_ secrets: [String] = []) {
        self.init(Memory(), app: nil)
        learn(secrets)
    }

    private init(_ memory: Memory, app: AppID?) {
        self.memory = memory
        self.app = app
    }

    // MARK: Learning

    /// Values that shall never be read anywhere, from now on, also as base64, hexadecimal, percent-encoded and in
    /// JSON.
    package func learn(_ secrets: [String]) { learn(parts: Self.parts(of: secrets)) }

    private func learn(parts: [String]) {
        let news = parts.filter { part in
            // Each deploy opens the same values again.
            !memory.everywhere.withLock { $0.contains(Array(part.utf8)) }
        }
        guard !news.isEmpty else { return }
        memory.everywhere.withLock { $0.insert(SecretForms.all(of: news)) }
    }

    /// Values that an app's developers have encrypted. An ordinary word among them is hidden where the app itself
    /// speaks (`of`); in what others say it can't be told from their own words.
    package func learn(_ secrets: [String], of app: AppID) {
        let (words, others) = Self.parts(of: secrets).reduce(into: ([String](), [String]())) { parts, part in
            if OrdinaryWord.isOne(part) { parts.0.append(part) } else { parts.1.append(part) }
        }
        learn(parts: others)
        let news = words.filter { word in
            !memory.words.withLock { $0[app]?.contains(Array(word.utf8)) ?? false }
        }
        guard !news.isEmpty else { return }
        memory.words.withLock { $0[app, default: KnownSecrets()].insert(SecretForms.all(of: news)) }
    }

    /// For what comes from an app: from its builds, its containers, and the cluster about it.
    package func of(_ app: AppID) -> SecretMask { SecretMask(memory, app: app) }

    /// The same, where only the namespace is known; this mask when no app with such words is there.
    package func of(namespace: String, _ naming: Naming) -> SecretMask {
        let apps = memory.words.withLock { Array($0.keys) }
        let app = apps.first { app in EnvironmentName.all.contains { naming.namespace(app, $0) == namespace } }
        return app.map(of) ?? self
    }

    private static func parts(of secrets: [String]) -> [String] {
        secrets.flatMap { [$0] + lines(of: $0) }
            .map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }
            .filter { $0.utf8.count >= minKnownBytes }
    }

    /// What prints a secret may break it into its lines.
    private static func lines(of secret: String) -> [String] {
        guard secret.contains(where: \.isNewline) else { return [] }
        return secret.split(whereSeparator: \.isNewline).map(String.init)
            .filter { $0.trimmingCharacters(in: .whitespaces).utf8.count >= minKnownLineBytes }
    }

    // MARK: Hiding

    /// Whether there is any value that `withoutKnown` would take out.
    package var knowsValues: Bool {
        if !memory.everywhere.withLock({ $0.isEmpty }) { return true }
        return app.map { app in memory.words.withLock { $0[app] != nil } } ?? false
    }

    /// The text with `mark` in the place of every secret.
    package func masked(_ text: String) -> String {
        guard let masked = masked(Array(text.utf8), shapes: true) else { return text }
        return String(decoding: masked, as: UTF8.self)
    }

    /// The same bytes without known values: what has a structure of its own, such as JSON, keeps it.
    package func withoutKnown(_ bytes: [UInt8]) -> [UInt8] { hidingKnown(in: bytes) ?? bytes }

    /// The same; nil when there is none.
    package func hidingKnown(in bytes: [UInt8]) -> [UInt8]? { masked(bytes, shapes: false) }

    /// Nil when there is no secret.
    private func masked(_ bytes: [UInt8], shapes: Bool) -> [UInt8]? {
        let known = memory.everywhere.withLock { $0 }
        let words = app.flatMap { app in memory.words.withLock { $0[app] } }
        let knowsNothing = known.isEmpty && words == nil
        if knowsNothing, !shapes { return nil }
        var kept: [UInt8] = []
        var copied = 0
        var (index, headIndex) = (0, -1)
        var head: UInt64 = 0
        let mayBegin = SecretShape.mayBegin
        // Where nothing is known, heads need not be computed.
        let lastHead = knowsNothing ? -1 : bytes.count - KnownSecrets.headBytes
        while index < bytes.count {
            var hidden: Range<Int>?
            if index <= lastHead {
                head = index == headIndex + 1 && headIndex >= 0
                    ? KnownSecrets.next(head, bytes[index + KnownSecrets.headBytes - 1])
                    : KnownSecrets.head(bytes, at: index)
                headIndex = index
                let length = max(
                    known.length(at: index, of: bytes, head: head) ?? 0,
                    words?.length(at: index, of: bytes, head: head) ?? 0)
                if length > 0 { hidden = 0..<length }
            }
            if hidden == nil, shapes, mayBegin[Int(bytes[index])] {
                hidden = SecretShape.secret(at: index, of: bytes)
            }
            guard let hidden else {
                index += 1
                continue
            }
            kept += bytes[copied..<(index + hidden.lowerBound)]
            kept += Array(Self.mark.utf8)
            index += hidden.upperBound
            copied = index
        }
        return copied > 0 ? kept + bytes[copied...] : nil
    }
}
