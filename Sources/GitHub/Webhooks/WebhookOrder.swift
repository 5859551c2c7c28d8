import Deploys
import JSON

/// What a payload asks for.
enum WebhookOrder: Sendable {
    case push(Push)
    case branchDeleted(String, of: SourceRepository)
    case rerun(Rerun)
    case news([RepositoryNews])
    case nothing(String)

    init(_ event: WebhookEvent, _ payload: JSON, delivery: String) throws(WebhookFieldError) {
        switch event {
        case .ping: self = .nothing("pong")
        case .push: self = try PushPayload.read(payload, delivery: delivery)
        case .delete: self = try RepositoryPayload.readDelete(payload)
        case .checkRun: self = try CheckPayload.readRun(payload, delivery: delivery)
        case .checkSuite: self = try CheckPayload.readSuite(payload, delivery: delivery)
        case .repository: self = try RepositoryPayload.read(payload)
        case .installation: self = try InstallationPayload.read(payload)
        case .installationRepositories: self = try InstallationPayload.readRepositories(payload)
        }
    }
}

/// A field that is needed is missing, or is not what GitHub sends.
struct WebhookFieldError: Error, Equatable {
    /// As in `repository.full_name`.
    let field: String
}

extension JSON {
    /// - Parameter path: as in `repository.full_name`.
    func text(_ path: String) throws(WebhookFieldError) -> String {
        guard let text = value(path)?.string, !text.isEmpty else { throw WebhookFieldError(field: path) }
        return text
    }

    func commit(_ path: String) throws(WebhookFieldError) -> CommitID {
        guard let id = CommitID(try text(path)) else { throw WebhookFieldError(field: path) }
        return id
    }

    /// The member `repository`, or one of a list.
    func sourceRepository(at path: String = "repository") throws(WebhookFieldError) -> SourceRepository {
        guard let repository = value(path) else { throw WebhookFieldError(field: path) }
        guard let name = repository["full_name"]?.string,
            let app = AppID(parsing: name, defaultOrganisation: ""), !app.organisation.isEmpty
        else { throw WebhookFieldError(field: path + ".full_name") }
        // What is no GitHub and speaks like it may count nothing.
        return SourceRepository(id: repository["id"]?.int.map(Int64.init), name: app)
    }

    /// A name that people are shown; nil for none.
    func name(_ path: String) -> String? {
        value(path)?.string.flatMap { $0.isEmpty ? nil : WebhookText.clipped($0) }
    }

    private func value(_ path: String) -> JSON? {
        path.split(separator: ".").reduce(Optional(self)) { $0?[String($1)] }
    }
}

/// Texts that others wrote, bounded.
enum WebhookText {
    static let maxScalars = 200
    static let maxLinkBytes = 1_000

    /// In scalars: what people see as one character can be thousands of them.
    static func clipped(_ text: String) -> String { String(text.unicodeScalars.prefix(maxScalars)) }

    /// Shown as a link: nothing but the web.
    static func link(_ url: String?) -> String? {
        url.flatMap { url in
            let isLink = url.hasPrefix("https://") || url.hasPrefix("http://")
            return isLink && url.utf8.count <= maxLinkBytes ? url : nil
        }
    }
}
