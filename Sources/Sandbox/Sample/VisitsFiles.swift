/// The files of the sample app with a database, besides programs.
enum VisitsFiles {
    static let all: [(path: String, text: String)] = [
        ("Dockerfile", dockerfile), ("iterapp.toml", settings), ("start.sh", start), ("count.cgi", count),
        ("README.md", readme),
    ]

    private static let dockerfile = """
        # No base image: a static busybox serves the page, and psql speaks with the database.
        FROM scratch
        COPY root /
        COPY busybox /bin/busybox
        COPY start.sh /start.sh
        COPY count.cgi /site/cgi-bin/index.cgi
        ENTRYPOINT ["/bin/busybox", "sh", "/start.sh"]

        """

    private static let settings = """
        # One line, and there is a database: its address and password are in PGHOST, PGPASSWORD, DATABASE_URL and so on.
        readiness_path = "/health"

        [postgres]

        """

    private static let start = """
        #!/bin/busybox sh
        # Prepares the database, serves the page, and ends when it is told to.
        until /bin/psql -X -q -c 'CREATE TABLE IF NOT EXISTS visits (at timestamptz NOT NULL DEFAULT now())'; do
            /bin/busybox sleep 1
        done
        echo ok > /site/health
        trap '/bin/busybox kill "$server"' TERM INT
        /bin/busybox httpd -f -p "$PORT" -h /site &
        server=$!
        wait "$server"

        """

    /// httpd runs it for `/`, where there is no page.
    private static let count = """
        #!/bin/busybox sh
        # Counts each look at the page.
        /bin/psql -X -q -c 'INSERT INTO visits DEFAULT VALUES'
        count=$(/bin/psql -X -A -t -c 'SELECT count(*) FROM visits')
        echo 'Content-Type: text/html; charset=utf-8'
        echo
        echo "<!doctype html><title>visits</title>"
        echo "<body style='font: 2rem system-ui; display: grid; place-content: center; min-height: 95vh'>"
        echo "<p>Visits to $HOPS_ENV: <b id=count>$count</b>"

        """

    private static let readme = """
        # visits

        A page that counts its visits in a PostgreSQL database of its own, in each environment. `root` holds psql with
        its libraries, as they were on the machine where the demo was started first.

        """
}
