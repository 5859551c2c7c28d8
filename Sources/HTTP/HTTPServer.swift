/// Answers one request. Runs off the event loop, so it may await; it must not block a thread.
package typealias HTTPHandler = @Sendable (HTTPRequest) async -> HTTPResponse

package struct HTTPServerSettings: Sendable {
    package var host = "127.0.0.1"
    /// 0 takes a free port.
    package var port = 8080
    /// The most bytes a body may have, by request path; more is refused with 413 before it is read.
    package var maxBodyBytes: @Sendable (_ path: String) -> Int = { _ in 1 << 20 }
    package init() {}
}

package final class HTTPServer: Sendable {
    package init(_ settings: HTTPServerSettings, handler: @escaping HTTPHandler) {
        fatalError("not written yet")
    }

    /// Binds, listens and returns the port. Throws a sentence that names the address when it is taken.
    package func start() throws -> Int { fatalError("not written yet") }

    /// Stops accepting, lets requests that are being answered finish for at most `grace`, cuts the rest.
    package func stop(grace: Duration) async { fatalError("not written yet") }
}
