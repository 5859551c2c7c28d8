import Foundation

/// Gets one appling's image: builds it, unless nothing that it is made of has changed.
struct ApplingStep: Sendable {
    let ports: Ports
    let board: ProgressBoard
    /// Somebody asked for a build, whatever was built before.
    let buildsAnyway: Bool

    /// What came of it.
    struct Outcome: Sendable {
        let result: Result<ImageReference, BuildError>
        /// Of the log of one that failed; 0 when there is no log.
        let logLines: Int
    }

    func run(_ request: ImageRequest) async -> Outcome {
        let name = request.appling ?? ""
        board.set(name, .building)
        let log = openLog(request)
        let lines = LockedValue(0)
        defer { log?.close() }
        let secrets = SecretLines(request.secrets)
        let fingerprint = await ports.builder.fingerprint(of: request)
        if let kept = await unchanged(request, fingerprint) {
            for line in UnchangedWords.lines(kept) { log?.write(line) }
            board.setUnchanged(name, since: kept.build)
            return Outcome(result: .success(kept.image), logLines: 0)
        }
        do throws(BuildError) {
            let image = try await ports.builder.build(request) { line in
                log?.write(secrets.masked(line))
                lines.with { $0 += 1 }
            } onSteps: {
                board.set(name, $0)
            }
            board.set(name, .done)
            await keep(image, request, fingerprint)
            return Outcome(result: .success(image), logLines: 0)
        } catch {
            board.set(name, .failed)
            let isKept = log != nil && error != .cancelled
            return Outcome(result: .failure(secrets.masked(error)), logLines: isKept ? lines.with { $0 } : 0)
        }
    }

    private func unchanged(_ request: ImageRequest, _ fingerprint: BuildFingerprint?) async -> KeptImage? {
        guard !buildsAnyway, let fingerprint else { return nil }
        // A journal that does not tell is no reason to fail: the image is made anew.
        let kept = try? await ports.journal.keptImage(of: request.app, appling: request.appling, fingerprint)
        guard let kept, await ports.builder.has(kept.image) == true else { return nil }
        return kept
    }

    private func keep(_ image: ImageReference, _ request: ImageRequest, _ fingerprint: BuildFingerprint?) async {
        guard let fingerprint else { return }
        let kept = KeptImage(
            app: request.app, appling: request.appling, fingerprint: fingerprint, image: image,
            build: request.buildNumber)
        do throws(JournalError) { try await ports.journal.keep(kept) } catch {
            ports.log.warning(
                "the image of build \(request.buildNumber) of \(request.app.key) is not remembered: \(error)")
        }
    }

    /// Nil when it can't be written: no build fails for its log.
    private func openLog(_ request: ImageRequest) -> (any BuildLogWriter)? {
        do {
            return try ports.buildLogs.open(
                app: request.app, build: request.buildNumber, appling: request.appling)
        } catch {
            ports.log.warning("build \(request.buildNumber) of \(request.app.key) goes on without a log: \(error)")
            return nil
        }
    }
}
