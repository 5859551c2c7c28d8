/// Who sent a command, and from where.
package struct Sender: Sendable {
    package let person: Person
    package let place: Place
    package let pressedButton: Bool
    package let deduplicationKey: String?

    package init(person: Person, place: Place, pressedButton: Bool = false, deduplicationKey: String?) {
        self.person = person
        self.place = place
        self.pressedButton = pressedButton
        self.deduplicationKey = deduplicationKey
    }

    package var trigger: Trigger { pressedButton ? .button(person) : .command(person) }
}
