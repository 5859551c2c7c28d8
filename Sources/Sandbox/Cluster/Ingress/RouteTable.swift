import JSON

/// Everything needed to find a pod for a request, kept up to date object by object, so that neither a change
/// nor a look-up has to go through all of them.
struct RouteTable: Sendable {
    struct Target: Sendable, Equatable {
        /// `172.17.0.4:8080`
        let address: String
    }

    enum Answer: Sendable, Equatable {
        /// All ready pods, the one whose turn it is first.
        case forward([Target], service: String)
        case redirect(host: String, status: Int)
        case noRoute
        case noPod(service: String)
    }

    private struct ServiceName: Hashable {
        let namespace: String
        let name: String
    }

    private struct Slice {
        /// Numbers on the pods, by the names of the Service's ports.
        let ports: [String: Int]
        let ready: [String]
    }

    private var routes: [String: [ObjectKey: [RouteRule]]] = [:]
    private var hostsOfRoute: [ObjectKey: [String]] = [:]
    /// RFC 3339 in UTC, so that texts sort as times do.
    private var birthOfRoute: [ObjectKey: String] = [:]
    /// Of HTTPRoutes; an Ingress needs none.
    private var parentsOfRoute: [ObjectKey: [RouteParent]] = [:]
    private var listenerSets: [ObjectKey: [Listener]] = [:]
    /// Names of the Service's ports by number.
    private var services: [ServiceName: [Int: String]] = [:]
    private var slices: [ServiceName: [ObjectKey: Slice]] = [:]
    private var serviceOfSlice: [ObjectKey: ServiceName] = [:]
    private var turns: [ServiceName: Int] = [:]

    static let kinds: [ResourceKind] = [.listenerSet, .httpRoute, .ingress, .service, .endpointSlice]

    // MARK: - Look-up

    func hasRoute(for host: String) -> Bool { rules(for: host) != nil }

    /// - Parameter path: without the query.
    mutating func find(host: String, path: String) -> Answer {
        let best = (rules(for: host) ?? [])
            .compactMap { rule in rule.fit(path).map { (fit: $0, action: rule.action) } }
            .max { $0.fit < $1.fit }
        switch best?.action {
        case nil: return .noRoute
        case .redirect(let host, let status): return .redirect(host: host, status: status)
        case .forward(let backend):
            let targets = nextTargets(backend)
            return targets.isEmpty
                ? .noPod(service: backend.service) : .forward(targets, service: backend.service)
        }
    }

    /// The host itself, then `*.` and ever fewer of its labels.
    private func rules(for host: String) -> [RouteRule]? {
        // A final dot only says that the name is complete (RFC 1034, section 3.1).
        var rest = host.hasSuffix(".") ? host.dropLast() : host[...]
        let host = rest
        if let found = attached(routes[String(rest)], host) { return oldestFirst(found) }
        while let dot = rest.firstIndex(of: ".") {
            rest = rest[rest.index(after: dot)...]
            if let found = attached(routes["*." + rest], host) { return oldestFirst(found) }
        }
        return nil
    }

    /// Those of the routes that a listener for the host lets in; nil when there is none.
    private func attached(
        _ found: [ObjectKey: [RouteRule]]?, _ host: Substring
    ) -> [ObjectKey: [RouteRule]]? {
        let attached = (found ?? [:]).filter { route in
            parentsOfRoute[route.key]?.contains { lets(in: host, $0) } ?? true
        }
        return attached.isEmpty ? nil : attached
    }

    private func lets(in host: Substring, _ parent: RouteParent) -> Bool {
        switch parent {
        case .gateway: true
        case .listenerSet(let key, let name):
            (listenerSets[key] ?? []).contains { (name == nil || $0.name == name) && $0.takes(host) }
        }
    }

    /// Of routes that fit equally well the oldest counts, then the first by its name
    /// (https://gateway-api.sigs.k8s.io/reference/spec/#httprouterule): nobody takes a host away from the app that
    /// has it.
    private func oldestFirst(_ found: [ObjectKey: [RouteRule]]) -> [RouteRule] {
        found.sorted { left, right in
            let (one, other) = (birthOfRoute[left.key] ?? "", birthOfRoute[right.key] ?? "")
            return (one, left.key.namespace, left.key.name) < (other, right.key.namespace, right.key.name)
        }.flatMap(\.value)
    }

