import AppFile
import Deploys
import XCTest

@testable import Bot

final class PolicyFileTests: XCTestCase {
    private func file(_ text: String) -> PolicyFile {
        PolicyFile(Array(text.utf8), path: "policy.toml", defaultOrganisation: "iterate")
    }

    /// Without the path, which is always the same.
    private func problems(_ text: String) -> [String] {
        file(text).problems.map { String($0.description.dropFirst("policy.toml:".count)) }
    }

    func testAFileIsReadAsItIsMeant() throws {
        let file = file(
            """
            [environments.prod]
            deploy = ["team", "U0ADA0001"]
            needs_approval = true
            approve = ["team:platform", "S0DUTY001"]
            channels = ["#releases", "C0LOGS001", "direct", "home"]

            [environments.test]
            deploy = ["anyone"]

            [apps]
            register = ["team:platform"]
            deregister = ["team"]
            build = ["anyone"]

            [teams.cats]
            members = ["U0KARI001", "W0OLE0001", "S0CATS001"]
            apps = ["cats", "Acme/Barking"]

            [teams.cats.environments.snap]
            needs_approval = false

            [teams.platform]
            members = ["S0PLAT001"]
            """)
        XCTAssertEqual(file.problems, [])
        let cats = Policy.Team(
            name: "cats", members: [.person("U0KARI001"), .person("W0OLE0001"), .group("S0CATS001")],
            apps: [
                AppID(organisation: "iterate", name: "cats"), AppID(organisation: "Acme", name: "Barking"),
            ],
            rules: [.snap: Policy.Rule(needsApproval: false)])
        XCTAssertEqual(
            file.policy,
            Policy(
                teams: [cats, Policy.Team(name: "platform", members: [.group("S0PLAT001")], apps: [])],
                rules: [
                    .prod: Policy.Rule(
                        deploy: [.owner, .party(.person("U0ADA0001"))], needsApproval: true,
                        approve: [.party(.team("platform")), .party(.group("S0DUTY001"))],
                        channels: ["#releases", "C0LOGS001", "direct", "home"]),
                    .test: Policy.Rule(deploy: [.party(.anyone)]),
                ],
                register: [.party(.team("platform"))], deregister: [.owner], build: [.party(.anyone)]))
        XCTAssertEqual(self.file("").policy, Policy(), "an empty file says nothing, which is allowed")
        XCTAssertEqual(self.file("").problems, [])
    }

    /// One mistake each: where it is, and what to do.
    func testMistakesInTablesAndKeys() {
        let prod = "[environments.prod]\n"
        let cases: [(String, String)] = [
            ("[enviroments.prod]\n", "1:2: error: unknown key `enviroments`; did you mean `environments`?"),
            ("[prod]\n", "1:2: error: `prod` stands outside of `environments`; write `[environments.prod]`"),
            (
                "deploy = [\"anyone\"]\n",
                "1:1: error: `deploy` stands outside of an environment; write it below a header such as "
                    + "`[environments.prod]`"
            ),
            (
                "register = [\"anyone\"]\n",
                "1:1: error: `register` stands outside of a table; write it below `[apps]`, as `register = [\"anyone\"]`"
            ),
            (
                "members = []\n",
                "1:1: error: `members` stands outside of a team; write it below a header such as `[teams.cats]`"
            ),
            (
                "colour = 1\n",
                "1:1: error: unknown key `colour`; the file has the tables `environments`, `apps` and `teams`"
            ),
            ("environments = 1\n", "1:16: error: `environments` must be a table; write `[environments.prod]`"),
            (
                "[environments]\ndeploy = [\"team\"]\n",
                "2:1: error: `deploy` must say for which environment; write it below a header such as "
                    + "`[environments.prod]`"
            ),
            (
                "[environments.staging]\n",
                "1:15: error: unknown environment `staging`; there are `prod`, `test` and `snap`"
            ),
            (
                "[environments.production]\n",
                "1:15: error: unknown environment `production`; did you mean `prod`? There are `prod`, `test` and `snap`"
            ),
            (
                "[environments.snap3]\n",
                "1:15: error: `snap3` has no rule of its own; `[environments.snap]` is about all of snap0 to snap9"
            ),
            (
                "[environments]\nprod = \"team\"\n",
                "2:8: error: `environments.prod` must be a table; write `[environments.prod]` and below it "
                    + "`deploy = [\"team\"]`"
            ),
            (prod + "aprove = [\"team\"]\n", "2:1: error: unknown key `aprove`; did you mean `approve`?"),
            (
                prod + "who = [\"team\"]\n",
                "2:1: error: unknown key `who`; `[environments.prod]` takes `deploy`, `needs_approval`, `approve` and "
                    + "`channels`"
            ),
            (
                prod + "needs_approval = \"yes\"\n",
                "2:18: error: `environments.prod.needs_approval` must be true or false"
            ),
            (
                prod + "needs_approval = false\napprove = [\"team\"]\n",
                "3:1: error: `approve` says who gives an approval that `needs_approval = false` does not ask for"
            ),
            ("apps = [\"cats\"]\n", "1:8: error: `apps` must be a table; write `[apps]` and below it `register = [\"anyone\"]`"),
            ("[apps]\ndeploy = [\"team\"]\n", "2:1: error: unknown key `deploy`; `[apps]` takes `register`, `deregister` and `build`"),
            ("[teams]\nmembers = []\n", "2:11: error: `members` must say of which team; write it below a header such as `[teams.cats]`"),
            ("teams = 1\n", "1:9: error: `teams` must be a table; write `[teams.cats]`"),
        ]
        for (text, expected) in cases { XCTAssertEqual(problems(text), [expected], text) }
    }

