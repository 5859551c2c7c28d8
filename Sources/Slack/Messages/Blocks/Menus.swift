import JSON

enum Menus {
    /// Everything else that can be asked about an app.
    static func app(_ label: String) -> JSON? {
        Buttons.menu([
            (ControlWords.status(label), .ask("status \(label)")), (ControlWords.deploy(label), .deployForm(label)),
            (ControlWords.audit(label), .ask("audit \(label)")),
        ])
    }
}