    private mutating func nextTargets(_ backend: RouteRule.Backend) -> [Target] {
        let service = ServiceName(namespace: backend.namespace, name: backend.service)
        let portName: String? =
            switch backend.port {
            case .number(let number): services[service]?[number]
            case .name(let name): name
            }
        guard let portName else { return [] }
        let targets = (slices[service] ?? [:]).values.flatMap { slice -> [String] in
            guard let port = slice.ports[portName] else { return [] }
            return slice.ready.map { "\($0):\(port)" }
        }.sorted().map(Target.init)
        guard !targets.isEmpty else { return [] }
        let turn = (turns[service] ?? 0) % targets.count
        turns[service] = turn + 1
        return Array(targets[turn...] + targets[..<turn])
    }

    // MARK: - Changes

    /// The object as it is now, or that it is gone.
    mutating func update(_ kind: ResourceKind, _ object: JSON, isGone: Bool) {
        let key = ObjectKey(kind, namespace: object.namespace, name: object.name)
        switch kind {
        case .listenerSet: listenerSets[key] = isGone ? nil : Listener.all(of: object)
        case .httpRoute:
            setRoutes(key, isGone ? [:] : RouteReader.httpRoute(object), object)
            parentsOfRoute[key] = isGone ? nil : RouteParent.all(of: object)
        case .ingress: setRoutes(key, isGone ? [:] : RouteReader.ingress(object), object)
        case .service:
            let name = ServiceName(namespace: object.namespace, name: object.name)
            services[name] = isGone ? nil : Self.ports(object)
            if isGone { turns[name] = nil }
        case .endpointSlice: setSlice(key, isGone ? nil : object)
        default: break
        }
    }

    /// Forgets all objects of the kind, before a new list of them.
    mutating func clear(_ kind: ResourceKind) {
        switch kind {
        case .httpRoute, .ingress:
            for key in hostsOfRoute.keys where key.kind == kind { setRoutes(key, [:]) }
            if kind == .httpRoute { parentsOfRoute = [:] }
        case .listenerSet: listenerSets = [:]
        case .service: services = [:]
        case .endpointSlice:
            slices = [:]
            serviceOfSlice = [:]
        default: break
        }
    }

    private mutating func setRoutes(_ key: ObjectKey, _ byHost: [String: [RouteRule]], _ object: JSON? = nil) {
        for host in hostsOfRoute[key] ?? [] {
            routes[host]?[key] = nil
            if routes[host]?.isEmpty == true { routes[host] = nil }
        }
        hostsOfRoute[key] = byHost.isEmpty ? nil : Array(byHost.keys)
        birthOfRoute[key] = byHost.isEmpty ? nil : object?.at("metadata", "creationTimestamp")?.string
        for (host, rules) in byHost { routes[host, default: [:]][key] = rules }
    }

    private mutating func setSlice(_ key: ObjectKey, _ object: JSON?) {
        if let old = serviceOfSlice.removeValue(forKey: key) {
            slices[old]?[key] = nil
            if slices[old]?.isEmpty == true { slices[old] = nil }
        }
        guard let object, let service = object.labels[EndpointsController.serviceLabel] else { return }
        let name = ServiceName(namespace: key.namespace, name: service)
        let ports = (object["ports"]?.array ?? []).compactMap { port in
            port["port"]?.int.map { (port["name"]?.string ?? "", $0) }
        }
        let ready = (object["endpoints"]?.array ?? [])
            .filter { $0.at("conditions", "ready")?.bool == true }
            .compactMap { $0["addresses"]?[0]?.string }
        slices[name, default: [:]][key] = Slice(ports: Dictionary(ports) { $1 }, ready: ready)
        serviceOfSlice[key] = name
    }

    private static func ports(_ service: JSON) -> [Int: String] {
        let ports = (service.at("spec", "ports")?.array ?? []).compactMap { port in
            port["port"]?.int.map { ($0, port["name"]?.string ?? "") }
        }
        return Dictionary(ports) { $1 }
    }
}
