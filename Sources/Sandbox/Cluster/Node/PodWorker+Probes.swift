import Foundation
import JSON

/// Whether a pod's containers have started, are ready and still live.
extension PodWorker {
    /// Of a container that runs: the startup probe first, the others when that has succeeded.
    func startProbes(_ index: Int) {
        guard let address, let id = containers[index].containerID else { return }
        let plan = containers[index].plan
        stopProbes(plan.name)
        let wanted: [(ProbePlan.Kind, ProbePlan?)] =
            containers[index].isStarted
            ? [(.readiness, plan.readiness), (.liveness, plan.liveness)] : [(.startup, plan.startup)]
        probes[plan.name] = wanted.compactMap { kind, probe in
            guard let probe else { return nil }
            let runner = ProbeRunner(
                kind: kind, plan: probe, address: address, containerID: id, http: context.http,
                engine: context.engine, eagerInterval: context.settings.eagerProbeInterval)
            return Task {
                await runner.run { failure in
                    await tell(
                        .warning, "Unhealthy", "\(kind.rawValue) probe failed: \(failure)", about: index)
                } onVerdict: { isGood in
                    await probed(kind, containerID: id, isGood: isGood)
                }
            }
        }
    }

    private func probed(_ kind: ProbePlan.Kind, containerID: String, isGood: Bool) {
        guard let index = containers.firstIndex(where: { $0.containerID == containerID }),
            containers[index].isRunning
        else { return }
        switch kind {
        case .readiness:
            guard containers[index].isReady != isGood else { return }
            containers[index].isReady = isGood
        case .startup where isGood:
            guard !containers[index].isStarted else { return }
            containers[index].isStarted = true
            containers[index].isReady = containers[index].plan.readiness == nil
            startProbes(index)
        case .startup, .liveness:
            guard !isGood, containers[index].restartWanted == nil else { return }
            containers[index].restartWanted = "failed \(kind.rawValue.lowercased()) probe"
        }
        poke()
    }

    func resumeProbes() {
        for (index, record) in containers.enumerated() where record.isRunning && !record.needsInspection {
            startProbes(index)
        }
    }

    func stopProbes(_ name: String? = nil) {
        for (container, tasks) in probes where name == nil || container == name {
            for task in tasks { task.cancel() }
            probes[container] = nil
        }
    }
}
