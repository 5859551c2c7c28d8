import AppFile

extension AddOn {
    /// What an appling's settings ask for, by name. What is the app's is called alike for every appling.
    /// - Parameter name: the appling's, as `cats-frontend`.
    static func wanted(by appling: Appling, called name: String, in app: AppID) -> [AddOn] {
        func prefix(_ owner: AddOnOwner) -> String {
            switch owner {
            case .app: Naming.slug(app.name)
            case .appling: name
            }
        }
        var addOns: [AddOn] = []
        if let nats = appling.nats { addOns.append(AddOn(.nats, name: "\(prefix(nats.owner))-nats")) }
        if let postgres = appling.postgres {
            addOns.append(
                AddOn(.postgres(extensions: postgres.extensions), name: "\(prefix(postgres.owner))-postgres"))
        }
        if let redis = appling.redis { addOns.append(AddOn(.redis, name: "\(prefix(redis.owner))-redis")) }
        return addOns.sorted { $0.name < $1.name }
    }

    /// What people call it.
    package var title: String {
        switch kind {
        case .postgres: "Postgres database"
        case .redis: "Redis"
        case .nats: "NATS account"
        }
    }
}

extension [AddOn] {
    /// Adds what is not there yet. Applings that share a database get the extensions that any of them asks for.
    mutating func merge(_ addOn: AddOn) {
        guard let index = firstIndex(where: { $0.name == addOn.name }) else { return append(addOn) }
        if case .postgres(let known) = self[index].kind, case .postgres(let more) = addOn.kind {
            self[index] = AddOn(.postgres(extensions: known + more.filter { !known.contains($0) }), name: addOn.name)
        }
    }
}
