/// Why a server could not be started.
package enum HTTPServerError: Error, Sendable, Equatable, CustomStringConvertible {
    case addressTaken(address: String)
    case notPermitted(address: String)
    case unknownHost(host: String, reason: String)
    case cannotListen(address: String, reason: String)
    case noDescriptors(reason: String)
    case alreadyStarted

    package var description: String {
        switch self {
        case .addressTaken(let address):
            "Cannot listen on \(address): the address is taken. Stop the program that listens there "
                + "(`ss -ltnp` names it) or choose another port."
        case .notPermitted(let address):
            "Cannot listen on \(address): not permitted. Ports below 1024 need root or the capability "
                + "CAP_NET_BIND_SERVICE; choose a port above."
        case .unknownHost(let host, let reason):
            "Cannot listen on `\(host)`: \(reason). Give an address of this machine, such as "
                + "127.0.0.1, 0.0.0.0 or ::1."
        case .cannotListen(let address, let reason):
            "Cannot listen on \(address): \(reason). Give an address of this machine, such as "
                + "127.0.0.1, 0.0.0.0 or ::1."
        case .noDescriptors(let reason):
            "Cannot start the HTTP server: \(reason). Raise the limit of open files (`ulimit -n`)."
        case .alreadyStarted:
            "This server was started before; make a new one to start again."
        }
    }
}
