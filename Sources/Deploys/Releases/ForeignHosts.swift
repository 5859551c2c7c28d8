extension Release {
    /// A host that is another registered app's own, or below it, is not for this app to take.
    func refuseHosts(of apps: [AppID], _ naming: Naming) throws(Failure) {
        let claimed = applings.flatMap { $0.claimedHosts(in: environment) }
        for app in apps where app != self.app {
            for own in EnvironmentName.all.map({ naming.host(app, appling: nil, $0) }) {
                for host in claimed where host == own || host.hasSuffix(".\(own)") {
                    throw SettingsWords.hostOfAnother(host, naming.label(app))
                }
            }
        }
    }
}
