/// The log page's script: no framework, no library. Its parts make one file, in an order in which each knows those before.
enum LogScript {
    static let text = [
        prologue, colours, model, rows, steps, search, links, follow, header, stream, keys, start,
    ].joined(separator: "\n")

    /// What the page begins with, and small things that all parts use.
    private static let prologue = #"""
        "use strict";
        const base = document.body.dataset.base;
        const byId = id => document.getElementById(id);

        function make(tag, className, text) {
          const node = document.createElement(tag);
          if (className) node.className = className;
          if (text !== undefined) node.textContent = text;
          return node;
        }

        /* What the server says about the operation: see OperationView. */
        let view = JSON.parse(byId("view").textContent);
        /* Between the server's clock and ours, in seconds. */
        let skew = 0;
        const now = () => Date.now() / 1000 + skew;
        const isFinished = () => view.isFinished;

        /* By the applings' names; the name is empty for an app without applings. */
        const logs = new Map();
        let shown = null;

        function duration(seconds) {
          const whole = Math.max(0, Math.floor(seconds));
          if (whole < 60) return whole + " s";
          if (whole < 3600) return Math.floor(whole / 60) + " min " + String(whole % 60).padStart(2, "0") + " s";
          return Math.floor(whole / 3600) + " h " + String(Math.floor(whole / 60) % 60).padStart(2, "0") + " min";
        }

        function stepDuration(seconds) { return seconds < 60 ? seconds.toFixed(1) + " s" : duration(seconds); }

        """#

    /// The end: what happens when the page opens.
    private static let start = #"""
        draw();
        setInterval(tick, 1000);
        load();
        """#
}
