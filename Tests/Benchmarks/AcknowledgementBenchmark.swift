import Foundation
import TestSupport

/// How long Slack waits for the answer to a command that is written down, while a build runs. The target: under 50 ms
/// at the median.
struct AcknowledgementBenchmark {
    let demo: DemoProcess

    static let commands = 200

    func run() async throws {
        try await demo.cats.commit(
            ["Dockerfile": """
                FROM scratch
                COPY busybox /bin/busybox
                ARG BUILD_DATE_USED_FOR_CACHE_BUSTING
                RUN ["/bin/busybox", "sh", "-c", "i=0; while [ $i -lt 2000000 ]; do i=$((i+1)); [ $((i % 500)) = 0 ] && echo line $i; done"]
                """], "Build for a while")
        // The channel may lag behind at Slack's pace; the log tells at once.
        let logs = demo.directory.appending(path: "state/logs/iterate/cats").path
        let before = try FileManager.default.contentsOfDirectory(atPath: logs).count
        while try FileManager.default.contentsOfDirectory(atPath: logs).count == before {
            try await Task.sleep(for: .milliseconds(10))
        }
        var figures = Figures()
        for number in 0..<Self.commands {
            let start = ContinuousClock.now
            let answer = try await demo.command("deploy cats snap\(number % 10) main")
            figures.add(ContinuousClock.now - start)
            guard answer.status == 200 else { throw TestFailure("\(answer.status): \(answer.text)") }
        }
        let isBuilding = !demo.log.contains("push iterate/cats: failed")
        print(figures.line("acknowledgement during a build"))
        print("The build was \(isBuilding ? "still running" : "over") at the end (target: under 50 ms at the median)")
    }
}
