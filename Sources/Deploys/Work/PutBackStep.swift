/// Brings back the release that was live before.
struct PutBackStep: Sendable {
    let ports: Ports

    struct Outcome {
        let isInPlace: Bool
        /// What became of the environment.
        let sentence: String
    }

    func run(_ before: DesiredState, _ story: Story) async throws -> Outcome {
        let number = before.release
        await story.beginUndoing()
        let error = try await story.following { report -> RollOutError? in
            report(.puttingBack(release: number, ready: 0, wanted: 0))
            do throws(RollOutError) {
                _ = try await ports.cluster.putBack(before.plan) {
                    report(.puttingBack(release: number, ready: $0.ready, wanted: $0.wanted))
                }
                return nil
            } catch {
                return error
            }
        }
        switch error {
        case nil:
            return Outcome(isInPlace: true, sentence: LifecycleWords.putBack(number))
        case .cancelled:
            throw CancellationError()
        case .some(let error):
            return Outcome(isInPlace: false, sentence: LifecycleWords.notPutBack(number, error.sentence))
        }
    }
}
