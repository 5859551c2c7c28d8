import AppFile
import Deploys
import Foundation
import HTTP
import JSON
import Kubernetes
import TestSupport
import XCTest

@testable import Sandbox

/// A release that uses all that a deploy can: two applings that call each other, a Redis, a database proxy, mounted
/// files, a release command. The bot's own reconciler brings it in; busybox stands for the programs.
final class WholeReleaseTests: XCTestCase {
    private static let image = "iterapp-test-whole:\(getpid())"

    /// As the app, as the database proxy or, by its name, as Redis.
    private static let start = """
        trap 'exit 0' TERM
        cd /www
        if [ "$1" = --structured-logs ]; then
            /bin/busybox nc -ll -p 5433 -e /bin/busybox echo "rows of $6" &
            /bin/busybox httpd -f -p 9801 -h /www & wait
            exit 0
        fi
        if [ "$ROLE" = web ]; then
            until /bin/busybox wget -q -O api http://cats-api/index.html; do /bin/busybox sleep 0.1; done
            /bin/busybox nc "$REDIS_HOST" "$REDIS_PORT" < /dev/null > redis
            echo "$REDIS_PASSWORD" > password
            /bin/busybox nc 127.0.0.1 5433 < /dev/null > database
            /bin/busybox cp /app/secrets/token token
        fi
        /bin/busybox httpd -f -p 8080 -h /www & wait
        """

    override func setUp() async throws {
        try await TestImage.build(Self.image, files: [
            "start.sh": Self.start, "page": "the api\n",
            "redis-server": """
                #!/bin/busybox sh
                /bin/busybox grep -q 'maxmemory-policy allkeys-lfu' "$1" || exit 1
                exec /bin/busybox nc -ll -p 6379 -e /bin/busybox cat /etc/iterapp/redis-user/user.conf
                """,
        ], """
            COPY busybox /bin/sh
            COPY start.sh /start.sh
            COPY --chmod=755 redis-server /usr/bin/redis-server
            COPY --chown=10001 page /www/index.html
            COPY --chown=10001 page /www/startup
            COPY --chown=10001 page /www/liveness
            USER 10001
            ENTRYPOINT ["/bin/busybox", "sh", "/start.sh"]
            """)
    }

    override class func tearDown() { TestImage.removeAndWait([image]) }

    private func appling(_ name: String, _ adjust: (inout Appling) -> Void = { _ in }) -> ReleasedAppling {
        var settings = Appling(name: name, folder: name)
        settings.port = 8080
        settings.readiness = Probe(path: "/index.html", periodSeconds: 1)
        adjust(&settings)
        let redis: [ReleasedAppling.Variable] = [
            .init(name: "REDIS_HOST", value: .plain("cats-redis")),
            .init(name: "REDIS_PASSWORD", value: .secret(name: "cats-redis", key: "REDIS_PASSWORD")),
            .init(name: "REDIS_PORT", value: .plain("6379")),
        ]
        return ReleasedAppling(
            settings: settings, name: "cats-\(name)", image: ImageReference(Self.image), replicas: 1,
            hosts: ["\(name).cats.test.localhost"],
            variables: redis + [.init(name: "ROLE", value: .plain(name))], addOns: ["cats-redis"])
    }

    private func release() throws -> Release {
        let web = appling("web") { settings in
            settings.releaseCommand = "/bin/busybox echo migrated with $REDIS_HOST"
            settings.files.common = [MountedSecret(path: "/app/secrets", secret: "keys")]
            settings.cloudSQLInstances = [CloudSQLInstance(port: 5433, connectionName: "p:r:cats")]
            settings.cronJobs = [CronJob(name: "clean", schedule: "0 3 * * *", path: "/index.html")]
        }
        return Release(
            operation: OperationID(1), app: AppID(organisation: "iterate", name: "cats"), appSlug: "cats",
            environment: .test, namespace: ClusterBench.namespace,
            commit: try XCTUnwrap(CommitID(String(repeating: "a", count: 40))), buildNumber: 1,
            applings: [appling("api"), web], addOns: [AddOn(.redis, name: "cats-redis")])
    }

    func testEverythingRunsAndFindsEachOther() async throws {
        try await ClusterBench().run { bench in
            try await bench.secret("keys", ["token": "s3cret\n"])
            let api = EmbeddedAPI(
                EmbeddedAPISettings(token: "test-token"), store: bench.store, logs: try bench.runningNode)
            let connection = KubernetesConnection(
                server: "http://127.0.0.1:\(try api.start())", credential: .token("test-token"))
            var options = RenderOptions(progressDeadlineSeconds: 30)
            options.redisImage = Self.image
            options.cloudSQLProxyImage = Self.image
            let reconciler = Reconciler(
                KubernetesClient(connection, http: bench.http), inventory: ListInventory(), options: options)
            do {
                let remarks = try await reconciler.rollOut(try reconciler.plan(release())) { _ in }
                XCTAssertEqual(remarks, [])
                try await check(bench)
            } catch {
                XCTFail("\(error)")
            }
            await reconciler.stop()
            await api.stop(grace: .zero)
        }
    }

    private func check(_ bench: ClusterBench) async throws {
        let pods = await bench.pods()
        let web = try XCTUnwrap(pods.first { $0.name.hasPrefix("cats-web-") && PodFacts($0).isReady })
        XCTAssertEqual(web.at("status", "initContainerStatuses")?[0]?["started"], true)
        let address = "\(web.at("status", "podIP")?.string ?? ""):8080"
        func page(_ path: String) async throws -> String {
            let request = HTTPClientRequest("GET", "http://\(address)/\(path)", connectTo: address)
            return String(decoding: try await bench.http.send(request).body, as: UTF8.self)
        }
        let answers = try await ["api", "token", "database"].asyncMap(page)
        XCTAssertEqual(answers, ["the api\n", "s3cret\n", "rows of p:r:cats?port=5433\n"])
        let password = try await page("password").trimmingCharacters(in: .newlines)
        XCTAssertGreaterThan(password.count, 20)
        let user = try await page("redis")
        XCTAssertTrue(user.hasPrefix("user default ") && user.hasSuffix(" on >\(password)\n"), user)

        let job = try XCTUnwrap(pods.first { $0.name.hasPrefix("cats-web-release-") })
        XCTAssertEqual(job.at("status", "phase"), "Succeeded")
        let log = try await bench.log(job, "release")
        XCTAssertEqual(log, "migrated with cats-redis\n")
        let tasks = await bench.store.list(.cronJob).items.map(\.name)
        XCTAssertEqual(tasks, ["cats-web-clean"])
    }
}

extension Sequence {
    fileprivate func asyncMap<Result>(_ body: (Element) async throws -> Result) async rethrows -> [Result] {
        var results: [Result] = []
        for element in self { results.append(try await body(element)) }
        return results
    }
}
