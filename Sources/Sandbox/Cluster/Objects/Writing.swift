import JSON

/// What a write is about; the rest of the object stays as it is.
package enum WriteScope: String, Sendable, Equatable {
    case object = ""
    case status = "status"
    /// The number of replicas alone.
    case scale = "scale"
}

/// How a write is treated beyond what the store always does.
struct WriteRules {
    /// Refuse what Kubernetes refuses. The cluster's own parts are trusted.
    var isChecked = false
    /// Server-side apply: `managedFields` are those that the writer has worked out.
    var isApply = false
    /// Do everything, then undo it.
    var isDryRun = false
    /// Who is behind the write; nil for the cluster's own parts.
    var caller: Caller?
    /// What `make` gives for a new object has its defaults and was found right: both take time that writes of
    /// others need not wait for.
    var isPrepared = false
}

extension ObjectStore {
    /// Creates an object. Its `metadata` needs a name (or a `generateName`) and, for namespaced kinds, a
    /// namespace.
    /// - Throws: 409 `AlreadyExists`; 404 when its namespace does not exist; 403 when that is being
    ///   terminated.
    @discardableResult
    package func create(_ kind: ResourceKind, _ object: JSON, by manager: String) throws(APIError) -> JSON {
        try create(kind, object, by: manager, WriteRules())
    }

    func create(
        _ kind: ResourceKind, _ object: JSON, by manager: String, _ rules: WriteRules
    ) throws(APIError) -> JSON {
        var object = object
        if object.name.isEmpty, let prefix = object.at("metadata", "generateName")?.string {
            object.set(.string(generatedName(prefix)), at: "metadata", "name")
        }
        let key = ObjectKey(kind, namespace: object.namespace, name: object.name)
        return try write(key, by: manager, rules) { live throws(APIError) in
            guard live == nil else { throw .alreadyExists(kind, key.name) }
            return object
        }
    }

    /// Replaces everything but the status. A `resourceVersion` in `object` must be the current one.
    @discardableResult
    package func update(_ kind: ResourceKind, _ object: JSON, by manager: String) throws(APIError) -> JSON {
        try replace(kind, object, scope: .object, by: manager)
    }

    /// Replaces the status (and the annotations). A `resourceVersion` in `object` must be the current one.
    @discardableResult
    package func updateStatus(
        _ kind: ResourceKind, _ object: JSON, by manager: String
    ) throws(APIError) -> JSON {
        try replace(kind, object, scope: .status, by: manager)
    }

    private func replace(
        _ kind: ResourceKind, _ object: JSON, scope: WriteScope, by manager: String
    ) throws(APIError) -> JSON {
        let key = ObjectKey(kind, namespace: object.namespace, name: object.name)
        return try write(key, scope: scope, by: manager) { live throws(APIError) in
            guard let live else { throw .notFound(kind, key.name) }
            guard object.resourceVersion == 0 || object.resourceVersion == live.resourceVersion else {
                throw .stale(kind, key.name)
            }
            return object
        }
    }

    /// Reads, changes and writes an object in one step, so that nothing comes between.
    /// - Returns: the object as it is afterwards; when `change` changed nothing, nothing was written.
    @discardableResult
    package func modify(
        _ kind: ResourceKind, namespace: String = "", name: String, scope: WriteScope = .object,
        by manager: String, _ change: @Sendable (inout JSON) -> Void
    ) throws(APIError) -> JSON {
        let key = ObjectKey(kind, namespace: namespace, name: name)
        return try write(key, scope: scope, by: manager) { live throws(APIError) in
            guard var object = live else { throw .notFound(kind, name) }
            change(&object)
            return object
        }
    }

    /// Writes an object again and again, as a controller gone mad does: as many events as times.
    package func burst(
        _ kind: ResourceKind, namespace: String = "", name: String, times: Int
    ) throws(APIError) {
        let key = ObjectKey(kind, namespace: namespace, name: name)
        try transact { () throws(APIError) in
            guard var object = object(key) else { throw .notFound(kind, name) }
            for number in 1...max(1, times) {
                object.set(.string(String(number)), at: "metadata", "annotations", "burst")
                put(object, at: key)
            }
        }
    }

    /// The one way in for every write.
    ///
    /// - Parameters:
    ///   - rules: what else happens to the object on its way in.
    ///   - make: from the object as it is (nil when there is none) to the one wanted.
    func write(
        _ key: ObjectKey, scope: WriteScope = .object, by manager: String, _ rules: WriteRules = WriteRules(),
        _ make: (JSON?) throws(APIError) -> JSON
    ) throws(APIError) -> JSON {
        try writeTellingCreation(key, scope: scope, by: manager, rules, make).object
    }

    /// Also tells whether the object is new.
    func writeTellingCreation(
        _ key: ObjectKey, scope: WriteScope, by manager: String, _ rules: WriteRules,
        _ make: (JSON?) throws(APIError) -> JSON
    ) throws(APIError) -> (object: JSON, isNew: Bool) {
        try transact(dryRun: rules.isDryRun) { () throws(APIError) in
            let live = object(key)
            let wanted = try make(live)
            guard let live else {
                var object = try insert(wanted, at: key, by: manager, rules)
                if rules.isDryRun { object.set(nil, at: "metadata", "resourceVersion") }
                return (object, true)
            }
            var object = try renew(live, with: wanted, scope, at: key, by: manager, rules)
            // Nothing was written, so there is no new version to name.
            if rules.isDryRun {
                object.set(live.at("metadata", "resourceVersion"), at: "metadata", "resourceVersion")
            }
            return (object, false)
        }
    }

