import Deploys
import Foundation
import HTTP
import JSON
import TestSupport
import XCTest

@testable import Web

final class LogStreamTests: XCTestCase {
    /// Reads server-sent events as a browser does.
    private struct Reader {
        struct Event {
            let id: String
            let name: String
            let data: String
        }

        private var stream: AsyncThrowingStream<[UInt8], any Error>.AsyncIterator
        private var text = ""

        init(_ answer: HTTPResponse) throws {
            guard case .stream(let stream) = answer.body else { throw TestFailure("\(answer.status): no stream") }
            self.stream = stream.makeAsyncIterator()
        }

        /// Nil when the stream has ended.
        mutating func next() async throws -> Event? {
            while true {
                while let end = text.firstRange(of: "\n\n") {
                    let lines = text[..<end.lowerBound].split(separator: "\n", omittingEmptySubsequences: false)
                    text.removeSubrange(..<end.upperBound)
                    func field(_ name: String) -> [String] {
                        lines.filter { $0.hasPrefix(name + ": ") }.map { String($0.dropFirst(name.count + 2)) }
                    }
                    // Only a stream that has had nothing to say for long says that it lives.
                    guard let name = field("event").first else { throw TestFailure("waited in vain for an event") }
                    return Event(
                        id: field("id").first ?? "", name: name, data: field("data").joined(separator: "\n"))
                }
                guard let bytes = try await stream.next() else { return nil }
                text += String(decoding: bytes, as: UTF8.self)
            }
        }

        mutating func next(_ name: String) async throws -> Event {
            while let event = try await next() {
                if event.name == name { return event }
            }
            throw TestFailure("the stream ended before \(name)")
        }
    }

    private func open(_ bench: LogBench, _ operation: Deploys.Operation, at: String? = nil) async throws -> Reader {
        var headers: HTTPHeaders = [:]
        if let at { headers["Last-Event-ID"] = at }
        return try Reader(try await bench.answer(bench.links.path(of: operation) + "/events", headers: headers))
    }

