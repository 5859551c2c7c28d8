import Bot

/// `iterapp install`
struct Install: Subcommand {
    static let help = """
        usage: iterapp install [--only PARTS] [options]

        Prints the Kubernetes objects that install the bot into a cluster, as one JSON List for `kubectl apply -f -`.
        No cluster is asked; the same input gives the same bytes. What is left to do goes to standard error.

          --only PARTS             some of rbac,bot,buildkit,issuers (all)
          --namespace NAME         the bot's (iterapp)
          --image IMAGE            this program's image, instead of ITERAPP_IMAGE
          --url URL                where the bot is reached, instead of ITERAPP_PUBLIC_URL
          --routing PROFILE        gateway or ingress, instead of ITERAPP_ROUTING
          --kubernetes VERSION     of the cluster, instead of ITERAPP_KUBERNETES_VERSION
          --storage SIZE           of the bot's volume (10Gi)
          --storage-class NAME     its class (the cluster's default)
          --registry-secret NAME   a Secret of type docker-registry, with which images are pushed (none)
          --build-namespace NAME   BuildKit's own (iterapp-build)
          --buildkit-image IMAGE   a rootless one (moby/buildkit:v0.32.2-rootless)
          --buildkit-certificates SOURCE
                                   cert-manager, or own: you make the Secrets
          --cert-manager-namespace NAME
                                   where cert-manager runs (cert-manager)
          --email ADDRESS          for the authority's warnings (none)
          --acme-server URL        the authority (Let's Encrypt)
          --dns01 PROVIDER         cloudflare, clouddns:PROJECT or route53:REGION: also solve DNS-01

        The settings of `serve` that are set in the environment and are no secret become the Deployment's. The files
        that ITERAPP_ACCESS_FILE and ITERAPP_POLICY_FILE name become ConfigMaps. With ITERAPP_BUILDER=docker there is no
        BuildKit.

        Secrets are neither read nor printed: the notes say which ones to make.

        Exit code 0 when the objects were printed, 1 with a problem in the settings, 2 for wrong usage.
        """

    private let order: InstallOrder

    init(arguments: [String]) throws {
        let names = InstallOrder.flags
        let arguments = try Arguments(arguments, of: "install", options: Set(names.map { "--\($0)" }))
        var flags: InstallOrder.Flags = [:]
        for name in names { flags[name] = try arguments.value("--\(name)") }
        order = try InstallOrder(flags: flags)
    }

    func run() async throws -> ExitCode {
        try StandardStream.output.write(order.list)
        StandardStream.errors.tryToWrite(order.notes)
        return .success
    }
}
