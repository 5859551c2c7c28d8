import Foundation
import HTTP

/// Makes one probe of one run of a container, again and again, until its task is cancelled.
struct ProbeRunner: Sendable {
    let kind: ProbePlan.Kind
    let plan: ProbePlan
    let address: String
    let containerID: String
    let http: HTTPClient
    let engine: DockerEngineClient
    let eagerInterval: Duration

    /// A process needs a moment until it listens; failures count from then on.
    static let startAllowance = Duration.seconds(1)
    /// The most that an event says of what a command wrote.
    static let maxOutputCharacters = 1_000

    /// - Parameters:
    ///   - onFailure: a failure that counts, in the kubelet's words.
    ///   - onVerdict: each outcome that reaches its threshold; the same as before, mostly.
    func run(
        onFailure: @Sendable (String) async -> Void, onVerdict: @Sendable (Bool) async -> Void
    ) async {
        let clock = ContinuousClock()
        var counter = ProbeCounter(
            successThreshold: plan.successThreshold, failureThreshold: plan.failureThreshold)
        var isEager = kind != .liveness
        guard (try? await clock.sleep(for: plan.initialDelay)) != nil else { return }
        var countFrom = clock.now + (isEager ? min(Self.startAllowance, plan.period) : .zero)
        while !Task.isCancelled {
            let begin = clock.now
            let failure = await attempt()
            guard !Task.isCancelled else { return }
            if let failure {
                if begin >= countFrom {
                    countFrom = begin + plan.period
                    await onFailure(failure)
                    if let verdict = counter.add(success: false) { await onVerdict(verdict) }
                }
            } else {
                isEager = false
                if let verdict = counter.add(success: true) { await onVerdict(verdict) }
            }
            let pause = isEager ? min(eagerInterval, plan.period) : plan.period
            guard (try? await clock.sleep(until: begin + pause)) != nil else { return }
        }
    }

    /// Nil when all is well; else what happened instead.
    func attempt() async -> String? {
        switch plan.handler {
        case .http(let get): await attempt(get)
        case .exec(let command): await attempt(command)
        case .tcp(let port): await TCPDial(address: address, port: port).attempt(timeout: plan.timeout)
        }
    }

    /// A status from 200 to 399.
    private func attempt(_ get: ProbePlan.HTTPGet) async -> String? {
        let host = "\(address):\(get.port)"
        let url = "http://\(host)\(get.path)"
        // A connection of its own each time: one from before says little about now.
        var headers: HTTPHeaders = [
            "User-Agent": "kube-probe/1.36", "Accept": "*/*", "Connection": "close",
        ]
        for header in get.headers { headers[header.name] = header.value }
        let request = HTTPClientRequest(
            "GET", url, headers: headers, timeout: plan.timeout, connectTo: host)
        do throws(HTTPClientError) {
            // Only the head matters, so the body is not waited for.
            let status = try await http.open(request).status
            return (200..<400).contains(status) ? nil : "HTTP probe failed with statuscode: \(status)"
        } catch {
            return "Get \"\(url)\": " + Self.words(error, host: host)
        }
    }

    /// Exit code 0.
    private func attempt(_ command: [String]) async -> String? {
        do throws(EngineError) {
            let result = try await engine.execute(command, in: containerID, timeout: plan.timeout)
            return result.exitCode == 0 ? nil : String(result.output.prefix(Self.maxOutputCharacters))
        } catch .timedOut {
            let seconds = BackOff.text(Double(plan.timeout.components.seconds))
            return "command timed out: \"\(command.joined(separator: " "))\" timed out after \(seconds)"
        } catch {
            return "\(error)"
        }
    }

    private static func words(_ error: HTTPClientError, host: String) -> String {
        switch error {
        case .cannotConnect(let reason):
            // Of "172.17.0.2:8080: Connection refused" what comes last is why.
            "dial tcp \(host): connect: \(reason.split(separator: ": ").last?.lowercased() ?? reason)"
        case .timedOut:
            "context deadline exceeded (Client.Timeout exceeded while awaiting headers)"
        case .broken(let reason), .untrusted(let reason): reason
        case .cannotResolve(let name): "dial tcp: lookup \(name): no such host"
        case .bodyTooLarge, .cancelled: "context canceled"
        }
    }
}
