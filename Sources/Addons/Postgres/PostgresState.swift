import JSON

/// What is on the server of an app's database, as `PostgresScripts` tell.
struct PostgresState: Sendable, Equatable {
    struct Extension: Sendable, Equatable {
        let name: String
        /// The app has made it by itself.
        let isTheirs: Bool
        /// Another one needs it.
        let isNeeded: Bool
    }

    /// What keeps the admin's script from going on.
    enum Refusal: Sendable, Equatable {
        /// There is a role of that name; with the comment that it has.
        case foreignRole(comment: String)
        case foreignDatabase(owner: String)
        /// The role may do what no app may: attributes of roles, in capitals.
        case powers([String])
        case unknownExtensions([String], known: [String])
    }

    let mark: String?
    /// The database's comment.
    let databaseMark: String?
    let owner: String
    /// What the app's role may do that no app may.
    let powers: [String]
    /// Whether every role of the server may connect.
    let isOpen: Bool
    /// Further databases that the app's role may connect to.
    let otherDatabases: [String]
    let extensions: [Extension]

    /// Nil when the line is another one.
    init?(line: String) {
        guard let json = Self.json(line), let owner = json["owner"]?.string, json["refusal"] == nil else { return nil }
        mark = json["mark"]?.string
        databaseMark = json["databaseMark"]?.string
        self.owner = owner
        powers = (json["powers"]?.array ?? []).compactMap(\.string)
        isOpen = json["isOpen"]?.bool ?? true
        otherDatabases = (json["others"]?.array ?? []).compactMap(\.string)
        extensions = (json["extensions"]?.array ?? []).compactMap { item in
            guard let name = item["name"]?.string else { return nil }
            return Extension(
                name: name, isTheirs: item["isTheirs"]?.bool ?? false, isNeeded: item["isNeeded"]?.bool ?? false)
        }
    }

    static func refusal(line: String) -> Refusal? {
        guard let json = json(line) else { return nil }
        func names(_ key: String) -> [String] { (json[key]?.array ?? []).compactMap(\.string) }
        switch json["refusal"]?.string {
        case "role": return .foreignRole(comment: json["comment"]?.string ?? "")
        case "database": return .foreignDatabase(owner: json["owner"]?.string ?? "")
        case "powers": return .powers(names("powers"))
        case "extensions": return .unknownExtensions(names("unknown"), known: names("known"))
        default: return nil
        }
    }

    private static func json(_ line: String) -> JSON? { line.hasPrefix("{") ? try? JSON.parse(line) : nil }

    /// Whether people have to be told that it was made.
    func isNew(_ whole: PostgresMark) -> Bool { databaseMark == whole.textOfNew }

    /// Whether nothing is left to do.
    func isComplete(_ name: PostgresName, _ whole: PostgresMark, _ wanted: [String]) -> Bool {
        mark == whole.text && isMarked(whole) && owner == name.text && powers.isEmpty && !isOpen
            && wanted.allSatisfy { wanted in extensions.contains { $0.name == wanted } }
    }

    /// Whether its database says whose it is, or what people want it to say.
    private func isMarked(_ whole: PostgresMark) -> Bool {
        guard let databaseMark else { return false }
        return databaseMark == whole.text || isNew(whole) || PostgresMark(comment: databaseMark) == nil
    }

    /// The language is part of every database.
    private static let usualExtensions = ["plpgsql"]

    /// Installed by the admin and in nobody's list, nor needed by another one.
    func unlisted(besides wanted: [String]) -> [String] {
        extensions.filter { !$0.isTheirs && !$0.isNeeded }.map(\.name)
            .filter { !wanted.contains($0) && !Self.usualExtensions.contains($0) }
    }
}
