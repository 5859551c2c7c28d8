import Deploys
import JSON
import XCTest

@testable import GitHub

/// The payloads that GitHub publishes as examples (github.com/octokit/webhooks), one by one.
final class PublishedPayloadTests: XCTestCase {
    func testAPushToANewBranch() async throws {
        try await WebhookBench.with("Codertocat/Hello-World") { bench in
            let (status, text) = try await bench.deliver("push", try WebhookBench.fixture("push-new-branch"))
            XCTAssertEqual(status, 202)
            XCTAssertEqual(text, "Accepted as operation 2.\n")
            let push = try await bench.operation(2)
            XCTAssertEqual(push.revision?.text, "master")
            XCTAssertEqual(push.environment, .test)
            XCTAssertEqual(push.trigger, .push(by: "Codertocat"))
            XCTAssertEqual(push.commit?.id.sha, "6113728f27ae82c7b1a177c8d03f9e96e0adf246")
            XCTAssertEqual(push.commit?.subject, "Initial commit")
            let app = try await bench.app("Codertocat/Hello-World")
            XCTAssertEqual(app.repository?.id, 186_853_002)
        }
    }

    func testWhatIsAnsweredAndChangesNothing() async throws {
        try await WebhookBench.with("Codertocat/Hello-World", "Octocoders/Hello-World", "electron/electron") { bench in
            for (event, fixture, expected) in [
                ("ping", "ping", 200), ("push", "push-tag", 202), ("delete", "delete-tag", 202),
                ("check_run", "check_run-created", 202), ("check_run", "check_run-requested_action", 202),
                ("check_run", "check_run-rerequested", 202), ("check_suite", "check_suite-completed", 202),
                ("repository", "repository-edited", 202), ("repository", "repository-publicized", 202),
                ("installation", "installation-unsuspend", 202),
            ] {
                let (status, text) = try await bench.deliver(event, try WebhookBench.fixture(fixture))
                XCTAssertEqual(status, expected, "\(fixture): \(text)")
            }
            let statistics = try await bench.journal.statistics()
            XCTAssertEqual(statistics.operations.values.reduce(0, +), 3, "the registrations")
            let seen = Dictionary(uniqueKeysWithValues: bench.route.tally.all.map { ($0.kind, $0.count) })
            XCTAssertEqual(seen["check_run"], 3)
            XCTAssertEqual(seen["refused"], 0)
        }
    }

    func testEventsThatMeanNothingAreCountedTogether() async throws {
        try await WebhookBench.with { bench in
            for event in ["star", "watch", String(repeating: "x", count: 200)] {
                let (status, _) = try await bench.deliver(event, bytes: Array("not even JSON".utf8))
                XCTAssertEqual(status, 202)
            }
            let counts = bench.route.tally.all
            XCTAssertEqual(counts.first { $0.kind == "other" }?.count, 3)
            XCTAssertEqual(counts.count, WebhookEvent.allCases.count + 2)
        }
    }

    func testARenamedRepositoryStaysItsApp() async throws {
        try await WebhookBench.with("Octocoders/Old-World") { bench in
            var push = try WebhookBench.fixture("push-new-branch")
            push["repository"] = ["id": 186_853_261, "full_name": "Octocoders/Old-World", "default_branch": "master"]
            _ = try await bench.deliver("push", push)
            let renamed = try WebhookBench.fixture("repository-renamed")
            for _ in 1...2 {
                let (status, _) = try await bench.deliver("repository", renamed, id: "same")
                XCTAssertEqual(status, 202)
            }
            let app = try await bench.app("Octocoders/Old-World")
            XCTAssertEqual(app.repositoryName, AppID(organisation: "Octocoders", name: "Hello-World"))
            // It is found by its number; a new repository that took the old name is not the app.
            push["after"] = .string(String(repeating: "c0ffee12", count: 5))
            push["repository"] = ["id": 186_853_261, "full_name": "Octocoders/Hello-World", "default_branch": "master"]
            let (_, taken) = try await bench.deliver("push", push)
            XCTAssertTrue(taken.hasPrefix("Accepted as operation"), taken)
            push["after"] = .string(String(repeating: "dead12", count: 6) + "beef")
            push["repository"] = ["id": 7, "full_name": "Octocoders/Old-World", "default_branch": "master"]
            let (_, other) = try await bench.deliver("push", push)
            XCTAssertTrue(other.hasPrefix("The repository is not registered"), other)
            let news = try await bench.news()
            XCTAssertEqual(
                news, ["The repository of `Octocoders/Old-World` is called `Octocoders/Hello-World` now."])
        }
    }

