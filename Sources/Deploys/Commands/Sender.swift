/// Who sent a command, and from where.
package struct Sender: Sendable {
    package let person: Person
    package let place: Place
    package let pressedButton: Bool
    package let deduplicationKey: String?
    /// The same when the very same request is delivered again, and only then: a button that is pressed twice acts once,
    /// and is on record twice.
    package let delivery: String?

    /// - Parameter delivery: when it is not what `deduplicationKey` says.
    package init(
        person: Person, place: Place, pressedButton: Bool = false, deduplicationKey: String?, delivery: String? = nil
    ) {
        self.person = person
        self.place = place
        self.pressedButton = pressedButton
        self.deduplicationKey = deduplicationKey
        self.delivery = delivery ?? deduplicationKey
    }

    package var trigger: Trigger { pressedButton ? .button(person) : .command(person) }
}
