/// The known word that somebody probably meant, for "did you mean `deploy`?".
///
/// Upper and lower case count as the same. A word is near when about one letter in three, and
/// at most three letters, would have to be changed, added, dropped or swapped with their
/// neighbour. Of equally near words, the one whose length is nearest is returned, then the
/// first one.
package func nearest(to word: String, in known: some Sequence<String>) -> String? {
    let typed = Array(word.lowercased().unicodeScalars)
    guard !typed.isEmpty, typed.count <= maxWordScalars else { return nil }
    var best: (word: String, distance: Int, difference: Int)?
    for candidate in known {
        let letters = Array(candidate.lowercased().unicodeScalars)
        guard letters.count <= maxWordScalars else { continue }
        let allowed = min(3, max(typed.count, letters.count) / 3)
        let difference = abs(typed.count - letters.count)
        guard difference <= allowed else { continue }
        let distance = editDistance(typed, letters)
        guard distance <= allowed else { continue }
        if best.map({ (distance, difference) < ($0.distance, $0.difference) }) ?? true {
            best = (candidate, distance, difference)
        }
    }
    return best?.word
}

/// The known word that somebody meant who wrote it out or left out its end: `prod` for `production`,
/// `redis_lfu_cache` for `redis`. Of several, the one whose length is nearest, then the first one.
func relative(of word: String, in known: some Sequence<String>) -> String? {
    let typed = word.lowercased()
    // Two letters are the beginning of too much.
    let related = known.filter {
        min(typed.utf8.count, $0.utf8.count) > 2 && ($0.hasPrefix(typed) || typed.hasPrefix($0))
    }
    return related.min { abs($0.utf8.count - typed.utf8.count) < abs($1.utf8.count - typed.utf8.count) }
}

/// The distance takes time in the product of both lengths; longer words are no typing mistake.
private let maxWordScalars = 100

/// Damerau–Levenshtein distance in its restricted form (optimal string alignment): no piece is
/// edited twice.
private func editDistance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
    var beforeLast = [Int](repeating: 0, count: right.count + 1)
    var last = Array(0...right.count)
    var row = last
    for i in left.indices {
        row[0] = i + 1
        for j in right.indices {
            let change = last[j] + (left[i] == right[j] ? 0 : 1)
            row[j + 1] = min(change, last[j + 1] + 1, row[j] + 1)
            if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
                row[j + 1] = min(row[j + 1], beforeLast[j - 1] + 1)
            }
        }
        (beforeLast, last, row) = (last, row, beforeLast)
    }
    return last[right.count]
}
