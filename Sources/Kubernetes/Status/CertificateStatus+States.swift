import Deploys

extension CertificateStatus {
    /// The worst of an environment's certificates is what people must know.
    /// - Parameter healths: what the states were judged to be.
    init(of states: [CertificateState], _ healths: [CertificateHealth]) {
        let troubles = healths.flatMap(\.troubles).map(\.sentence)
        let waiting = states.filter { !$0.isReady }.compactMap { state in
            state.hosts.first.flatMap { CertificateWords.sentence($0, state, IssuanceChain()) }
        }
        if !troubles.isEmpty {
            self = .trouble(Set(troubles).sorted().joined(separator: " "))
        } else if !waiting.isEmpty {
            self = .waiting(Set(waiting).sorted().joined(separator: " "))
        } else {
            self = states.allSatisfy(\.isReady) ? .inOrder : .unknown
        }
    }
}
