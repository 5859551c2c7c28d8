/// What help says about each command.
extension Verb {
    package var usage: String {
        switch self {
        case .deploy: "/iterapp deploy <app> <environment> <branch>"
        case .build: "/iterapp build <app> [<environment>] <branch>"
        case .cancel: "/iterapp cancel <app> [<environment>]"
        case .approve: "/iterapp approve <app> <environment>"
        case .status: "/iterapp status [<app>]"
        case .apps: "/iterapp apps"
        case .register: "/iterapp register <repo>"
        case .deregister: "/iterapp deregister <app>"
        case .audit: "/iterapp audit <app>"
        case .help: "/iterapp help [command]"
        }
    }

    package var summary: String {
        switch self {
        case .deploy: "build a commit if needed and run it in an environment"
        case .build: "build a branch's head, even if it was built before; nothing is deployed"
        case .cancel: "stop what is under way; what it has changed is undone"
        case .approve: "let a deploy go on that waits for a second person"
        case .status: "what runs where: release, commit, pods, URL, certificate"
        case .apps: "what is registered, your own apps first"
        case .register: "listen to a repository: its pushes are built, its default branch is deployed"
        case .deregister: "stop listening; what runs stays up"
        case .audit: "who did what with an app, or was not allowed to"
        case .help: "this text, or more about one command"
        }
    }

    /// What the usage line leaves open.
    package var explanation: String {
        switch self {
        case .deploy:
            "The environment is `prod`, `test` or `snap0` … `snap9`. Instead of a branch you can name a tag, "
                + "a commit (7 to 40 digits) or an earlier release (`#12`). A commit that is built already is not "
                + "built again."
        case .build:
            "The result offers a button that deploys to the environment named, or else to the app's default one."
        case .cancel:
            "A roll-out that has begun is stopped, and the release before it is put back. The environment is needed "
                + "only when several operations are under way. The button *Cancel* of a message does the same."
        case .approve:
            "Nobody approves what they asked for themselves. What nobody approves within a day ends without having "
                + "changed anything. The buttons *Approve* and *Decline* of the message do the same."
        case .status:
            "Without an app, you see your own: those of your teams, and those that you touched in the last 30 days."
        case .apps:
            "It is answered anywhere, and so is `/iterapp status`: neither changes anything."
        case .register:
            "A repository of the default organisation goes by its name, another one as `org/name`."
        case .deregister:
            "Running deployments stay as they are. `register` brings the automation back."
        case .audit:
            "The newest \(AuditPage.maxEntries) lines of a record from which nothing is ever taken away. "
                + "An app that is not registered any more has one, too."
        case .help:
            "For example `/iterapp help deploy`."
        }
    }

    package func example(app: String) -> String {
        switch self {
        case .deploy: "/iterapp deploy \(app) prod main"
        case .build: "/iterapp build \(app) main"
        case .cancel: "/iterapp cancel \(app) test"
        case .approve: "/iterapp approve \(app) prod"
        case .status: "/iterapp status \(app)"
        case .apps: "/iterapp apps"
        case .register: "/iterapp register \(app)"
        case .deregister: "/iterapp deregister \(app)"
        case .audit: "/iterapp audit \(app)"
        case .help: "/iterapp help deploy"
        }
    }
}
