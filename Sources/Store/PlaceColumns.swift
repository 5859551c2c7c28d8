import Deploys

/// A place as three columns that operators can read.
struct PlaceColumns {
    var kind: String?
    var id: String?
    var name: String?

    init(kind: String?, id: String?, name: String?) {
        self.kind = kind
        self.id = id
        self.name = name
    }

    init(_ place: Place?) {
        switch place {
        case .channel(let id, let name): self.init(kind: "channel", id: id, name: name)
        case .direct(let id): self.init(kind: "direct", id: id, name: nil)
        case .home: self.init(kind: "home", id: nil, name: nil)
        case nil: self.init(kind: nil, id: nil, name: nil)
        }
    }

    var place: Place? {
        switch kind {
        case "channel": .channel(id: id ?? "", name: name)
        case "direct": .direct(id: id ?? "")
        case "home": .home
        default: nil
        }
    }
}
