import Crypto
import Foundation
import JSON

/// Modals, of which each member has a stack, and Home tabs.
extension Workspace {
    /// docs.slack.dev, "views.push".
    static let maxModals = 3

    /// The view on top of somebody's modals.
    package func modal(of user: String) -> ChatView? { modals[user]?.last }

    /// - Parameter id: the view's id, or the app's own `external_id`.
    package func view(_ id: String) throws -> ChatView? {
        if let modal = modals.values.joined().first(where: { $0.id == id || (!id.isEmpty && $0.externalID == id) }) {
            return modal
        }
        return try database.run("SELECT user FROM homes").lazy.compactMap { try self.home(of: $0.text("user")) }
            .first { $0.id == id || (!id.isEmpty && $0.externalID == id) }
    }

    /// Nil until the app publishes one.
    package func home(of user: String) throws -> ChatView? {
        guard let row = try database.run("SELECT view FROM homes WHERE user = ?", [.text(user)]).first,
            let json = try? JSON.parse(row.text("view")), let id = json["id"]?.string,
            let hash = json["hash"]?.string, let body = json["body"]
        else { return nil }
        return ChatView(id: id, hash: hash, user: user, body: body, rootID: id, previousID: nil)
    }

    /// A new modal in place of all that somebody has open.
    func openModal(for user: String, _ body: JSON) throws -> ChatView {
        try refuseTakenExternalID(body, except: nil)
        let id = freshID("V")
        let view = ChatView(
            id: id, hash: newHash(), user: user, body: filled(body), rootID: id, previousID: nil)
        modals[user] = [view]
        announce(.modal(user: user, view: view))
        return view
    }

    /// A modal on top of what somebody has open.
    func pushModal(for user: String, _ body: JSON) throws -> ChatView {
        guard let stack = modals[user], let root = stack.first, let top = stack.last else {
            throw SlackRefusal("not_found")
        }
        guard stack.count < Self.maxModals else { throw SlackRefusal("push_limit_reached") }
        try refuseTakenExternalID(body, except: nil)
        let view = ChatView(
            id: freshID("V"), hash: newHash(), user: user, body: filled(body), rootID: root.id, previousID: top.id)
        modals[user] = stack + [view]
        announce(.modal(user: user, view: view))
        return view
    }

    /// Another content for a view that is open.
    /// - Parameter hash: what the app believes the view's hash to be; nil does not ask.
    func updateView(_ id: String, hash: String?, _ body: JSON) throws -> ChatView {
        guard var view = try view(id) else { throw SlackRefusal("not_found") }
        if let hash, hash != view.hash { throw SlackRefusal("hash_conflict") }
        try refuseTakenExternalID(body, except: view.id)
        view.body = filled(body)
        view.hash = newHash()
        if view.isHome {
            try keepHome(view)
        } else if let index = modals[view.user]?.firstIndex(where: { $0.id == view.id }) {
            modals[view.user]?[index] = view
            announce(.modal(user: view.user, view: modals[view.user]?.last))
        }
        return view
    }

    func publishHome(for user: String, hash: String?, _ body: JSON) throws -> ChatView {
        let old = try home(of: user)
        if let hash, let old, hash != old.hash { throw SlackRefusal("hash_conflict") }
        let id = old?.id ?? freshID("V")
        try refuseTakenExternalID(body, except: id)
        let view = ChatView(
            id: id, hash: newHash(), user: user, body: filled(body), rootID: id, previousID: nil)
        try keepHome(view)
        return view
    }

    /// Takes a modal off its member's stack, with all that lie on it.
    func closeModal(_ id: String) {
        for (user, stack) in modals {
            guard let index = stack.firstIndex(where: { $0.id == id }) else { continue }
            modals[user] = Array(stack[..<index])
            announce(.modal(user: user, view: modals[user]?.last))
        }
    }

    func closeModals(of user: String) {
        modals[user] = nil
        announce(.modal(user: user, view: nil))
    }

    func tellModalErrors(_ view: ChatView, _ errors: [String: String]) {
        announce(.modalErrors(user: view.user, viewID: view.id, errors: errors))
    }

    private func keepHome(_ view: ChatView) throws {
        let json: JSON = ["id": .string(view.id), "hash": .string(view.hash), "body": view.body]
        try database.run(
            "INSERT OR REPLACE INTO homes (user, view) VALUES (?, ?)", [.text(view.user), .text(json.text)])
        announce(.home(user: view.user, view: view))
    }

    private func filled(_ body: JSON) -> JSON {
        var body = body
        body["blocks"] = .array(BlockIDs.filled(body["blocks"]?.array ?? []))
        return body
    }

    private func newHash() -> String { "\(nextMicroseconds() / 1_000_000).\(hex(randomBytes(4)))" }

    private func refuseTakenExternalID(_ body: JSON, except id: String?) throws {
        guard let external = body["external_id"]?.string, !external.isEmpty, let taken = try view(external),
            taken.id != id
        else { return }
        throw SlackRefusal("duplicate_external_id")
    }
}
