/// The known word that somebody probably meant, for "did you mean `deploy`?".
///
/// Upper and lower case count as the same. A word is near when about one letter in three, and
/// at most three letters, would have to be changed, added, dropped or swapped with their
/// neighbour. Of equally near words, the first one of the list is returned.
package func nearest(to word: String, in known: some Sequence<String>) -> String? {
    let typed = Array(word.lowercased().unicodeScalars)
    guard !typed.isEmpty, typed.count <= maxWordScalars else { return nil }
    var best: (word: String, distance: Int)?
    for candidate in known {
        let letters = Array(candidate.lowercased().unicodeScalars)
        guard letters.count <= maxWordScalars else { continue }
        let allowed = min(3, max(typed.count, letters.count) / 3)
        guard abs(typed.count - letters.count) <= allowed else { continue }
        let distance = editDistance(typed, letters)
        if distance <= allowed, distance < (best?.distance ?? .max) {
            best = (candidate, distance)
        }
    }
    return best?.word
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
