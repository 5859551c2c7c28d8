import JSON

/// What the cluster gives an object when it is created: addresses, ports, and a job's own labels.
enum Allocation {
    /// 10.96.0.0/12 is what kubeadm gives services; the first addresses are left to the cluster itself.
    static let serviceAddresses = 10..<65_000
    static let nodePorts = 30_000...32_767

    /// - Parameter others: the services that are there.
    static func service(_ service: JSON, live: JSON?, others: [JSON]) -> JSON {
        var service = service
        guard let type = service.at("spec", "type")?.string, type != "ExternalName" else { return service }
        if (service.at("spec", "clusterIP")?.string ?? "").isEmpty {
            let taken = Set(others.compactMap { $0.at("spec", "clusterIP")?.string })
            let address =
                live?.at("spec", "clusterIP")?.string
                ?? serviceAddresses.lazy.map { "10.96.\($0 / 256).\($0 % 256)" }.first { !taken.contains($0) }
            service.set(address.map(JSON.string), at: "spec", "clusterIP")
        }
        service.set(service.at("spec", "clusterIP").map { [$0] }, at: "spec", "clusterIPs")
        if type == "NodePort" || type == "LoadBalancer" {
            giveNodePorts(&service, live: live, others: others)
        }
        return service
    }

    private static func giveNodePorts(_ service: inout JSON, live: JSON?, others: [JSON]) {
        func ports(_ service: JSON) -> [JSON] { service.at("spec", "ports")?.array ?? [] }
        var taken = Set(others.flatMap(ports).compactMap { $0["nodePort"]?.int })
        let given = ports(service).map { port in
            var port = port
            guard (port["nodePort"]?.int ?? 0) == 0 else { return port }
            let earlier = live.map(ports)?.first {
                $0["port"] == port["port"] && $0["protocol"] == port["protocol"]
            }
            let number = earlier?["nodePort"]?.int ?? nodePorts.first { !taken.contains($0) }
            if let number { taken.insert(number) }
            port["nodePort"] = number.map(JSON.int)
            return port
        }
        service.set(.array(given), at: "spec", "ports")
    }

    static let jobUIDLabel = "batch.kubernetes.io/controller-uid"
    static let jobNameLabel = "batch.kubernetes.io/job-name"

    /// A job finds its pods by its uid
    /// (https://kubernetes.io/docs/concepts/workloads/controllers/job/#specifying-your-own-pod-selector).
    static func job(_ job: JSON) -> JSON {
        guard job.at("spec", "manualSelector")?.bool != true else { return job }
        var job = job
        let own: [String: JSON] = [
            jobUIDLabel: .string(job.uid), "controller-uid": .string(job.uid),
            jobNameLabel: .string(job.name), "job-name": .string(job.name),
        ]
        let template = ["spec", "template", "metadata", "labels"]
        let labels = (job.value(at: template)?.object ?? [:]).merging(own) { _, new in new }
        job.set(.object(labels), at: template[...])
        // A job without labels of its own carries its template's.
        if job.labels.isEmpty { job.set(.object(labels), at: "metadata", "labels") }
        // A selector of the writer's own stays: the rules refuse it.
        job.set(.string(job.uid), at: "spec", "selector", "matchLabels", jobUIDLabel)
        return job
    }
}
