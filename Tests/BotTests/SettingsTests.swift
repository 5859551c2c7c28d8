import Deploys
import Foundation
import GitHub
import Kubernetes
import TestSupport
import XCTest

@testable import Bot

/// Every variable, its default, and what is said when it is wrong.
final class SettingsTests: XCTestCase {
    private func problems(_ environment: [String: String], line: UInt = #line) -> [String] {
        do throws(SettingsError) {
            _ = try Settings.read(environment)
            XCTFail("was taken", line: line)
            return []
        } catch { return error.problems }
    }

    func testTheDefaults() async throws {
        try await BotBench.with { bench in
            var environment = bench.environment
            for name in ["ITERAPP_LISTEN", "ITERAPP_STATE_DIR", "SLACK_API_URL"] { environment[name] = nil }
            let settings = try Settings.read(environment)
            XCTAssertEqual(settings.host, "127.0.0.1")
            XCTAssertEqual(settings.port, 8080)
            XCTAssertNil(settings.publicURL)
            XCTAssertEqual(settings.stateDirectory, "./state")
            XCTAssertEqual(settings.queueLimit, 10_000)
            XCTAssertEqual(settings.slack.apiURL, "https://slack.com/api/")
            XCTAssertEqual(settings.slack.channels.logChannel, "#iterapp-logs")
            XCTAssertEqual(settings.slack.channels.commandChannels, [])
            XCTAssertEqual(settings.github.address, GitHubAddress())
            XCTAssertEqual(settings.rendering.naming.defaultOrganisation, "iterate")
            XCTAssertEqual(settings.rendering.naming.scheme, "https")
            XCTAssertNil(settings.rendering.naming.port)
            XCTAssertEqual(settings.rendering.naming.domains, .init(
                prod: "{app}.app.iterate.no", test: "{app}.test.iterate.no", snap: "{env}.{app}.app.iterate.no"))
            XCTAssertEqual(settings.rendering.naming.externalDomains, .init(
                prod: "{app}.app.iterapp.no", test: "{app}.test.iterapp.no", snap: "{env}.{app}.app.iterapp.no"))
            XCTAssertNil(settings.rendering.registry)
            XCTAssertNil(settings.cluster.ingressAddress)
            let options = settings.rendering.options
            XCTAssertEqual(
                options.routing, .gateway(.init(name: "iterapp", namespace: "iterapp", listeners: .listenerSet)))
            XCTAssertEqual(options.clusterIssuer, "letsencrypt")
            XCTAssertEqual(options.progressDeadlineSeconds, 180)
        }
    }

