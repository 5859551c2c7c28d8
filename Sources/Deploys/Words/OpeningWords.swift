import AppFile

/// What people read about encrypted values that can't be opened.
package enum OpeningWords {
    /// - Parameter name: of what holds the value, as it is shown: `` `API_KEY` ``.
    package static func sentence(_ error: OpeningError, of name: String) -> String {
        switch error {
        case .unreadable(.damaged): "\(name) can't be opened: a part of its encrypted text is missing or changed."
        case .unreadable(.foreign): "\(name) can't be opened: it is no encrypted text of Iterapp."
        case .unreadable(.unknownVersion(let version)):
            "\(name) can't be opened: it is encrypted in the form \(version), which this version of Iterapp does "
                + "not know."
        case .unknownKey(let id):
            "\(name) can't be opened: it is encrypted with the key \(id), which this Iterapp does not have."
        case .otherApp(let app): "\(name) can't be opened: it was encrypted for the app `\(app)`."
        case .otherUse(let scope): "\(name) can't be opened: it was encrypted for the scope `\(scope.name)`."
        case .tampered: "\(name) can't be opened: its encrypted text was changed."
        case .notText: "\(name) was opened, and holds no text."
        }
    }

    /// - Parameter sentences: at least one.
    static func failure(_ sentences: [String], _ error: OpeningError, _ app: AppID) -> Failure {
        let more = sentences.count - 1
        let rest = more == 0 ? "" : more == 1 ? " Nor can another value." : " Nor can \(more) other values."
        return Failure(
            .settings, (sentences.first ?? "") + rest, advice: advice(error, app),
            evidence: more == 0 ? [] : sentences)
    }

    package static func advice(_ error: OpeningError, _ app: AppID) -> String {
        switch error {
        case .unknownKey:
            "Encrypt the secret again, or ask the operator whether a key was taken away; another installation's "
                + "values can't be opened here."
        default: "Encrypt the secret again for the app `\(app.key)`."
        }
    }
}
