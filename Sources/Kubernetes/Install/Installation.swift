import JSON

/// The objects by which a cluster's administrator installs the bot.
package enum Installation {
    /// The same options give the same objects, to the byte. No secret is among them.
    /// - Returns: in the order in which they need each other.
    package static func objects(_ options: InstallOptions) -> [JSON] {
        let scope = InstallScope(options: options)
        return InstallPart.allCases.filter(options.parts.contains).flatMap { part in
            switch part {
            case .rbac: AccountObjects(scope: scope).objects
            case .bot: BotObjects(scope: scope).objects
            case .buildkit:
                options.buildKit.map { BuildKitObjects(options: options, buildKit: $0).objects } ?? []
            case .issuers: IssuerObjects(options: options).objects
            }
        }
    }
}
