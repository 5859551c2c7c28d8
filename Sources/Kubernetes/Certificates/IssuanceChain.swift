import JSON

/// The objects that stand between a Certificate and the certificate itself, each made for the one before:
/// CertificateRequest → Order → Challenge
/// (https://cert-manager.io/docs/troubleshooting/acme/).
struct IssuanceChain: Hashable, Sendable {
    var request: JSON?
    var order: JSON?
    /// That of the host which is asked about, or of the host that holds the others up.
    var challenge: JSON?

    static let certificateAnnotation = "cert-manager.io/certificate-name"
    static let revisionAnnotation = "cert-manager.io/certificate-revision"

    init() {}

    /// - Parameters:
    ///   - requests, orders, challenges: all of the namespace.
    init(of certificate: JSON, host: String, requests: [JSON], orders: [JSON], challenges: [JSON]) {
        let name = certificate.at("metadata", "name")?.string
        request = requests.filter { request in
            request.at("metadata", "annotations")?[Self.certificateAnnotation]?.string == name
                || Self.isOwned(request, by: certificate)
        }.max { Self.revision($0) < Self.revision($1) }
        order = request.flatMap { request in
            orders.filter { Self.isOwned($0, by: request) }.max { Self.age($0) < Self.age($1) }
        }
        let open = order.map { order in
            challenges.filter { Self.isOwned($0, by: order) && $0.at("status", "state")?.string != "valid" }
        } ?? []
        challenge = open.first { $0.at("spec", "dnsName")?.string == host } ?? open.first
    }

    /// The innermost object that says anything about why it is not done.
    var reason: String? {
        let order = order?["status"]
        let reasons = [
            challenge?.at("status", "reason")?.string, order?["reason"]?.string, requestMessage,
        ]
        return reasons.compactMap { $0 }.first { !$0.isEmpty }
    }

    /// Whether this attempt is over, and not for good.
    var hasFailed: Bool {
        if ["invalid", "expired", "errored"].contains(order?.at("status", "state")?.string) { return true }
        return ready?["reason"]?.string == "Failed" || condition("Denied")?["status"]?.string == "True"
            || condition("InvalidRequest")?["status"]?.string == "True"
    }

    /// While an order is under way, the request's own message only repeats its state.
    private var requestMessage: String? {
        for type in ["Denied", "InvalidRequest"] where condition(type)?["status"]?.string == "True" {
            return condition(type)?["message"]?.string
        }
        return order == nil || hasFailed ? ready?["message"]?.string : nil
    }

    private var ready: JSON? { condition("Ready") }

    private func condition(_ type: String) -> JSON? {
        request?.at("status", "conditions")?.array?.first { $0["type"]?.string == type }
    }

    private static func isOwned(_ object: JSON, by owner: JSON) -> Bool {
        guard let uid = owner.at("metadata", "uid")?.string else { return false }
        return object.at("metadata", "ownerReferences")?.array?.contains { $0["uid"]?.string == uid } ?? false
    }

    private static func revision(_ request: JSON) -> Int {
        request.at("metadata", "annotations")?[revisionAnnotation]?.string.flatMap { Int($0) } ?? 0
    }

    private static func age(_ object: JSON) -> String { object.at("metadata", "creationTimestamp")?.string ?? "" }
}