    /// Queued → building → live, in one stream, with every line.
    func testAStoryIsToldFromTheQueueToItsEnd() async throws {
        try await withLogBench { bench in
            let queued = try await bench.accept()
            var reader = try await open(bench, queued)
            let first = try await reader.next("state")
            let waiting = try JSON.parse(Array(first.data.utf8))
            XCTAssertEqual(waiting["state"], "waiting")
            XCTAssertEqual(waiting["now"]?.number, LogBench.noon.timeIntervalSince1970)

            let operation = try await bench.begin(queued)
            let building = try JSON.parse(Array(try await reader.next("state").data.utf8))
            XCTAssertEqual(building["words"], "Building")
            let writer = try bench.writer(operation, "web")
            writer.write("#1 [1/2] FROM scratch")
            writer.write("#1 0.1  two blanks\r")
            writer.write("")
            writer.write("data: x")
            let log = try await reader.next("log")
            XCTAssertEqual(log.data, "web\n#1 [1/2] FROM scratch\n#1 0.1  two blanks\n\ndata: x")
            XCTAssertEqual(log.id.split(separator: "/").last, "web:\("#1 [1/2] FROM scratch\n#1 0.1  two blanks\n\ndata: x\n".utf8.count)")
            writer.write("last")
            writer.close()
            try await bench.settle(operation, .succeeded, .live([Site(url: "https://cats.example.com/")]))
            var seen: [String] = []
            var last: Reader.Event?
            while let event = try await reader.next() {
                seen.append(event.name)
                if event.name == "state" { last = event }
                if event.name == "log" { XCTAssertEqual(event.data, "web\nlast") }
            }
            XCTAssertEqual(seen.last, "end")
            XCTAssertEqual(seen.filter { $0 == "log" }.count, 1)
            let live = try JSON.parse(Array(try XCTUnwrap(last).data.utf8))
            XCTAssertEqual(live["words"], "Live")
            XCTAssertEqual(live["sites"], ["https://cats.example.com/"])
        }
    }

    /// Whoever comes back gets exactly the bytes that are missing: packed or not, from any event's id.
    func testEveryPlaceCanBeGoneOnFrom() async throws {
        try await withLogBench { bench in
            let lines = (0..<3_000).map { "#7 \($0) line æ \(String(repeating: "x", count: $0 % 60))" }
            let operation = try await bench.build(["web": lines, "api": ["#1 one"]])
            let wanted = lines.joined(separator: "\n") + "\n"
            var ids: [String] = [""]
            for isPacked in [false, true] {
                if isPacked { await bench.logs.tidy() }
                if isPacked { try await bench.settle(operation, .succeeded, .built) }
                for (index, id) in ids.enumerated() where index % 2 == 0 || isPacked {
                    let offset = id.isEmpty ? 0 : LogPosition(id)?.offsets["web"] ?? 0
                    var reader = try await open(bench, operation, at: id.isEmpty ? nil : id)
                    var text = ""
                    while text.utf8.count < wanted.utf8.count - offset {
                        let event = try await reader.next("log")
                        guard event.data.hasPrefix("web\n") else { continue }
                        text += event.data.dropFirst(4) + "\n"
                        if id.isEmpty, !isPacked { ids.append(event.id) }
                    }
                    XCTAssertTrue(text.utf8.elementsEqual(wanted.utf8.dropFirst(offset)), "from \(id)")
                }
                XCTAssertGreaterThan(ids.count, 3)
            }
        }
    }

    /// After an interruption, a build begins once more with its number: its reader begins anew with it.
    func testASecondBuildReplacesTheFirst() async throws {
        try await withLogBench { bench in
            let operation = try await bench.build([nil: ["first", "and more"]])
            var reader = try await open(bench, operation)
            let first = try await reader.next("log")
            XCTAssertEqual(first.data, "\nfirst\nand more")
            let round = try XCTUnwrap(first.id.split(separator: "/").first)
            let writer = try bench.writer(operation)
            writer.write("second")
            let state = try JSON.parse(Array(try await reader.next("state").data.utf8))
            XCTAssertNotEqual(state["round"], .string(String(round)))
            let second = try await reader.next("log")
            XCTAssertEqual(second.data, "\nsecond")
            XCTAssertTrue(second.id.hasSuffix("/:7"), second.id)
            // Whoever comes back from before sees all of the new one.
            var late = try await open(bench, operation, at: first.id)
            let all = try await late.next("log")
            XCTAssertEqual(all.data, "\nsecond")
            writer.close()
        }
    }

    func testASilentStreamShowsThatItLives() async throws {
        try await withLogBench { bench in
            let operation = try await bench.build([nil: ["one"]])
            var source = bench.page.source
            source.heartbeat = .milliseconds(50)
            let place = try XCTUnwrap(bench.page.streams.take())
            let follower = LogFollower(operation.id, source, from: nil, place)
            var texts: [String] = []
            while texts.filter({ $0 == ": still here\n\n" }).count < 3 {
                let bytes = try await follower.next()
                texts.append(String(decoding: try XCTUnwrap(bytes), as: UTF8.self))
            }
            XCTAssertEqual(texts.count, 5, "the state and the line are told once")
        }
    }

    func testNonsenseForAPlaceBeginsAnew() async throws {
        try await withLogBench { bench in
            let operation = try await bench.build([nil: ["one", "two"]])
            let round = LogPosition(build: 1, generation: bench.logs.generation(of: LogBench.cats, build: 1)).round
            for at in [
                "", "x", "1/:4", "\(round)/:-5", "99.1/:3", "1.1/:4", "\(round)/:9999999999999999999999", "\(round)/%ff:1",
                String(repeating: "9", count: 5_000),
            ] {
                var reader = try await open(bench, operation, at: at)
                let log = try await reader.next("log")
                XCTAssertEqual(log.data, "\none\ntwo", at)
            }
            var reader = try await open(bench, operation, at: "\(round)/:4")
            let log = try await reader.next("log")
            XCTAssertEqual(log.data, "\ntwo")
        }
    }

    func testNoMoreThanSoManyFollow() async throws {
        try await withLogBench { bench in
            bench.maxStreams = 2
            let operation = try await bench.build([nil: ["one"]])
            let page = bench.page
            let request = HTTPRequest(
                method: "GET", target: bench.links.path(of: operation) + "/events", headers: [:], body: [], peer: "")
            for _ in 0..<3 {
                var held: [HTTPResponse] = []
                for _ in 0..<2 { held += [await page.answer(request)].compactMap(\.self) }
                XCTAssertEqual(held.map(\.status), [200, 200])
                XCTAssertEqual(held[0].headers["X-Accel-Buffering"], "no")
                let last = await page.answer(request)
                let refused = try XCTUnwrap(last)
                XCTAssertEqual(refused.status, 503)
                XCTAssertEqual(refused.headers["Retry-After"], "10")
            }
        }
    }

    /// Over a real connection: one that does not read is behind by a bounded amount, and one that goes away is let go.
    func testASlowReaderHoldsLittleAndOneThatLeavesNothing() async throws {
        try await withLogBench { bench in
            let operation = try await bench.begin(try await bench.accept())
            let (page, path) = (bench.page, bench.links.path(of: operation) + "/events")
            let handed = Watched(0)
            var settings = HTTPServerSettings()
            settings.port = 0
            let server = HTTPServer(settings) { request in
                guard let answer = await page.answer(request), case .stream(let stream) = answer.body else {
                    return .text(500, "no stream")
                }
                let counted = Counted(stream, handed)
                var copy = answer
                copy.body = .stream(AsyncThrowingStream { try await counted.next() })
                return copy
            }
            let port = try server.start()
            let writer = try bench.writer(operation)
            let client = try Self.connect(port, "GET \(path) HTTP/1.1\r\nHost: x\r\n\r\n")
            let line = String(repeating: "y", count: 4_000)
            for number in 0..<2_500 { writer.write("\(number) \(line)") }
            try await handed.wait(for: "the stream to fill what may wait") { $0 > 200_000 }
            try await Task.sleep(for: .milliseconds(300))
            XCTAssertLessThan(handed.value, 8 << 20, "10 MB were printed, and nobody read")
            close(client)
            // The stop ends all streams at once, long before its grace is over.
            let start = ContinuousClock.now
            await server.stop(grace: .seconds(10))
            XCTAssertLessThan(ContinuousClock.now - start, .seconds(3))
            writer.close()
        }
    }
}

extension LogStreamTests {
    /// A connection that sends its request and then reads nothing.
    fileprivate static func connect(_ port: Int, _ request: String) throws -> Int32 {
        let number = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(number, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0, send(number, request, request.utf8.count, 0) == request.utf8.count else {
            throw TestFailure("can't connect")
        }
        return number
    }
}

/// Counts what is taken from a stream.
private struct Counted: Sendable {
    let stream: AsyncThrowingStream<[UInt8], any Error>
    let count: Watched<Int>

    init(_ stream: AsyncThrowingStream<[UInt8], any Error>, _ count: Watched<Int>) {
        self.stream = stream
        self.count = count
    }

    func next() async throws -> [UInt8]? {
        var iterator = stream.makeAsyncIterator()
        let piece = try await iterator.next()
        count.change { $0 += piece?.count ?? 0 }
        return piece
    }
}