    func testMistakesInNames() {
        let head = "[environments.prod]\ndeploy = "
        let advice = "Names and addresses change, so people are named by their member id, U… or W… (in Slack: the person's "
            + "profile, “⋮”, “Copy member ID”), and user groups by theirs, S… (in Slack: Directories, “User groups”, the "
            + "group, “…”, “Copy group ID”)"
        let cases: [(String, String)] = [
            (head + "\"team\"\n", "2:10: error: `environments.prod.deploy` must be a list of `anyone`, `team`, `team:NAME`, and ids of people and user groups; put it in brackets: [\"team\"]"),
            (head + "[]\n", "2:10: error: `environments.prod.deploy` is empty; leave it out, or list `anyone`, `team`, `team:NAME`, and ids of people and user groups"),
            (head + "[7]\n", "2:11: error: each entry of `environments.prod.deploy` must be a text in quotes"),
            (head + "[\"@kari\"]\n", "2:11: error: `@kari` is no id. \(advice)"),
            (head + "[\"kari@example.com\"]\n", "2:11: error: `kari@example.com` is no id. \(advice)"),
            (head + "[\"Kari Nordmann\"]\n", "2:11: error: `Kari Nordmann` is no id. \(advice)"),
            (head + "[\"<@U012AB3CD>\"]\n", "2:11: error: `<@U012AB3CD>` is not quite an id; write `U012AB3CD`"),
            (head + "[\"<!subteam^S0614TZR7|@cats>\"]\n", "2:11: error: `<!subteam^S0614TZR7|@cats>` is not quite an id; write `S0614TZR7`"),
            (head + "[\"u012ab3cd\"]\n", "2:11: error: `u012ab3cd` is not quite an id; write `U012AB3CD`"),
            (head + "[\"C012AB3CD\"]\n", "2:11: error: `C012AB3CD` is the id of a channel, not of a person or a user group"),
            (head + "[\"everyone\"]\n", "2:11: error: `everyone` is nobody; did you mean `anyone`?"),
            (head + "[\"teams\"]\n", "2:11: error: `teams` is nobody; did you mean `team`?"),
            (head + "[\"team:cats\"]\n", "2:11: error: there is no team `cats` in this file"),
            (head + "[\"U1\", \"U1\"]\n", "2:17: error: `U1` is listed twice"),
            ("[environments.prod]\nchannels = [\"releases\"]\n", "2:13: error: `releases` is no channel; write `#releases`"),
            ("[environments.prod]\nchannels = [\"#Releases\"]\n", "2:13: error: `#Releases` is no channel; write `#name`, the channel's id (C…), `direct` or `home`"),
        ]
        for (text, expected) in cases { XCTAssertEqual(problems(text), [expected], text) }
        let team = "[environments.prod]\ndeploy = [\"NAME\"]\n[teams.platform]\nmembers = [\"U1\"]\n"
        XCTAssertEqual(
            problems(team.replacing("NAME", with: "platform")),
            ["2:11: error: `platform` is a team; write `team:platform`"])
        XCTAssertEqual(
            problems(team.replacing("NAME", with: "team:platfrom")),
            ["2:11: error: there is no team `platfrom` in this file; did you mean `team:platform`?"])
    }