    private func insert(
        _ wanted: JSON, at key: ObjectKey, by manager: String, _ rules: WriteRules
    ) throws(APIError) -> JSON {
        if rules.isApply, let caller = rules.caller { try checkMayCreate(key, caller) }
        try checkNamespace(of: key)
        var object = wanted
        object["apiVersion"] = .string(key.kind.apiVersion)
        object["kind"] = .string(key.kind.kind)
        object.set(.string(key.name), at: "metadata", "name")
        object.set(key.kind.isNamespaced ? .string(key.namespace) : nil, at: "metadata", "namespace")
        object.set(.string(makeUID()), at: "metadata", "uid")
        object.set(.string(timestamp), at: "metadata", "creationTimestamp")
        object.set(key.kind.hasGeneration ? 1 : nil, at: "metadata", "generation")
        for field in ["deletionTimestamp", "deletionGracePeriodSeconds", "resourceVersion"] {
            object.set(nil, at: "metadata", field)
        }
        if !rules.isPrepared {
            object = try admit(object, replacing: nil, .object, at: key, by: manager, rules)
        } else if let caller = rules.caller {
            try checkEscalation(object, at: key, caller)
        }
        try admitNew(&object, at: key)
        object = put(object, at: key)
        if key.kind == .event { dropOldEvents() }
        collectIfOrphaned(key)
        return object
    }

    /// Defaults, what the cluster itself gives, the rules, and who wrote what.
    private func admit(
        _ wanted: JSON, replacing live: JSON?, _ scope: WriteScope, at key: ObjectKey, by manager: String,
        _ rules: WriteRules
    ) throws(APIError) -> JSON {
        var object = wanted
        if scope != .status {
            object = Defaults.fill(object, key.kind)
            if key.kind == .service {
                let others = objects[.service]?.filter { $0.key != key }.map(\.value) ?? []
                object = Allocation.service(object, live: live, others: others)
            }
            if key.kind == .job, live == nil { object = Allocation.job(object) }
            let errors = rules.isChecked ? Validation.errors(in: object, replacing: live, key.kind) : []
            if !errors.isEmpty { throw .invalid(key.kind, key.name, errors) }
            if let caller = rules.caller { try checkEscalation(object, at: key, caller) }
        }
        if rules.isApply { return object }
        return ManagedFields.track(object, from: live, key.kind, scope, by: manager, time: timestamp)
    }

    private func checkNamespace(of key: ObjectKey) throws(APIError) {
        guard key.kind.isNamespaced else { return }
        let namespace = ObjectKey(.namespace, namespace: "", name: key.namespace)
        guard let namespace = object(namespace) else { throw .notFound(.namespace, key.namespace) }
        if namespace.isBeingDeleted {
            throw .namespaceTerminating(key.kind, key.name, namespace: key.namespace)
        }
    }

    private func renew(
        _ live: JSON, with wanted: JSON, _ scope: WriteScope, at key: ObjectKey, by manager: String,
        _ rules: WriteRules
    ) throws(APIError) -> JSON {
        var object = scope == .status ? live : wanted
        if scope == .status {
            object["status"] = wanted["status"]
            object.set(wanted.at("metadata", "annotations"), at: "metadata", "annotations")
            object.set(wanted.at("metadata", "managedFields"), at: "metadata", "managedFields")
        } else if key.kind.hasStatus {
            object["status"] = live["status"]
        }
        for field in Self.ownMetadata {
            object.set(live.at("metadata", field), at: "metadata", field)
        }
        object["apiVersion"] = live["apiVersion"]
        object["kind"] = live["kind"]
        object = try admit(object, replacing: live, scope, at: key, by: manager, rules)
        if key.kind.hasGeneration, Self.spec(of: object) != Self.spec(of: live) {
            object.set(.int(live.generation + 1), at: "metadata", "generation")
        }
        if object.isBeingDeleted, object.finalizers.isEmpty, !live.finalizers.isEmpty {
            remove(key)
            return object
        }
        return object.withoutTimesOfClaims == live.withoutTimesOfClaims ? live : put(object, at: key)
    }

    /// Metadata that only the store sets.
    private static let ownMetadata = [
        "name", "namespace", "uid", "resourceVersion", "generation", "creationTimestamp",
        "deletionTimestamp", "deletionGracePeriodSeconds", "generateName",
    ]

    /// What `metadata.generation` counts the changes of.
    private static func spec(of object: JSON) -> JSON {
        var object = object
        object["metadata"] = nil
        object["status"] = nil
        return object
    }

    /// Five characters that cannot spell words, as Kubernetes' own generator makes them.
    private func generatedName(_ prefix: String) -> String {
        let alphabet = Array("bcdfghjklmnpqrstvwxz2456789")
        // A uid is as random as a name needs to be, and tests hand in their own.
        let digits = makeUID().filter(\.isHexDigit).compactMap(\.hexDigitValue)
        let suffix = (0..<5).map { place in
            let pair = digits.dropFirst(place * 2).prefix(2)
            return alphabet[pair.reduce(0) { $0 * 16 + $1 } % alphabet.count]
        }
        return String(prefix.prefix(58)) + String(suffix)
    }

    private func dropOldEvents() {
        guard let events = objects[.event] else { return }
        // RFC 3339 times in UTC sort as text.
        let oldest = Self.timestamp(now().addingTimeInterval(-Self.maxEventAgeSeconds))
        func age(_ event: JSON) -> String {
            event["lastTimestamp"]?.string ?? event.at("metadata", "creationTimestamp")?.string ?? ""
        }
        for (key, event) in events where age(event) < oldest { take(key) }
        guard let left = objects[.event], left.count > Self.maxEvents else { return }
        for (key, _) in left.sorted(by: { age($0.value) < age($1.value) }).prefix(left.count - Self.maxEvents)
        {
            take(key)
        }
    }
}
