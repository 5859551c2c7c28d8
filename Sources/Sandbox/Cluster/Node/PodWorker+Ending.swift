import Foundation
import JSON

/// How a pod ends by itself: its main containers have, and will not start again
/// (https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/#jobs-with-sidecar-containers).
extension PodWorker {
    /// Stops what was there for the main containers only, the last one first; then takes away all but the
    /// dead containers, whose logs may be asked for.
    func finish() async throws(EngineError) {
        guard !isTornDown else { return }
        for index in containers.indices.reversed() where containers[index].isRunning {
            let name = containers[index].plan.name
            await tell(.normal, "Killing", "Stopping container \(name)", about: index)
            stopProbes(name)
            guard let id = containers[index].containerID else { continue }
            try await context.engine.stop(id, graceSeconds: gracePeriod)
            try await settle(index)
        }
        if let holder = network {
            try await context.engine.remove(holder.containerID)
            network = nil
        }
        await context.files.remove(uid)
        isTornDown = true
    }

    var gracePeriod: Int { pod.at("spec", "terminationGracePeriodSeconds")?.int ?? 30 }
}
