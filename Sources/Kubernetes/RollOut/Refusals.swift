import Deploys
import JSON

/// The objects that the server did not take, each with its reason.
struct Refusals: Error {
    struct Refusal: Sendable {
        let object: JSON
        let error: KubernetesError
    }

    let list: [Refusal]
    /// What the server made of the objects beside them, which it took.
    let answers: [JSON]
    static let maxToldRefusals = 10

    init(_ list: [Refusal], beside answers: [JSON]) {
        self.list = list
        self.answers = answers
    }

    init(_ error: KubernetesError, _ object: JSON) {
        self.init([Refusal(object: object, error: error)], beside: [])
    }

    /// The namespace is on its way out: what is refused now may be taken when it is gone.
    var isNamespaceTerminating: Bool {
        list.contains { if case .namespaceTerminating = $0.error { true } else { false } }
    }

    /// All of it in sentences, those of the same reason in one.
    /// - Parameter isBegun: something was changed before.
    func rollOutError(isBegun: Bool) -> RollOutError {
        var reasons: [(text: String, objects: [String])] = []
        for refusal in list {
            switch refusal.error {
            case .cancelled: return .cancelled
            case .unreachable, .server, .tooManyRequests, .untrusted, .malformed, .unauthorized, .expired:
                return .unreachable(refusal.error.sentence)
            case .notFound, .forbidden, .namespaceTerminating, .conflict, .fieldConflicts, .invalid: break
            }
            let reason = Self.reason(refusal)
            if let index = reasons.firstIndex(where: { $0.text == reason.text }) {
                reasons[index].objects += reason.object
            } else {
                reasons.append((reason.text, reason.object))
            }
        }
        var sentences = reasons.prefix(Self.maxToldRefusals).map { reason in
            reason.objects.isEmpty ? reason.text : "\(reason.objects.joined(separator: ", ")): \(reason.text)"
        }
        let rest = reasons.count - sentences.count
        if rest > 0 { sentences.append("And \(rest) more.") }
        let text = sentences.joined(separator: " ")
        return isBegun ? .refusedMidway(text) : .rejected(text)
    }

    private static func reason(_ refusal: Refusal) -> (text: String, object: [String]) {
        let kind = refusal.object["kind"]?.string ?? "object"
        let label = refusal.object.label
        switch refusal.error {
        case .notFound:
            if let advice = installation[kind] {
                return ("The cluster does not know \(kind)s; \(advice).", [])
            }
            return (refusal.error.sentence, [label])
        case .invalid(let message):
            guard let fields = fields(message) else { break }
            return (fields.hasSuffix(".") ? fields : "\(fields).", [label])
        case .forbidden where refusal.error.missingPermission != nil: return (refusal.error.sentence, [])
        default: break
        }
        return (refusal.error.sentence, [label])
    }

    /// What a message says of fields, without the object's name: of `Deployment.apps "web" is invalid: [a: …, b: …]`
    /// and of `failed to create typed patch object (ns/web; apps/v1, Kind=Deployment): .a: …`. Nil for other messages.
    private static func fields(_ message: String) -> String? {
        if let start = message.range(of: " is invalid: ") {
            let fields = message[start.upperBound...]
            let isList = fields.hasPrefix("[") && fields.hasSuffix("]")
            return String(isList ? fields.dropFirst().dropLast() : fields)
        }
        guard message.hasPrefix("failed to create typed patch object ("), let start = message.range(of: "): ") else {
            return nil
        }
        return String(message[start.upperBound...])
    }

    /// What to do where a kind that is no part of Kubernetes is missing.
    private static let installation = [
        "HTTPRoute": "install the Gateway API, or set ITERAPP_ROUTING=ingress",
        "ListenerSet": "install the Gateway API 1.5 or newer, or set ITERAPP_GATEWAY_LISTENERS=gateway",
        "Middleware": "install Traefik's resource definitions, or set ITERAPP_INGRESS_CONTROLLER=nginx",
        "Certificate": "install cert-manager",
        "PodMonitor": "install the Prometheus Operator, or take back ITERAPP_POD_MONITORS",
    ]
}
