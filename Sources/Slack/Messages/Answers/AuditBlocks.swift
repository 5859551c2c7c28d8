import Deploys
import JSON

/// Who did what with an app, newest first.
enum AuditBlocks {
    static let maxUnits = 9_000

    static func blocks(_ page: AuditPage) -> [JSON] {
        guard !page.entries.isEmpty else { return [Blocks.section([AuditWords.none(page.label)])] }
        var lines: [String] = []
        var units = 0
        for entry in page.entries {
            let line = AuditWords.line(entry)
            units += line.utf16.count + 1
            guard units <= maxUnits else { break }
            lines.append(line)
        }
        let older = page.olderCount + page.entries.count - lines.count
        return Blocks.sections([AuditWords.title(page.label)] + lines, atMost: 5)
            + (older > 0 ? [Blocks.context([AuditWords.older(older)])] : [])
    }
}
