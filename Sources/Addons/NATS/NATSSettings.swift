/// The operator's NATS servers, and what lets us make accounts there.
package struct NATSSettings: Sendable {
    /// What apps get as `NATS_URL`.
    package var appURL: String
    /// Where we reach the servers.
    package var addresses: [NATSAddress]
    /// Signs accounts: the operator's key, or one of its signing keys.
    package var `operator`: NKey
    /// Of a user of the system account.
    package var system: NATSCredentials
    /// Certificates of the authorities to trust, in PEM form; nil for the system's. Apps get them as a file: without
    /// any, there is none, for most clients that are given one insist on TLS.
    package var authoritiesPEM: String?
    package var limits = NATSLimits()

    /// - Parameter authoritiesPEM: the operator's own; nil when the servers' certificates are the web's, or there are
    ///   none.
    package init(
        appURL: String, addresses: [NATSAddress], operator: NKey, system: NATSCredentials,
        authoritiesPEM: String? = nil
    ) {
        self.appURL = appURL
        self.addresses = addresses
        self.operator = `operator`
        self.system = system
        self.authoritiesPEM = authoritiesPEM
    }
}

package struct NATSLimits: Sendable {
    /// For TCP, TLS and the first words together, per server.
    package var connect = Duration.seconds(4)
    /// For one answer.
    package var answer = Duration.seconds(3)
    /// Until a server that does not answer is given up.
    package var silence = Duration.seconds(10)
    /// For a look at all accounts, which may be many.
    package var look = Duration.seconds(60)
    /// Between two tries.
    package var pause = Duration.milliseconds(500)
    package init() {}
}

extension NATSSettings {
    var terms: NATSConnection.Terms {
        NATSConnection.Terms(addresses: addresses, authoritiesPEM: authoritiesPEM, connectLimit: limits.connect)
    }
}
