/// How one part of one operation gets to its commit's page.
extension CommitCourier {
    func tell(_ news: CommitNews) async throws {
        guard let part = news.part else { return try await book.told(news) }
        let content = await content(part, news.target)
        guard let entry = try await entry(for: content, news, begins: part.begins) else {
            return try await book.told(news)
        }
        do throws(CommitBoardError) {
            if !entry.isComplete { try await update(entry.id, to: content, news.target) }
        } catch {
            guard error == .gone else { throw error }
            try await book.forgetEntry(of: news)
            guard part.begins else { return try await book.told(news) }
            let new = try await open(content, news)
            if !new.isComplete { try await update(new.id, to: content, news.target) }
        }
        try await book.told(news)
    }

    /// What is shown.
    private enum Content {
        case check(CheckPage)
        case deployment(DeploymentMark, description: String)
    }

    /// Nil when there is none and none is needed.
    private func entry(for content: Content, _ news: CommitNews, begins: Bool) async throws -> OpenedEntry? {
        if let id = news.id { return OpenedEntry(id: id, isComplete: false) }
        if news.isBegun, let id = try await find(content, news.target) {
            try await book.opened(news, as: id)
            return OpenedEntry(id: id, isComplete: false)
        }
        return begins ? try await open(content, news) : nil
    }

    private func open(_ content: Content, _ news: CommitNews) async throws -> OpenedEntry {
        try await book.begin(news)
        let opened: OpenedEntry
        switch content {
        case .check(let page): opened = try await board.open(page, of: news.target)
        case .deployment(let mark, _): opened = try await board.open(mark, of: news.target)
        }
        try await book.opened(news, as: opened.id)
        return opened
    }

    private func update(_ id: Int64, to content: Content, _ target: CommitTarget) async throws(CommitBoardError) {
        switch content {
        case .check(let page): try await board.update(id, to: page, of: target)
        case .deployment(let mark, let description):
            try await board.update(id, to: mark, description: description, of: target)
        }
    }

    private func find(_ content: Content, _ target: CommitTarget) async throws(CommitBoardError) -> Int64? {
        switch content {
        case .check(let page): try await board.find(page, of: target)
        case .deployment(let mark, _): try await board.find(mark, of: target)
        }
    }

    private func content(_ part: CommitPart, _ target: CommitTarget) async -> Content {
        switch part {
        case .deployment(let mark): .deployment(mark, description: mark.shownDescription(mask: mask))
        case .check(let mark): .check(CheckPage(mark, logs: await ends(mark, target), mask: mask))
        }
    }

    private func ends(_ mark: CheckMark, _ target: CommitTarget) async -> [(appling: String, end: LogEnd)] {
        guard let wanted = mark.logs else { return [] }
        var ends: [(appling: String, end: LogEnd)] = []
        for log in await logs.logs(of: target.app, build: wanted.build) {
            let appling = log.appling ?? ""
            guard ends.count < CheckPage.maxLogs, wanted.applings?.contains(appling) ?? true,
                let end = await logs.end(of: log, maxBytes: CheckPage.maxLogBytes)
            else { continue }
            ends.append((appling, end))
        }
        return ends
    }
}