    func testEveryVariableIsRead() async throws {
        try await BotBench.with { bench in
            let settings = try bench.settings([
                "ITERAPP_LISTEN": "[::]:9000", "ITERAPP_PUBLIC_URL": "https://iterapp.example.com/",
                "ITERAPP_LOG_CHANNEL": "C0LOGS", "ITERAPP_COMMAND_CHANNELS": " #cats, C0DOGS ,",
                "ITERAPP_DEFAULT_ORG": "acme", "ITERAPP_REGISTRY": "registry.example.com/apps",
                "ITERAPP_DOMAIN_PROD": "{app}.Example.com", "ITERAPP_DOMAIN_TEST": "{app}.test.example.com",
                "ITERAPP_DOMAIN_SNAP": "{env}-{app}.example.com", "ITERAPP_DOMAIN_PROD_EXTERNAL": "{app}.x.example.com",
                "ITERAPP_DOMAIN_TEST_EXTERNAL": "{app}.xt.example.com",
                "ITERAPP_DOMAIN_SNAP_EXTERNAL": "{env}.{app}.xs.example.com",
                "ITERAPP_ROUTING": "ingress", "ITERAPP_GATEWAY": "infra/front",
                "ITERAPP_GATEWAY_LISTENERS": "gateway", "ITERAPP_INGRESS_CLASS": "edge",
                "ITERAPP_INGRESS_CONTROLLER": "traefik",
                "ITERAPP_CLUSTER_ISSUER": "internal", "ITERAPP_INGRESS_ADDRESS": "35.195.169.101",
                "ITERAPP_ACME_DELEGATION": "acme-auth.example.com",
                "ITERAPP_ROLLOUT_DEADLINE_SECONDS": "60", "GITHUB_URL": "https://git.example.com",
                "SLACK_BOT_TOKEN": "xoxb-1\n", "ITERAPP_QUEUE_LIMIT": "1000000", "ITERAPP_KUBERNETES_VERSION": "v1.28.4",
                "ITERAPP_IMAGE": "registry.example.com/iterapp:1",
                "ITERAPP_REDIS_IMAGE": "registry.example.com/redis@sha256:1",
                "ITERAPP_CLOUD_SQL_PROXY_IMAGE": "registry.example.com/proxy:2", "ITERAPP_POD_MONITORS": "true",
                "ITERAPP_CLOUD_SQL_SERVICE_ACCOUNT": "cloud-sql@acme-1.iam.gserviceaccount.com",
            ])
            XCTAssertEqual(settings.host, "::")
            XCTAssertEqual(settings.port, 9000)
            XCTAssertEqual(settings.queueLimit, 1_000_000)
            XCTAssertEqual(settings.publicURL, "https://iterapp.example.com")
            XCTAssertEqual(settings.slack.channels.logChannel, "C0LOGS")
            XCTAssertEqual(settings.slack.channels.commandChannels, ["#cats", "C0DOGS"])
            XCTAssertEqual(settings.slack.botToken, "xoxb-1", "a file's last line break is no part of it")
            XCTAssertEqual(settings.slack.signingSecret, BotBench.signingSecret)
            XCTAssertEqual(settings.github.webhookSecret, BotBench.webhookSecret)
            guard case .token(let token) = settings.github.identity else { return XCTFail("no token") }
            XCTAssertEqual(token.value, BotBench.gitHubToken)
            XCTAssertEqual(settings.github.address.web, "https://git.example.com")
            XCTAssertEqual(settings.github.address.api, "https://git.example.com/api/v3")
            XCTAssertEqual(settings.source, .directory(bench.repositories.path))
            XCTAssertEqual(settings.rendering.naming.defaultOrganisation, "acme")
            XCTAssertEqual(settings.rendering.naming.domains, .init(
                prod: "{app}.example.com", test: "{app}.test.example.com", snap: "{env}-{app}.example.com"))
            XCTAssertEqual(settings.rendering.naming.externalDomains, .init(
                prod: "{app}.x.example.com", test: "{app}.xt.example.com", snap: "{env}.{app}.xs.example.com"))
            XCTAssertEqual(settings.rendering.registry, "registry.example.com/apps")
            XCTAssertEqual(settings.cluster.ingressAddress, IngressAddress(parsing: "35.195.169.101"))
            XCTAssertEqual(settings.cluster.acmeDelegation, "acme-auth.example.com")
            let options = settings.rendering.options
            XCTAssertEqual(options.routing, .ingress(.init(className: "edge", controller: .traefik)))
            XCTAssertEqual(options.clusterIssuer, "internal")
            XCTAssertEqual(options.progressDeadlineSeconds, 60)
            XCTAssertEqual(options.kubernetesMinor, 28)
            XCTAssertEqual(options.programImage, "registry.example.com/iterapp:1")
            XCTAssertEqual(options.redisImage, "registry.example.com/redis@sha256:1")
            XCTAssertEqual(options.cloudSQLProxyImage, "registry.example.com/proxy:2")
            XCTAssertEqual(options.cloudSQLServiceAccount, "cloud-sql@acme-1.iam.gserviceaccount.com")
            XCTAssertTrue(options.podMonitors)
            let behindGateway = try bench.settings([
                "ITERAPP_GATEWAY": "infra/front", "ITERAPP_GATEWAY_LISTENERS": "gateway",
            ])
            XCTAssertEqual(
                behindGateway.rendering.options.routing,
                .gateway(.init(name: "front", namespace: "infra", listeners: .gateway)))
        }
    }

    func testNothingSetIsEveryProblemAtOnce() {
        let problems = problems([:])
        let names = [
            "BUILDKIT_HOST", "ITERAPP_REGISTRY", "SLACK_SIGNING_SECRET", "SLACK_BOT_TOKEN", "GITHUB_TOKEN",
            "GITHUB_WEBHOOK_SECRET", "KUBECONFIG",
        ]
        XCTAssertEqual(problems.count, names.count, problems.joined(separator: "\n"))
        for name in names { XCTAssertEqual(problems.count { $0.contains(name) }, 1, name) }
    }

