import Foundation

/// In which forms programs print a secret: as it is, in a URL, in JSON, in Slack's markup, as base64 and as hexadecimal
/// digits.
enum SecretForms {
    static func all(of secrets: [String]) -> Set<[UInt8]> {
        Set(secrets.flatMap { secret in
            let bytes = Array(secret.utf8)
            return texts(of: secret).map { Array($0.utf8) } + base64(bytes) + hexadecimal(bytes)
        })
    }

    private static func texts(of secret: String) -> [String] {
        if secret.utf8.allSatisfy(SecretShape.isWord) { return [secret] }
        let inURL = secret.addingPercentEncoding(withAllowedCharacters: unreserved) ?? secret
        // As Slack wants text.
        let markup = secret.replacingEvery("&", with: "&amp;").replacingEvery("<", with: "&lt;")
            .replacingEvery(">", with: "&gt;")
        return [secret, inURL, markup, inJSON(secret), inJSON(markup)]
    }

    /// Three bytes become four characters (RFC 4648, section 4): what stands before a secret, such as a user's name in
    /// `Basic …`, says which of three forms it has, and what comes behind it changes the last characters.
    private static func base64(_ secret: [UInt8]) -> [[UInt8]] {
        var forms: [[UInt8]] = []
        for shift in 0..<3 {
            let count = shift + secret.count
            let text = Data([UInt8](repeating: 0, count: shift) + secret).base64EncodedData()
            // The characters that are the secret's alone, and the last one when the text ends there.
            let (first, last, end) = ((shift * 8 + 5) / 6, count * 8 / 6, (count * 8 + 5) / 6)
            forms.append(Array(text[first..<last]))
            if end > last { forms.append(Array(text[first..<end])) }
        }
        // The URL's alphabet (section 5).
        for form in forms where form.contains(plus) || form.contains(slash) {
            forms.append(form.map { $0 == plus ? dash : $0 == slash ? underscore : $0 })
        }
        return forms
    }

    private static let (plus, slash) = (UInt8(ascii: "+"), UInt8(ascii: "/"))
    private static let (dash, underscore) = (UInt8(ascii: "-"), UInt8(ascii: "_"))
    private static let digits = (Array("0123456789abcdef".utf8), Array("0123456789ABCDEF".utf8))

    private static func hexadecimal(_ secret: [UInt8]) -> [[UInt8]] {
        func text(_ digits: [UInt8]) -> [UInt8] {
            var text: [UInt8] = []
            text.reserveCapacity(secret.count * 2)
            for byte in secret {
                text.append(digits[Int(byte >> 4)])
                text.append(digits[Int(byte & 15)])
            }
            return text
        }
        return [text(digits.0), text(digits.1)]
    }

    /// RFC 3986, section 2.3.
    private static let unreserved = CharacterSet.alphanumerics.union(["-", ".", "_", "~"])

    /// As it stands between the quotes of a string (RFC 8259, section 7), in the shortest form.
    private static func inJSON(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