    /// Nothing was heard of the repository since it was registered, so that its number is not known.
    func testWhatIsMovedIsFoundByItsFormerName() async throws {
        for (former, fixture) in [
            ("Octocoders/Hello-World", "repository-renamed"), ("octocat/Hello-World", "repository-transferred"),
        ] {
            try await WebhookBench.with(former) { bench in
                var payload = try WebhookBench.fixture(fixture)
                payload["repository"]?["full_name"] = fixture.hasSuffix("renamed") ? "Octocoders/New" : "Octocoders/Hello-World"
                _ = try await bench.deliver("repository", payload)
                let app = try await bench.app(former)
                XCTAssertEqual(app.repository?.id, 186_853_261)
                XCTAssertEqual(app.repositoryName.organisation, "Octocoders")
                let news = try await bench.news()
                XCTAssertEqual(news.count, 1)
            }
        }
    }

    func testATransferIsFoundOutByAPushToo() async throws {
        try await WebhookBench.with("octocat/Hello-World") { bench in
            var push = try WebhookBench.fixture("push-new-branch")
            push["repository"] = ["id": 186_853_261, "full_name": "octocat/Hello-World", "default_branch": "master"]
            _ = try await bench.deliver("push", push)
            push["after"] = .string(String(repeating: "c0ffee12", count: 5))
            push["repository"]?["full_name"] = "Octocoders/Hello-World"
            _ = try await bench.deliver("push", push)
            let app = try await bench.app("octocat/Hello-World")
            XCTAssertEqual(app.repositoryName.organisation, "Octocoders")
            // What is known is not told again.
            _ = try await bench.deliver("repository", try WebhookBench.fixture("repository-transferred"))
            let news = try await bench.news()
            XCTAssertEqual(news.count, 1)
        }
    }

    func testAnotherDefaultBranchIsFollowed() async throws {
        try await WebhookBench.with("Octocoders/Hello-World") { bench in
            var edited = try WebhookBench.fixture("repository-edited-default_branch")
            edited["repository"]?["default_branch"] = "trunk"
            _ = try await bench.deliver("repository", edited)
            let app = try await bench.app("Octocoders/Hello-World")
            XCTAssertEqual(app.defaultBranch, "trunk")
            let news = try await bench.news()
            XCTAssertEqual(news, ["The default branch of `Octocoders/Hello-World` is `trunk` now."])
        }
    }

    func testArchivedAndDeletedRepositories() async throws {
        try await WebhookBench.with("Octocoders/Hello-World") { bench in
            var payload = try WebhookBench.fixture("repository-renamed")
            for (action, trouble) in [
                ("archived", SourceTrouble.archived), ("archived", .archived), ("unarchived", nil), ("deleted", .deleted),
            ] {
                payload["action"] = .string(action)
                _ = try await bench.deliver("repository", payload)
                let app = try await bench.app("Octocoders/Hello-World")
                XCTAssertEqual(app.sourceTrouble, trouble, action)
            }
            let news = try await bench.news()
            XCTAssertEqual(news.count, 3, "\(news)")
        }
    }

    func testAccessThatIsLostAndComesBack() async throws {
        try await WebhookBench.with("octocat/Hello-World", "octocat/cats", "Codertocat/dogs") { bench in
            func trouble(_ name: String) async throws -> SourceTrouble? { try await bench.app(name).sourceTrouble }
            _ = try await bench.deliver("installation_repositories", try WebhookBench.fixture("installation_repositories-removed"))
            var found = try await trouble("octocat/Hello-World")
            XCTAssertEqual(found, .accessLost)
            found = try await trouble("octocat/cats")
            XCTAssertNil(found)
            var added = try WebhookBench.fixture("installation_repositories-added")
            added["repositories_added"] = [["id": 1_296_269, "full_name": "octocat/Hello-World"]]
            _ = try await bench.deliver("installation_repositories", added)
            found = try await trouble("octocat/Hello-World")
            XCTAssertNil(found)
            _ = try await bench.deliver("installation", try WebhookBench.fixture("installation-deleted"))
            found = try await trouble("octocat/cats")
            XCTAssertEqual(found, .accessLost)
            _ = try await bench.deliver("installation", try WebhookBench.fixture("installation-suspend"))
            found = try await trouble("Codertocat/dogs")
            XCTAssertEqual(found, .suspended)
            _ = try await bench.deliver("installation", try WebhookBench.fixture("installation-unsuspend"))
            found = try await trouble("Codertocat/dogs")
            XCTAssertNil(found)
            let news = try await bench.news()
            XCTAssertEqual(news.count, 5, "one message for both of octocat's: \(news)")
            XCTAssertTrue(news[2].contains("`octocat/cats`, `octocat/Hello-World`"), news[2])
        }
    }