    func testEveryWrongValueIsNamedAndNoSecretIsRepeated() async throws {
        try await BotBench.with { bench in
            let wrong = [
                "ITERAPP_LISTEN": "8080", "ITERAPP_PUBLIC_URL": "iterapp.example.com", "ITERAPP_QUEUE_LIMIT": "99",
                "SLACK_API_URL": "ftp://slack.com", "ITERAPP_LOG_CHANNEL": "logs", "ITERAPP_COMMAND_CHANNELS": "#a,cats",
                "ITERAPP_SOURCE": "dir:\(bench.directory.path)/missing", "ITERAPP_DEFAULT_ORG": "a/b",
                "ITERAPP_BUILDER": "kaniko", "ITERAPP_DOMAIN_PROD": "apps.example.com",
                "ITERAPP_DOMAIN_TEST_EXTERNAL": "https://{app}.example.com", "ITERAPP_DOMAIN_SNAP": "{app}.example.com",
                "ITERAPP_ROUTING": "istio", "ITERAPP_GATEWAY": "gateway", "ITERAPP_ROLLOUT_DEADLINE_SECONDS": "4",
                "ITERAPP_GATEWAY_LISTENERS": "both", "ITERAPP_INGRESS_CLASS": "Edge",
                "ITERAPP_INGRESS_CONTROLLER": "haproxy", "ITERAPP_CLUSTER_ISSUER": "let's encrypt",
                "ITERAPP_INGRESS_ADDRESS": "35.195.169", "ITERAPP_ACME_DELEGATION": "10.0.0.1",
                "ITERAPP_KUBERNETES_VERSION": "1.24", "ITERAPP_IMAGE": "https://registry.example.com/iterapp",
                "ITERAPP_REDIS_IMAGE": "redis 7", "ITERAPP_POD_MONITORS": "yes",
                "ITERAPP_CLOUD_SQL_PROXY_IMAGE": "docker://proxy", "ITERAPP_CLOUD_SQL_SERVICE_ACCOUNT": "ola@acme.no",
                "KUBECONFIG": "/missing", "GITHUB_APP_ID": "12", "GITHUB_URL": "git@github.com",
            ]
            let problems = problems(bench.environment.merging(wrong) { $1 })
            let text = SettingsError(problems: problems).description
            for (name, value) in wrong {
                let shown = name.contains("CHANNEL") ? value.split(separator: ",").last.map(String.init) ?? "" : name
                let isNamed = { (problem: String) in "\(problem) ".contains(shown + " ") || problem.contains(shown + "=") }
                XCTAssertEqual(problems.count(where: isNamed), 1, "\(name): \(text)")
            }
            XCTAssertEqual(problems.count, wrong.count)
            XCTAssertTrue(text.hasPrefix("There are \(wrong.count) problems with the settings:\n  - "), text)
            for secret in [BotBench.signingSecret, BotBench.botToken, BotBench.webhookSecret, BotBench.gitHubToken] {
                XCTAssertFalse(text.contains(secret))
            }
        }
    }

    func testAGitHubAppAndItsKey() async throws {
        let keys = try await GitHubKeys.shared()
        try await BotBench.with { bench in
            let file = bench.directory.appending(path: "app.pem")
            try Data(keys.privatePEM.utf8).write(to: file)
            let app = ["GITHUB_TOKEN": "", "GITHUB_APP_ID": "Iv23li.1", "GITHUB_APP_PRIVATE_KEY_FILE": file.path]
            let settings = try bench.settings(app)
            guard case .app(let read) = settings.github.identity else { return XCTFail("no App") }
            XCTAssertEqual(read.id, "Iv23li.1")
            let elsewhere = try bench.settings(["GITHUB_API_URL": "http://127.0.0.1:8/v3/"])
            XCTAssertEqual(elsewhere.github.address.api, "http://127.0.0.1:8/v3")

            let broken = bench.directory.appending(path: "broken.pem")
            try Data(keys.privatePEM.replacing("PRIVATE", with: "PUBLIC").utf8).write(to: broken)
            let nowhere = bench.directory.appending(path: "missing.pem").path
            let cases: [([String: String], [String])] = [
                (["GITHUB_APP_ID": ""], ["GITHUB_APP_ID is not set"]),
                (["GITHUB_APP_PRIVATE_KEY_FILE": ""], ["GITHUB_APP_PRIVATE_KEY_FILE is not set"]),
                (["GITHUB_TOKEN": "ghp_nobody"], ["GITHUB_TOKEN is set beside GITHUB_APP_ID"]),
                (["GITHUB_APP_PRIVATE_KEY_FILE": nowhere], ["\(nowhere), which can't be read"]),
                (["GITHUB_APP_PRIVATE_KEY_FILE": bench.directory.path], ["which can't be read"]),
                (["GITHUB_APP_PRIVATE_KEY_FILE": broken.path], ["\(broken.path), but it holds no private key"]),
                (
                    ["GITHUB_APP_PRIVATE_KEY_FILE": broken.path, "GITHUB_APP_ID": "my app"],
                    ["GITHUB_APP_ID must be", "but it holds no private key"]
                ),
                (["GITHUB_API_URL": "api.github.com"], ["GITHUB_API_URL must be a URL"]),
            ]
            for (change, expected) in cases {
                let said = problems(bench.environment.merging(app) { $1 }.merging(change) { $1 })
                XCTAssertEqual(said.count, expected.count, "\(said)")
                for (sentence, part) in zip(said, expected) { XCTAssertTrue(sentence.contains(part), sentence) }
                let line = keys.privatePEM.split(separator: "\n")[1]
                XCTAssertFalse(said.joined().contains(line))
            }
        }
    }

