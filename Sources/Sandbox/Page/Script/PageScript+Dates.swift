extension PageScript {
    /// Moments, in the reader's own zone (docs.slack.dev, "Formatting message text", "Date formatting").
    static let dates = #"""
        const momentOf = ts => new Date(parseFloat(ts) * 1000);
        const shown = (date, options) => date.toLocaleString([], options);
        const clock = date => shown(date, { hour: "numeric", minute: "2-digit" });

        /** "today" and its neighbours; otherwise what `otherwise` says. */
        function pretty(date, otherwise) {
          const midnight = moment => new Date(moment).setHours(0, 0, 0, 0);
          const away = Math.round((midnight(date) - midnight(Date.now())) / 86400000);
          return { "-1": "yesterday", 0: "today", 1: "tomorrow" }[away] || otherwise();
        }

        const agoUnits = [["year", 31536000], ["month", 2592000], ["day", 86400], ["hour", 3600], ["minute", 60]];
        const agoFormat = new Intl.RelativeTimeFormat("en", { numeric: "always" });

        function ago(date) {
          const seconds = Math.round((date - Date.now()) / 1000);
          const unit = agoUnits.find(([, length]) => Math.abs(seconds) >= length);
          if (unit) return agoFormat.format(Math.trunc(seconds / unit[1]), unit[0]);
          if (seconds > 0) return agoFormat.format(seconds, "second");
          return -seconds + (seconds === -1 ? " second ago" : " seconds ago");
        }

        const dateTokens = {
          date_num: date => [date.getFullYear(), date.getMonth() + 1, date.getDate()]
            .map(part => String(part).padStart(2, "0")).join("-"),
          date_slash: date => [date.getDate(), date.getMonth() + 1, date.getFullYear()]
            .map(part => String(part).padStart(2, "0")).join("/"),
          date: date => shown(date, { year: "numeric", month: "long", day: "numeric" }),
          date_short: date => shown(date, { year: "numeric", month: "short", day: "numeric" }),
          date_long: date => shown(date, { weekday: "long", year: "numeric", month: "long", day: "numeric" }),
          date_pretty: date => pretty(date, () => dateTokens.date(date)),
          date_short_pretty: date => pretty(date, () => dateTokens.date_short(date)),
          date_long_pretty: date => pretty(date, () => dateTokens.date_long(date)),
          time: clock,
          time_secs: date => shown(date, { hour: "numeric", minute: "2-digit", second: "2-digit" }),
          ago,
        };

        function dateText(date, format) {
          return format.replace(/\{(\w+)\}/g, (token, name) => dateTokens[name] ? dateTokens[name](date) : token);
        }

        /** `1700000000^{date} at {time}^https://…`, and what stands there for those who can't format dates. */
        function dateNode(command, fallback) {
          const [seconds, format, ...link] = command.split("^");
          const date = momentOf(seconds);
          if (isNaN(date) || !format) return document.createTextNode(fallback);
          const node = timeNode(date, plain(format));
          if (!link.length) return node;
          const anchor = linkNode(plain(link.join("^")), "");
          anchor.replaceChildren(node);
          return anchor;
        }

        function timeNode(date, format) {
          const node = element("time", "", dateText(date, format));
          node.dateTime = date.toISOString();
          node.title = shown(date, { dateStyle: "full", timeStyle: "medium" });
          if (format.includes("{ago}")) node.dataset.ticks = format;
          return node;
        }

        function tick() {
          for (const node of document.querySelectorAll("time[data-ticks]")) {
            const text = dateText(new Date(node.dateTime), node.dataset.ticks);
            if (node.textContent !== text) node.textContent = text;
          }
        }

        """#
}