    func testAllRepositoriesThatAreTakenAwayAreOneMessage() async throws {
        try await WebhookBench.with("octocat/Hello-World", "octocat/cats", "octocat/dogs") { bench in
            var removed = try WebhookBench.fixture("installation_repositories-removed")
            removed["repositories_removed"] = [
                ["id": 1, "full_name": "octocat/Hello-World"], ["id": 2, "full_name": "octocat/cats"],
                ["id": 3, "full_name": "octocat/unknown"],
            ]
            let (_, answer) = try await bench.deliver("installation_repositories", removed)
            XCTAssertEqual(answer, "It is noted for 2 apps.\n")
            let news = try await bench.news()
            XCTAssertEqual(news.count, 1, "\(news)")
            XCTAssertTrue(news[0].contains("`octocat/Hello-World`, `octocat/cats`"), news[0])
        }
    }

    func testRerunsActOncePerDelivery() async throws {
        try await WebhookBench.with("Codertocat/Hello-World") { bench in
            var push = try WebhookBench.fixture("push-new-branch")
            let commit = "ec26c3e57ca3a959ca5aad62de7213c562f8c821"
            push["after"] = .string(commit)
            _ = try await bench.deliver("push", push)
            let suite = try WebhookBench.fixture("check_suite-rerequested")
            let (_, first) = try await bench.deliver("check_suite", suite, id: "a")
            XCTAssertEqual(first, "Accepted as operation 3.\n")
            let (_, again) = try await bench.deliver("check_suite", suite, id: "a")
            XCTAssertEqual(again, "This was accepted before.\n")
            let rerun = try await bench.operation(3)
            XCTAssertEqual(rerun.trigger, .rerun(by: "octocoders-linter[bot]"))
            XCTAssertEqual(rerun.kind, .push)
            XCTAssertEqual(rerun.environment, .test)
            let original = try await bench.operation(2)
            XCTAssertEqual(original.state, .queued, "nobody said that it is not wanted")

            var run = try WebhookBench.fixture("check_run-requested_action")
            run["repository"] = push["repository"]
            run["check_run"]?["head_sha"] = .string(commit)
            run["check_run"]?["external_id"] = "2"
            let (_, foreign) = try await bench.deliver("check_run", run)
            XCTAssertEqual(foreign, "Nobody knows that action here.\n")
            run["requested_action"] = ["identifier": "build"]
            let (_, built) = try await bench.deliver("check_run", run)
            XCTAssertEqual(built, "Accepted as operation 4.\n")
            run["check_run"]?["head_sha"] = .string(String(repeating: "ab", count: 20))
            let (_, mismatch) = try await bench.deliver("check_run", run)
            XCTAssertTrue(mismatch.hasPrefix("The repository is not registered, or"), mismatch)
        }
    }

    func testADeletedBranchEndsWhatWaits() async throws {
        try await WebhookBench.with("Codertocat/Hello-World") { bench in
            var push = try WebhookBench.fixture("push-new-branch")
            push["ref"] = "refs/heads/feature/é+x"
            _ = try await bench.deliver("push", push)
            var delete = try WebhookBench.fixture("delete-tag")
            delete["ref"] = "feature/é+x"
            delete["ref_type"] = "branch"
            let (_, text) = try await bench.deliver("delete", delete, id: "gone")
            XCTAssertEqual(text, "The branch is forgotten; 1 of its pushes ended.\n")
            let ended = try await bench.operation(2)
            XCTAssertEqual(ended.state, .superseded)
            // Made again at the same commit, it is new; the old news told again changes nothing.
            _ = try await bench.deliver("push", push)
            _ = try await bench.deliver("delete", delete, id: "gone")
            let second = try await bench.operation(3)
            XCTAssertEqual(second.state, .queued)
        }
    }
}