    func testWhichAppAndWhichPlacesAreTaken() async throws {
        try await BotBench.with { bench in
            let settings = try bench.settings([
                "SLACK_APP_ID": "A0ITERAPP1", "ITERAPP_COMMAND_CHANNELS": "direct,G0PRIVATE",
            ])
            XCTAssertEqual(settings.slack.appID, "A0ITERAPP1")
            XCTAssertEqual(settings.slack.channels.commandChannels, [ChannelPolicy.direct, "G0PRIVATE"])
            XCTAssertNil(try bench.settings().slack.appID)
            for id in ["B0ITERAPP1", "A0 1", "iterapp"] {
                XCTAssertThrowsError(try bench.settings(["SLACK_APP_ID": id])) {
                    XCTAssertTrue("\($0)".contains("SLACK_APP_ID"), "\($0)")
                }
            }
            XCTAssertThrowsError(try bench.settings(["ITERAPP_LOG_CHANNEL": "direct"]), "nobody else would read it")
        }
    }

    func testRenderingNeedsNoSecretAndNoCluster() throws {
        let rendering = try Settings.Rendering.read([
            "ITERAPP_DEFAULT_ORG": "acme", "ITERAPP_ROUTING": "ingress", "ITERAPP_LISTEN": "nonsense",
        ])
        XCTAssertEqual(rendering.naming.defaultOrganisation, "acme")
        XCTAssertEqual(rendering.options.routing, .ingress(IngressProfile()))
        XCTAssertEqual(try Settings.Rendering.read([:]).options, RenderOptions())
        XCTAssertThrowsError(
            try Settings.Rendering.read(["ITERAPP_ROUTING": "both", "ITERAPP_DOMAIN_TEST": "cats.example.com"])
        ) { error in
            XCTAssertEqual((error as? SettingsError)?.problems.count, 2)
        }
    }

    func testAVariableSetToNothingIsNotSet() async throws {
        try await BotBench.with { bench in
            let problems = problems(bench.environment.merging(["SLACK_BOT_TOKEN": " \n"]) { $1 })
            XCTAssertEqual(problems, [
                "SLACK_BOT_TOKEN is not set: it is on your Slack app's page under OAuth & Permissions."
            ])
        }
    }

    func testAddresses() async throws {
        try await BotBench.with { bench in
            let cases = [
                ("0.0.0.0:80", "0.0.0.0", 80), (":8080", "0.0.0.0", 8080), ("localhost:0", "localhost", 0),
                ("[::1]:65535", "::1", 65_535),
            ]
            for (value, host, port) in cases {
                let settings = try bench.settings(["ITERAPP_LISTEN": value])
                XCTAssertEqual(settings.host, host)
                XCTAssertEqual(settings.port, port)
            }
            for value in ["127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", ":http"] {
                XCTAssertEqual(problems(bench.environment.merging(["ITERAPP_LISTEN": value]) { $1 }).count, 1, value)
            }
        }
    }

    func testProgramsSeeNoSecret() async throws {
        try await BotBench.with { bench in
            let settings = try bench.settings(["DOCKER_HOST": "unix:///run/docker.sock", "https_proxy": "http://p:1"])
            XCTAssertEqual(
                Set(settings.programEnvironment.keys), ["PATH", "HOME", "DOCKER_HOST", "https_proxy"])
        }
    }
}
