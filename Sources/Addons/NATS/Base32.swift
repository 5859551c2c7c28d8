/// RFC 4648, section 6, without padding.
enum Base32 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)

    static func text(_ bytes: [UInt8]) -> String {
        var result: [UInt8] = []
        var (rest, bits): (UInt32, Int) = (0, 0)
        for byte in bytes {
            rest = rest << 8 | UInt32(byte)
            bits += 8
            while bits >= 5 {
                bits -= 5
                result.append(alphabet[Int(rest >> UInt32(bits) & 31)])
            }
        }
        if bits > 0 { result.append(alphabet[Int(rest << UInt32(5 - bits) & 31)]) }
        return String(decoding: result, as: UTF8.self)
    }

    /// - Returns: nil when there is another character, or when bits are left over that say something.
    static func bytes(_ text: String) -> [UInt8]? {
        var result: [UInt8] = []
        var (rest, bits): (UInt32, Int) = (0, 0)
        for character in text.utf8 {
            guard let value = alphabet.firstIndex(of: character) else { return nil }
            rest = rest << 5 | UInt32(value)
            bits += 5
            if bits >= 8 {
                bits -= 8
                result.append(UInt8(rest >> UInt32(bits) & 0xff))
            }
        }
        return bits < 5 && rest & (1 << UInt32(bits) - 1) == 0 ? result : nil
    }
}
