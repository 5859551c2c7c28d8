/// An add-on of one app in one environment.
package struct AddOnPlace: Sendable, Equatable {
    package let app: AppID
    package let environment: EnvironmentName
    /// Where its Secret is, which is called like the add-on.
    package let namespace: String
    package let addOn: AddOn

    package init(app: AppID, environment: EnvironmentName, namespace: String, addOn: AddOn) {
        self.app = app
        self.environment = environment
        self.namespace = namespace
        self.addOn = addOn
    }
}

extension Release {
    /// Its add-ons, each with where it belongs.
    package var places: [AddOnPlace] {
        addOns.map { AddOnPlace(app: app, environment: environment, namespace: namespace, addOn: $0) }
    }
}

/// A server of the operator's on which add-ons live: databases, accounts.
///
/// What an add-on's applings need to know of it is kept in a Secret in the app's namespace, and nowhere else. Every
/// verb is safe to repeat, and for two callers at once.
package protocol AddOnServer: Sendable {
    /// What the Secret shall hold. Passwords and keys that are there stay; without them, they are made.
    /// - Parameter kept: what it holds; nil when there is none.
    func secret(of place: AddOnPlace, kept: [String: String]?) async throws(AddOnError) -> [String: String]

    /// Makes what is missing on the server for the Secret's values to work. Nothing is ever removed there.
    /// - Returns: what developers should know: sentences.
    func provide(_ place: AddOnPlace, _ secret: [String: String]) async throws(AddOnError) -> [String]

    /// Where the add-on's data is, as a part of a sentence: "the database `cats_test` on `db.example.com`". Nil when no
    /// data is in there.
    func whereabouts(of place: AddOnPlace) -> String?

    /// Called when a roll-out went well, whose remarks people read, and when nothing runs any more that began with an
    /// older content of the Secret.
    /// - Returns: what the Secret shall hold besides, from now on.
    func retireOlder(than secret: [String: String], at place: AddOnPlace) async throws(AddOnError) -> [String: String]
}

extension AddOnServer {
    /// For servers that keep nothing of their apps'.
    package func whereabouts(of place: AddOnPlace) -> String? { nil }

    /// For servers on which nothing older is left.
    package func retireOlder(
        than secret: [String: String], at place: AddOnPlace
    ) async throws(AddOnError) -> [String: String] { [:] }
}

package enum AddOnError: Error, Sendable, Equatable {
    /// The server, or what is there already, does not allow it: a sentence, and what to do.
    case refused(String, advice: String?)
    /// No answer, after retries; nothing was left half made. A sentence.
    case unreachable(String)
    case cancelled
}

/// The operator's servers, by what lives on them; those that are missing are refused before anything is built.
package struct AddOnServers: Sendable {
    package var postgres: (any AddOnServer)?
    package var nats: (any AddOnServer)?

    package init(postgres: (any AddOnServer)? = nil, nats: (any AddOnServer)? = nil) {
        self.postgres = postgres
        self.nats = nats
    }

    /// Nil for what lives in the app's own namespace, and for what this service is not connected to.
    package func server(of addOn: AddOn) -> (any AddOnServer)? {
        switch addOn.kind {
        case .postgres: postgres
        case .nats: nats
        case .redis: nil
        }
    }
}