    func testMistakesInTeams() {
        let cats = "[teams.cats]\nmembers = [\"U1\"]\n"
        let cases: [(String, String)] = [
            ("[teams.cats]\napps = [\"cats\"]\n", "1:8: error: team `cats` has no members; add `members = [\"U012AB3CD\"]`, ids of people or groups"),
            ("[teams.cats]\nmembers = []\n", "2:11: error: `teams.cats.members` is empty; leave it out, or list ids of people and user groups"),
            ("[teams.cats]\nmembers = [\"anyone\"]\n", "2:12: error: `anyone` is no member; a team's members are ids of people and user groups"),
            ("[teams]\ncats = [\"U1\"]\n", "2:8: error: `teams.cats` must be a table with `members` and `apps`"),
            (cats + "app = [\"cats\"]\n", "3:1: error: unknown key `app`; did you mean `apps`?"),
            (cats + "deploy = [\"team\"]\n", "3:1: error: `deploy` must say for which environment; write it below `[teams.cats.environments.prod]`"),
            (cats + "[teams.cats.prod]\n", "3:13: error: unknown key `prod`; did you mean `[teams.cats.environments.prod]`?"),
            (cats + "apps = [\"a b\"]\n", "3:9: error: `a b` can't be a repository's name; write `name`, or `org/name` for another organisation than `iterate`"),
            (cats + "apps = [\"cats\", \"Iterate/CATS\"]\n", "3:17: error: `Iterate/CATS` is listed twice"),
            (
                cats + "apps = [\"cats\"]\n[teams.dogs]\nmembers = [\"U2\"]\napps = [\"dogs\", \"Cats\"]\n",
                "6:17: error: `Cats` belongs to team `cats` already (line 3); an app has one team"
            ),
            ("[teams.\"*cats*\"]\nmembers = [\"U1\"]\n", "1:8: error: `\"*cats*\"` can't be a team's name: those have up to 60 letters, digits, spaces and - _ . & +"),
        ]
        for (text, expected) in cases { XCTAssertEqual(problems(text), [expected], text) }
        XCTAssertEqual(problems("[teams.\"R&D Øst\"]\nmembers = [\"U1\"]\n"), [])
    }

    func testAnApprovalThatNobodyCouldGiveIsAWarning() {
        let lonely = "[environments.prod]\ndeploy = [\"team\"]\nneeds_approval = true\n"
            + "[teams.cats]\nmembers = [\"U1\"]\napps = [\"cats\"]\n"
        XCTAssertEqual(
            problems(lonely),
            [
                "4:8: warning: a change of prod needs the approval of a second person, and for team `cats` there is only "
                    + "U1; name more people, or a user group"
            ])
        XCTAssertNotNil(file(lonely).policy)
        XCTAssertEqual(problems(lonely.replacing("[\"U1\"]", with: "[\"U1\", \"U2\"]")), [])
        XCTAssertEqual(problems(lonely.replacing("[\"U1\"]", with: "[\"S1\"]")), [])
        XCTAssertEqual(problems(lonely.replacing("true\n", with: "true\napprove = [\"anyone\"]\n")), [])
    }

    func testAllProblemsAreToldAtOnceInTheOrderOfTheirPlaces() {
        let problems = problems("[environments.prod]\ndeply = 1\nneeds_approval = 1\n[teams.cats]\n= 3\nmembers = [\"x\"]\n")
        XCTAssertEqual(problems.map { $0.prefix(4) }, ["2:1:", "3:18", "5:1:", "6:12"], "\(problems)")
    }

    func testFilesThatCannotBeReadOrAreHuge() {
        let missing = PolicyFile.read("/nowhere/policy.toml", defaultOrganisation: "iterate")
        XCTAssertNil(missing.policy)
        XCTAssertEqual(
            missing.problems.map(\.description),
            ["/nowhere/policy.toml:1:1: error: the file cannot be read: No such file or directory"])
        let folder = PolicyFile.read("/", defaultOrganisation: "iterate")
        XCTAssertNil(folder.policy)
        XCTAssertEqual(folder.problems.count, 1)
        let huge = PolicyFile([UInt8](repeating: 0x23, count: 2 << 20), path: "p", defaultOrganisation: "iterate")
        XCTAssertNil(huge.policy)
        let many = (0..<300).map { "key\($0) = 1\n" }.joined()
        XCTAssertEqual(file(many).problems.count, 100)
        XCTAssertNil(file(many).policy)
    }
}
