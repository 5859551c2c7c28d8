import Foundation
import HTTP
import JSON

/// The demo's page: a chat client for the workspace, which acts as whichever member sits in front of it.
package struct PageRoutes: Sendable {
    let workspace: Workspace
    let caller: SlackCaller

    package init(workspace: Workspace, caller: SlackCaller) {
        self.workspace = workspace
        self.caller = caller
    }

    /// Nil for a path that is not the page's.
    package func answer(_ request: HTTPRequest) async -> HTTPResponse? {
        do {
            switch request.method {
            case "GET", "HEAD": return try await read(request)
            case "POST": return try await write(request)
            default: return nil
            }
        } catch let refusal as PageRefusal {
            return .text(400, refusal.sentence + "\n")
        } catch {
            return .text(500, "The demo's workspace can't be used: \(error)\n")
        }
    }

    private func read(_ request: HTTPRequest) async throws -> HTTPResponse? {
        switch request.path {
        case "/": return asset(PageHTML.text, "text/html; charset=utf-8")
        case "/demo/style.css": return asset(PageStyle.text, "text/css; charset=utf-8")
        case "/demo/script.js": return asset(PageScript.text, "text/javascript; charset=utf-8")
        case "/demo/icon.svg": return asset(PageHTML.icon, "image/svg+xml")
        case "/demo/workspace": return json(try await workspaceJSON())
        case "/demo/messages": return json(try await messages(query(request)["channel"]))
        case "/demo/events": return await events()
        case let path where path.hasPrefix(Self.filesPath):
            return try await file(String(path.dropFirst(Self.filesPath.count)))
        default: return nil
        }
    }

    private func write(_ request: HTTPRequest) async throws -> HTTPResponse? {
        switch request.path {
        case "/demo/commands": return json(try await line(PageRequest(request)))
        case "/demo/actions": return json(try await press(PageRequest(request)))
        case "/demo/views": return json(try await view(PageRequest(request)))
        case "/demo/home": return json(try await openHome(PageRequest(request)))
        default: return nil
        }
    }

    private func asset(_ text: String, _ type: String) -> HTTPResponse {
        HTTPResponse(
            status: 200,
            headers: [
                "Content-Type": type, "Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff",
                "Referrer-Policy": "no-referrer",
                "Content-Security-Policy":
                    "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            ], body: .bytes(Array(text.utf8)))
    }

    private func json(_ value: JSON) -> HTTPResponse {
        HTTPResponse(
            status: 200, headers: ["Content-Type": "application/json; charset=utf-8", "Cache-Control": "no-store"],
            body: .bytes(value.bytes))
    }

    private func query(_ request: HTTPRequest) -> [String: String] {
        let items = URLComponents(string: request.target)?.queryItems ?? []
        return Dictionary(items.map { ($0.name, $0.value ?? "") }) { first, _ in first }
    }

    // MARK: Files

    private static let filesPath = "/demo/files/"

    private func file(_ id: String) async throws -> HTTPResponse {
        guard let file = try await workspace.file(id), file.isUploaded else { return .text(404, "No such file.\n") }
        return HTTPResponse(
            status: 200,
            headers: [
                "Content-Type": "text/plain; charset=utf-8", "X-Content-Type-Options": "nosniff",
                "Content-Security-Policy": "sandbox", "Content-Disposition": "attachment", "Cache-Control": "no-store",
            ], body: .bytes(file.content))
    }
}

/// What somebody reads who asks for something that can't be.
struct PageRefusal: Error {
    let sentence: String
}
