import Deploys
import Foundation
import Synchronization

/// Talks with a server on a thread of its own, again and again while it does not answer.
struct NATSTalk: Sendable {
    let limits: NATSLimits

    /// - Parameters:
    ///   - limit: for all of it, whatever the body waits for; nil for as long as a server may be silent.
    ///   - body: may block; is begun anew when the server cannot be reached.
    func run<Value: Sendable>(
        atMost limit: Duration? = nil, _ body: @escaping @Sendable (NATSInterrupt) throws(NATSError) -> Value
    ) async throws(AddOnError) -> Value {
        let (interrupt, answer) = (NATSInterrupt(), Answer<Value>())
        let end = ContinuousClock.now + (limit ?? limits.silence)
        let watch = Task {
            guard (try? await Task.sleep(until: end)) != nil else { return }
            // Looking a name up cannot be interrupted; the thread then ends by itself.
            answer.giveUp()
            interrupt.raise()
        }
        defer { watch.cancel() }
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                answer.wait(continuation)
                Thread.detachNewThread { answer.give(persist(interrupt, answer, body)) }
            }
        } onCancel: {
            answer.give(.failure(.cancelled))
            interrupt.raise()
        }
        do throws(NATSError) { return try result.get() } catch { throw error.addOnError }
    }

    /// Given once; what comes later is dropped.
    private final class Answer<Value: Sendable>: Sendable {
        private enum State {
            case empty
            case awaited(CheckedContinuation<Result<Value, NATSError>, Never>)
            case given(Result<Value, NATSError>)
        }
        private let state = Mutex(State.empty)
        /// Of the last try.
        private let trouble = Mutex(NATSError.unreachable("neither it nor a name server answers in time"))

        func wait(_ continuation: CheckedContinuation<Result<Value, NATSError>, Never>) {
            let early = state.withLock { state -> Result<Value, NATSError>? in
                if case .given(let result) = state { return result }
                state = .awaited(continuation)
                return nil
            }
            if let early { continuation.resume(returning: early) }
        }

        func give(_ result: Result<Value, NATSError>) {
            let waiting = state.withLock { state -> CheckedContinuation<Result<Value, NATSError>, Never>? in
                defer { if case .given = state {} else { state = .given(result) } }
                guard case .awaited(let continuation) = state else { return nil }
                return continuation
            }
            waiting?.resume(returning: result)
        }

        func note(_ error: NATSError) { trouble.withLock { $0 = error } }
        func giveUp() { give(.failure(trouble.withLock { $0 })) }
    }

    private func persist<Value>(
        _ interrupt: NATSInterrupt, _ answer: Answer<Value>, _ body: (NATSInterrupt) throws(NATSError) -> Value
    ) -> Result<Value, NATSError> {
        let deadline = ContinuousClock.now + limits.silence
        while true {
            do throws(NATSError) { return .success(try body(interrupt)) } catch {
                guard case .unreachable = error, .now + limits.pause < deadline else { return .failure(error) }
                answer.note(error)
            }
            if interrupt.wait(for: limits.pause) { return .failure(.cancelled) }
        }
    }
}

extension NATSError {
    fileprivate var addOnError: AddOnError {
        switch self {
        case .unreachable(let reason): .unreachable("The NATS server does not answer: \(reason).")
        case .unauthorized:
            .refused(
                "The NATS server does not take the credentials with which Iterapp makes accounts.",
                advice: "Ask the operator of Iterapp to look at ITERAPP_NATS_SYSTEM_CREDENTIALS_FILE.")
        case .untrusted(let reason):
            .refused(
                "The NATS server is not trusted: \(reason).",
                advice: "Ask the operator of Iterapp to look at its certificate and ITERAPP_NATS_CA_FILE.")
        case .failed(let reason):
            .refused(
                "The NATS server cannot be used: \(reason).", advice: "Ask the operator of Iterapp to look at it.")
        case .noResponders:
            .refused(
                "The NATS server keeps no accounts: it has no resolver of the type `full`, or Iterapp is no user of "
                    + "its system account.", advice: "Ask the operator of Iterapp to look at its configuration.")
        case .otherOperator:
            .refused(
                "The NATS server does not let the account's user in: it trusts another operator than Iterapp's.",
                advice: "Ask the operator of Iterapp to look at ITERAPP_NATS_OPERATOR_SEED_FILE.")
        case .revokedUser:
            .refused(
                "The NATS server turns the account's user away: it is older than the last one that was made. "
                    + "The clock may have been set back.",
                advice: "Delete the Secret with its credentials, and deploy again: there will be a new user.")
        case .cancelled: .cancelled
        }
    }
}
