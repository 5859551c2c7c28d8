import Deploys
import JSON

/// Everything that is registered, the reader's own first.
enum AppsBlocks {
    /// Beyond it, apps are counted: nobody reads further, and Slack takes no more.
    static let maxListed = 60
    static let maxUnits = 9_000

    static func blocks(_ list: AppList) -> [JSON] {
        guard !list.apps.isEmpty else { return [Blocks.section([AppsWords.none])] }
        let own = lines(list.apps.prefix(list.ownCount), maxUnits: maxUnits * 2 / 3)
        let left = maxUnits - own.joined().utf16.count
        let others = lines(list.apps.dropFirst(list.ownCount), more: list.moreCount, maxUnits: left)
        return group(own.isEmpty ? nil : AppsWords.own, own)
            + group(own.isEmpty ? AppsWords.all : AppsWords.others, others)
    }

    private static func group(_ title: String?, _ lines: [String]) -> [JSON] {
        guard let title, !lines.isEmpty else { return [] }
        return Blocks.sections(["*\(title)*"] + lines, atMost: 5)
    }

    /// - Parameter more: that are not among the apps.
    private static func lines(_ apps: ArraySlice<AppStatus>, more: Int = 0, maxUnits: Int) -> [String] {
        var lines: [String] = []
        var units = 0
        for app in apps.prefix(maxListed) {
            let line = Mrkdwn.cutMarkup(AppLines.line(app), to: 1_000)
            units += line.utf16.count + 1
            guard units <= maxUnits else { break }
            lines.append(line)
        }
        let rest = apps.count - lines.count + more
        return rest == 0 ? lines : lines + [AppsWords.more(rest)]
    }
}
