/// Runs a body for each item side by side.
/// - Parameter limit: bodies under way at once.
/// - Returns: the results in the order of the items.
func inParallel<Item: Sendable, Result: Sendable>(
    _ items: [Item], atMost limit: Int, _ body: @escaping @Sendable (Item) async -> Result
) async -> [Result] {
    await withTaskGroup(of: (Int, Result).self) { group in
        var results = [Result?](repeating: nil, count: items.count)
        var next = 0
        func startOne() {
            guard next < items.count else { return }
            let (index, item) = (next, items[next])
            next += 1
            group.addTask { (index, await body(item)) }
        }
        for _ in 0..<limit { startOne() }
        while let (index, result) = await group.next() {
            results[index] = result
            startOne()
        }
        return results.compactMap { $0 }
    }
}
