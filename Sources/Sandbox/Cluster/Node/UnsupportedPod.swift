import JSON

/// What the demo's node cannot do. Saying so is better than running something else than what was asked for.
enum UnsupportedPod {
    private static let volumes: Set<String> = ["secret", "configMap", "emptyDir", "projected"]
    private static let projections: Set<String> = ["secret", "configMap"]

    static func reason(_ pod: JSON) -> String? {
        let spec = pod["spec"] ?? [:]
        let problem = volumeProblem(spec) ?? ContainerPlan.all(of: pod).lazy.compactMap(problem).first
        if spec["hostNetwork"]?.bool == true { return sentence("it asks for the host's network") }
        return problem.map(sentence)
    }

    private static func sentence(_ problem: String) -> String {
        "the demo's node cannot run this pod: \(problem)"
    }

    private static func volumeProblem(_ spec: JSON) -> String? {
        for volume in spec["volumes"]?.array ?? [] {
            let name = volume["name"]?.string ?? ""
            if let kind = foreign(volume, volumes.union(["name"])) {
                return "the volume \"\(name)\" is a \(kind)"
            }
            for source in volume.at("projected", "sources")?.array ?? [] {
                if let kind = foreign(source, projections) {
                    return "the volume \"\(name)\" projects a \(kind)"
                }
            }
        }
        return nil
    }

    private static func foreign(_ json: JSON, _ known: Set<String>) -> String? {
        (json.object ?? [:]).keys.filter { !known.contains($0) }.min()
    }

    private static func problem(_ container: ContainerPlan) -> String? {
        let (json, name) = (container.json, container.name)
        for key in ["startupProbe", "readinessProbe", "livenessProbe"] {
            guard let probe = json[key], ProbePlan(probe, container: json) == nil else { continue }
            return probe["grpc"] != nil
                ? "the \(key) of container \"\(name)\" speaks gRPC"
                : "the \(key) of container \"\(name)\" names no port of it, or asks for HTTPS"
        }
        let hooks = json["lifecycle"]
        if hooks?["postStart"] != nil || hooks?["preStop"].map({ ContainerPlan.Hook($0) == nil }) ?? false {
            return "container \"\(name)\" has lifecycle hooks other than a preStop with exec or sleep"
        }
        let paths = (json["volumeMounts"]?.array ?? []).compactMap { $0["subPathExpr"]?.string }
        return paths.contains { !$0.isEmpty } ? "container \"\(name)\" mounts a subPathExpr" : nil
    }
}
