/// The Secrets of add-ons on the operator's servers, wherever apps are.
package protocol AddOnSecrets: Sendable {
    /// All that there are of a kind.
    func kept(_ kind: AddOn.Kind) async throws(AddOnError) -> [KeptAddOn]
}

/// An add-on with what its Secret holds.
package struct KeptAddOn: Sendable, Equatable {
    package let place: AddOnPlace
    package let secret: [String: String]

    package init(place: AddOnPlace, secret: [String: String]) {
        self.place = place
        self.secret = secret
    }
}
