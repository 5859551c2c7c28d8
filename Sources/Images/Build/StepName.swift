import Deploys

/// A step as BuildKit calls it, taken apart: `[builder 2/3] RUN make`.
struct StepName: Equatable {
    /// The name that `FROM … AS` gave; nil for the only stage.
    let stage: String?
    /// `2/3`; nil for steps that are no instruction of the Dockerfile.
    let position: String?
    /// `RUN make`, `load build context`
    let text: String

    init(_ name: String) {
        // A build for several platforms names the platform before the stage.
        let pattern = #/\[(?:[a-z0-9]+\/[a-z0-9\/]+ +)?(?:(\S+) +)?(\d+\/\d+)\] (.*)/#
        if let match = name.wholeMatch(of: pattern) {
            stage = match.1.map(String.init)
            position = String(match.2)
            text = String(match.3)
        } else {
            stage = nil
            position = nil
            text = String(name.trimmingPrefix("[internal] "))
        }
    }

    /// ``Step 2/3 of stage `builder` `RUN make` ``
    var sentenceStart: String {
        let command = quoted(text.split(whereSeparator: \.isWhitespace).joined(separator: " "))
        guard let position else { return "Step \(command)" }
        return "Step \(position)\(stage.map { " of stage \(quoted($0))" } ?? "") \(command)"
    }

    /// The image that the step looks up or pulls.
    var image: String? {
        let pattern = #/(?:load metadata for|resolve image config for|FROM) (?:docker-image:\/\/)?(\S+)/#
        guard let match = text.wholeMatch(of: pattern) else { return nil }
        return String(match.1.trimmingPrefix("docker.io/library/").trimmingPrefix("docker.io/"))
    }

    /// Putting the image where it belongs, which is no instruction.
    var isExport: Bool { text == "exporting to image" }

    /// The cache of earlier builds in a registry: no build fails for it.
    var isCache: Bool { text.hasPrefix("importing cache manifest") || text.hasPrefix("exporting cache") }

    /// The image holds the Dockerfile's syntax (`# syntax=…`), nothing that is built on.
    var isSyntaxImage: Bool { text.hasPrefix("resolve image config for") }
}
