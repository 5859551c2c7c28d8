import Foundation
import JSON

/// Finding a container's image, or saying why it is not there.
extension PodWorker {
    /// Nil when the container has to wait; its state says for what.
    func findImage(_ index: Int) async throws(EngineError) -> EngineImage? {
        let plan = containers[index].plan
        let reference: ImageReference
        do throws(InvalidImageName) {
            reference = try ImageReference(plan.image)
        } catch {
            containers[index].state = .waiting(reason: "InvalidImageName", message: error.message)
            containers[index].nextAttempt = .distantFuture
            await tell(.warning, "InspectFailed", error.message, about: index)
            await tell(.warning, "Failed", "Error: InvalidImageName", about: index)
            return nil
        }
        if !(plan.alwaysPulls && reference.hasRegistryHost) {
            do {
                let image = try await context.engine.image(reference.tagged)
                containers[index].imageBackOff = context.settings.backOff
                await tell(
                    .normal, "Pulled",
                    "Container image \"\(plan.image)\" already present on machine and can be accessed "
                        + "by the pod",
                    about: index)
                return image
            } catch EngineError.notFound where context.images.isOwn(reference.tagged) {
                return try await makeOwn(index, reference)
            } catch EngineError.notFound(let message) {
                guard reference.hasRegistryHost, !plan.neverPulls else {
                    await imageMissing(index, message)
                    return nil
                }
            }
        }
        return try await pull(index, reference)
    }

    private func pull(_ index: Int, _ reference: ImageReference) async throws(EngineError) -> EngineImage? {
        let image = containers[index].plan.image
        let begin = context.now()
        await tell(.normal, "Pulling", "Pulling image \"\(image)\"", about: index)
        do {
            try await fetch(reference)
            let found = try await context.engine.image(reference.tagged)
            let duration = BackOff.text(context.now().timeIntervalSince(begin))
            await tell(
                .normal, "Pulled",
                "Successfully pulled image \"\(image)\" in \(duration) (\(duration) including waiting).",
                about: index)
            return found
        } catch {
            guard let message = error.aboutOneContainer else { throw error }
            await imageMissing(index, message)
            return nil
        }
    }

    /// Of a program of this machine: no registry has it.
    private func makeOwn(_ index: Int, _ reference: ImageReference) async throws(EngineError) -> EngineImage?
    {
        let doing = "Making the image \"\(reference.text)\" of a program of this machine"
        await tell(.normal, "Pulling", doing, about: index)
        do throws(OwnImages.Failure) {
            try await context.images.makeProgram(reference.tagged)
        } catch {
            await imageMissing(index, error.description)
            return nil
        }
        return try await context.engine.image(reference.tagged)
    }

    private func imageMissing(_ index: Int, _ message: String) async {
        let image = containers[index].plan.image
        if containers[index].plan.neverPulls {
            let message = "Container image \"\(image)\" is not present with pull policy of Never"
            await tell(.warning, "ErrImageNeverPull", message, about: index)
            await refuse(
                index, "ErrImageNeverPull", message, retryAfter: context.settings.configurationRetry)
            return
        }
        await tell(.warning, "Failed", "Failed to pull image \"\(image)\": \(message)", about: index)
        await tell(.warning, "Failed", "Error: ErrImagePull", about: index)
        let now = context.now()
        containers[index].imageBackOff.step(at: now)
        let delay = containers[index].imageBackOff.delay
        containers[index].imageRetry = now.addingTimeInterval(delay)
        // In between the state changes once, to `ImagePullBackOff`.
        containers[index].nextAttempt = now.addingTimeInterval(delay / 2)
        containers[index].state = .waiting(reason: "ErrImagePull", message: message)
    }

    /// The second half of the wait for an image.
    func noteImageBackOff(_ index: Int) async -> Bool {
        guard case .waiting("ErrImagePull", let message) = containers[index].state,
            let retry = containers[index].imageRetry
        else { return false }
        let image = containers[index].plan.image
        let text = "Back-off pulling image \"\(image)\""
        containers[index].state = .waiting(
            reason: "ImagePullBackOff", message: "\(text): ErrImagePull: \(message ?? "")")
        containers[index].nextAttempt = retry
        await tell(.normal, "BackOff", text, about: index)
        await tell(.warning, "Failed", "Error: ImagePullBackOff", about: index)
        return true
    }
}
