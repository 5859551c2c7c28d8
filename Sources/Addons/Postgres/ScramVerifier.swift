import Crypto
import Foundation

/// What a server keeps of a password, so that the password itself is in no statement and in no log of the server:
/// `SCRAM-SHA-256$4096:salt$StoredKey:ServerKey` (RFC 5803; PostgreSQL documentation, 53.8 "pg_authid").
struct ScramVerifier: Sendable {
    let text: String

    static let saltBytes = 16
    private static let iterations = 4096

    /// - Parameter password: of printable ASCII, which SASLprep (RFC 4013) leaves as it is.
    init(_ password: String, salt: [UInt8]) {
        let salted = HMACKey(Self.salted(Array(password.utf8), salt))
        let storedKey = sha256(salted.authenticate(Array("Client Key".utf8)))
        let serverKey = salted.authenticate(Array("Server Key".utf8))
        let parts = [salt, storedKey, serverKey].map { Data($0).base64EncodedString() }
        text = "SCRAM-SHA-256$\(Self.iterations):\(parts[0])$\(parts[1]):\(parts[2])"
    }

    /// `Hi` of RFC 5802, section 2.2.
    private static func salted(_ password: [UInt8], _ salt: [UInt8]) -> [UInt8] {
        let key = HMACKey(password)
        var round = key.authenticate(salt, [0, 0, 0, 1])
        var result = round
        for _ in 1..<iterations {
            round = key.authenticate(round)
            for index in result.indices { result[index] ^= round[index] }
        }
        return result
    }
}
