/// The files of the sample app, besides busybox.
enum SampleFiles {
    static let all: [(path: String, text: String)] = [
        ("Dockerfile", dockerfile), ("iterapp.toml", settings), ("start.sh", start),
        ("site/health", "ok\n"), ("site/index.html", SamplePage.text), ("README.md", readme),
    ]

    private static let dockerfile = """
        # No base image: a static busybox serves the page.
        FROM scratch
        COPY busybox /bin/busybox
        COPY start.sh /start.sh
        COPY site /site
        ENTRYPOINT ["/bin/busybox", "sh", "/start.sh"]

        """

    private static let settings = """
        # What Iterapp needs to know to run this app; everything here has a default.
        port = 3000
        readiness_path = "/health"

        # Pods in prod; the other environments get one.
        replicas = 2

        [env.common]
        GREETING = "Hello, cats"

        [env.prod]
        GREETING = "Hello, world"

        """

    private static let start = """
        #!/bin/busybox sh
        # Fills in the page, serves it, and ends when it is told to.
        /bin/busybox sed \\
            -e "s/{{greeting}}/$GREETING/g" -e "s/{{env}}/$HOPS_ENV/g" \\
            -e "s/{{sha}}/$HOPS_GIT_SHA/g" -e "s/{{build}}/$HOPS_BUILD_ID/g" \\
            -e "s/{{pod}}/$(/bin/busybox hostname)/g" \\
            /site/index.html > /site/filled.html
        /bin/busybox mv /site/filled.html /site/index.html
        trap '/bin/busybox kill "$server"' TERM INT
        /bin/busybox httpd -f -p "$PORT" -h /site &
        server=$!
        wait "$server"

        """

    private static let readme = """
        # cats

        A page with a cat. Change `site/index.html`, commit, and watch #iterapp-logs: the commit is built
        and deployed to `test` by itself.

        """
}
