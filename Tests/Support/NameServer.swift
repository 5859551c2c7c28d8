import Foundation
import Subprocess

/// A real name server (dnsmasq) on a port of loopback, which knows what a test tells it.
package final class NameServer: Sendable {
    package static let address = "127.0.0.1"
    package let port: UInt16
    private let program: RunningProgram

    private static let path = "/usr/sbin/dnsmasq"
    /// Whoever takes the free port first has it; another one is tried then.
    private static let maxStarts = 5
    private static let startTimeLimit = Duration.seconds(10)

    /// Why none can be had here; nil when one can.
    package static var obstacle: String? {
        access(path, X_OK) == 0 ? nil : "\(path) is not installed; .ci/prepare installs it"
    }

    private init(port: UInt16, program: RunningProgram) {
        self.port = port
        self.program = program
    }

    /// - Parameters:
    ///   - hosts: lines as in `/etc/hosts`; a name that stands in several has all the addresses.
    ///   - options: of dnsmasq, such as `cname=www.cats.cool,cats.cool`.
    ///   - directory: for its files.
    package static func start(
        hosts: [String] = [], options: [String] = [], in directory: URL
    ) async throws -> NameServer {
        let file = directory.appending(path: "hosts-\(UUID().uuidString)")
        try Data((hosts.joined(separator: "\n") + "\n").utf8).write(to: file)
        for _ in 0..<maxStarts {
            let port = try freePort()
            let log = directory.appending(path: "dnsmasq-\(port).log").path
            let program = try RunningProgram(
                path,
                [
                    "--keep-in-foreground", "--conf-file=/dev/null", "--pid-file=", "--user=root", "--no-resolv",
                    "--no-hosts", "--no-daemon", "--addn-hosts=\(file.path)", "--bind-interfaces",
                    "--listen-address=\(address)", "--port=\(port)",
                ] + options.map { "--\($0)" }, logFile: log)
            if try await isUp(program, port) { return NameServer(port: port, program: program) }
            await program.terminate(grace: .seconds(1))
        }
        throw TestFailure("dnsmasq did not start; its words are in \(directory.path)")
    }

    package func stop() async { await program.terminate(grace: .seconds(2)) }

    /// It takes TCP only once it takes everything.
    private static func isUp(_ program: RunningProgram, _ port: UInt16) async throws -> Bool {
        let deadline = ContinuousClock.now + startTimeLimit
        while program.isRunning, ContinuousClock.now < deadline {
            if connects(to: port) { return true }
            try await Task.sleep(for: .milliseconds(5))
        }
        return false
    }

    private static func connects(to port: UInt16) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        return withAddress(port) { connect(descriptor, $0, $1) } == 0
    }

    /// A port that is free for UDP just now.
    private static func freePort() throws -> UInt16 {
        let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        defer { close(descriptor) }
        guard withAddress(0, { bind(descriptor, $0, $1) }) == 0 else { throw TestFailure("no port is free") }
        return boundPort(descriptor)
    }
}

/// A UDP socket on loopback that takes questions and answers as a test wants, or never.
package final class DeafNameServer: Sendable {
    package let port: UInt16
    private let descriptor: Int32
    private let answers: Bool

    /// - Parameter responseCode: of each answer (RFC 1035, section 4.1.1); nil answers nothing.
    package init(responseCode: UInt8?) throws {
        let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        self.descriptor = descriptor
        answers = responseCode != nil
        guard withAddress(0, { bind(descriptor, $0, $1) }) == 0 else { throw TestFailure("no port is free") }
        port = boundPort(descriptor)
        guard let responseCode else { return }
        Thread {
            var bytes = [UInt8](repeating: 0, count: 512)
            while true {
                var sender = sockaddr_in()
                var length = socklen_t(MemoryLayout<sockaddr_in>.size)
                let count = withUnsafeMutablePointer(to: &sender) {
                    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                        recvfrom(descriptor, &bytes, bytes.count, 0, $0, &length)
                    }
                }
                // Shutting the socket down ends the wait. Were it closed meanwhile, its number could be the next
                // server's, which would then be answered for from here.
                guard count >= 12 else {
                    close(descriptor)
                    return
                }
                bytes[2] |= 0x80
                bytes[3] = responseCode
                _ = withUnsafePointer(to: &sender) {
                    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                        sendto(descriptor, bytes, count, 0, $0, length)
                    }
                }
            }
        }.start()
    }

    package func stop() {
        shutdown(descriptor, Int32(SHUT_RDWR))
        if !answers { close(descriptor) }
    }
}

private func withAddress(_ port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    return withUnsafePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
    }
}

private func boundPort(_ descriptor: Int32) -> UInt16 {
    var address = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    withUnsafeMutablePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { _ = getsockname(descriptor, $0, &length) }
    }
    return UInt16(bigEndian: address.sin_port)
}
