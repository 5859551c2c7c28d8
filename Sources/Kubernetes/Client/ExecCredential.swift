import Foundation
import JSON

/// What a program that logs in gives
/// (https://kubernetes.io/docs/reference/config-api/client-authentication.v1/).
struct ExecCredential: Sendable, Equatable {
    let token: String?
    let certificatePEM: String?
    let keyPEM: String?
    /// By the clock of whoever issued it. Nil: until the server refuses it.
    let expires: Date?

    /// - Parameter output: the program's standard output.
    init(_ output: [UInt8], apiVersion: String) throws(ExecFailure) {
        guard output.count < ExecPlugin.maxOutputBytes else { throw ExecFailure("it is too long") }
        guard let object = try? JSON.parse(output) else { throw ExecFailure("it is not JSON") }
        guard object["kind"]?.string == "ExecCredential", object["apiVersion"]?.string == apiVersion else {
            throw ExecFailure("it is no ExecCredential of \(apiVersion)")
        }
        func text(_ key: String) -> String? {
            let text = object.at("status", key)?.string?.trimmingCharacters(in: .whitespacesAndNewlines)
            return text?.isEmpty == false ? text : nil
        }
        token = text("token")
        certificatePEM = text("clientCertificateData")
        keyPEM = text("clientKeyData")
        guard (certificatePEM == nil) == (keyPEM == nil) else {
            throw ExecFailure("it has only one of clientCertificateData and clientKeyData")
        }
        guard token != nil || certificatePEM != nil else { throw ExecFailure("it has neither token nor certificate") }
        guard token?.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) ?? true else {
            throw ExecFailure("its token has characters that no token has")
        }
        expires = try Self.moment(text("expirationTimestamp"))
    }

    /// RFC 3339, with or without a fraction of a second.
    private static func moment(_ text: String?) throws(ExecFailure) -> Date? {
        guard let text else { return nil }
        for hasFraction in [false, true] {
            let formatter = ISO8601DateFormatter()
            formatter.formatOptions = .withInternetDateTime
            if hasFraction { formatter.formatOptions.insert(.withFractionalSeconds) }
            if let date = formatter.date(from: text) { return date }
        }
        throw ExecFailure("its expirationTimestamp is no time in RFC 3339's form")
    }
}

extension ExecCredential: CustomStringConvertible, CustomDebugStringConvertible {
    /// Without the secrets.
    var description: String { "credential until \(expires.map { "\($0)" } ?? "refused")" }
    var debugDescription: String { description }
}
