/// HMAC-SHA256 (RFC 2104) with a key that is prepared once; safe to share between threads.
package final class HMACKey: Sendable {
    package init(_ key: [UInt8]) { fatalError("not written yet") }
    /// 32 bytes over the concatenation of `parts`.
    package func authenticate(_ parts: [UInt8]...) -> [UInt8] { fatalError("not written yet") }
}

package func sha256(_ bytes: [UInt8]) -> [UInt8] { fatalError("not written yet") }
/// In time that depends on the lengths only.
package func constantTimeEquals(_ left: [UInt8], _ right: [UInt8]) -> Bool { fatalError("not written yet") }
package func randomBytes(_ count: Int) -> [UInt8] { fatalError("not written yet") }
/// Lower-case hexadecimal.
package func hex(_ bytes: [UInt8]) -> String { fatalError("not written yet") }
