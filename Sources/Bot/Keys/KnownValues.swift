import Deploys
import Kubernetes

/// Finds once what must be read nowhere: the mask is in no file, so that after a restart it knows nothing of what runs.
struct KnownValues: Sendable {
    /// For so long, others wait for it at most. What a deploy puts in place, it finds by itself.
    static let maxHoldUp = Duration.seconds(10)
    /// Between looks when nobody answered.
    static let outagePause = Duration.seconds(2)
    /// Between looks when something is not ours to read: somebody has to change that first.
    static let refusalPause = Duration.seconds(60)

    private let journal: any Journal
    private let cluster: Reconciler
    private let addOns: AddOnSecretList
    private let mask: SecretMask
    private let log: Log

    init(_ journal: any Journal, _ cluster: Reconciler, addOns: AddOnSecretList, mask: SecretMask, log: Log) {
        self.journal = journal
        self.cluster = cluster
        self.addOns = addOns
        self.mask = mask
        self.log = log
    }

    private struct Trouble {
        let sentence: String
        let isOutage: Bool
    }

    /// Returns when all is known, or when the task is cancelled.
    /// - Parameter onSettled: called once, when all is known that can be had.
    func find(onSettled: @Sendable () -> Void) async {
        var isSettled = false
        var told: String?
        while !Task.isCancelled {
            let trouble = await findAll()
            if trouble?.isOutage != true, !isSettled {
                isSettled = true
                onSettled()
            }
            guard let trouble else {
                if told != nil { log.info("all passwords of apps are hidden now") }
                return
            }
            if trouble.sentence != told, !Task.isCancelled {
                told = trouble.sentence
                log.warning("passwords of apps may show in messages and logs until this works: \(trouble.sentence)")
            }
            try? await Task.sleep(for: trouble.isOutage ? Self.outagePause : Self.refusalPause)
        }
    }

    /// - Returns: what stands in the way of something; nil when nothing does.
    private func findAll() async -> Trouble? {
        var refusal: Trouble?
        do throws(KubernetesError) { mask.learn(try await addOns.passwords()) } catch {
            let trouble = Trouble(sentence: error.sentence, isOutage: error.mayPass)
            guard !trouble.isOutage else { return trouble }
            refusal = trouble
        }
        do throws(JournalError) {
            for app in try await journal.apps() {
                for environment in EnvironmentName.all {
                    guard let state = try await journal.desiredState(of: app.id, in: environment) else { continue }
                    let trouble = await open(state.plan)
                    if trouble?.isOutage == true { return trouble }
                    refusal = refusal ?? trouble
                }
            }
        } catch { return refusal ?? Trouble(sentence: error.description, isOutage: false) }
        return refusal
    }

    private func open(_ plan: ClusterPlan) async -> Trouble? {
        do throws(RollOutError) {
            try await cluster.openSecrets(of: plan)
            return nil
        } catch {
            if case .unreachable(let sentence) = error { return Trouble(sentence: sentence, isOutage: true) }
            return Trouble(sentence: "\(plan.namespace): \(error.sentence)", isOutage: false)
        }
    }
}
