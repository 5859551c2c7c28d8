import TestSupport
import XCTest

extension XCTestCase {
    /// A peer that is stopped at the end of the test.
    func peer(_ serve: @escaping @Sendable (PeerConnection) throws -> Void) throws -> ClientPeer {
        let peer = try ClientPeer(serve)
        addTeardownBlock { peer.stop() }
        return peer
    }

    /// A peer that answers every request with the same bytes and closes.
    func peer(answering text: String) throws -> ClientPeer {
        try peer { connection in
            _ = try connection.readRequest()
            try connection.write(text)
        }
    }
}
