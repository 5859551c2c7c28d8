import Deploys
import JSON

/// An operation's one message, from its first word to its last.
enum LiveMessage {
    static func blocks(_ report: Report) -> [JSON] {
        let words = ReportWords(report)
        let grey = [words.facts, words.note, words.sequels].compactMap(\.self).joined(separator: "\n")
        return [
            Blocks.section([words.badgedHeadline] + words.status, accessory: menu(report)),
            Blocks.context([grey]),
        ] + Blocks.actions(LiveControls.buttons(report))
    }

    /// What is of use at the end of something, and not needed on the way.
    private static func menu(_ report: Report) -> JSON? {
        switch report.phase {
        case .built, .live, .failed, .cancelled, .declined, .lapsed, .repaired: break
        default: return nil
        }
        guard report.operation.kind != .register, report.operation.kind != .deregister else { return nil }
        return Menus.app(report.appLabel)
    }
}
