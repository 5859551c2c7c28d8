extension PageScript {
    /// Channels, the app, and who sits in front of the page.
    static let places = #"""
        const readUpTo = new Map();   // member and place → ts of the newest message that was seen
        const slackbot = "USLACKBOT";
        const seenKey = place => here.me + " " + place;

        function takeWorkspace(workspace) {
          const refill = (map, all) => { map.clear(); for (const one of all) map.set(one.id, one); };
          const slack = { id: slackbot, name: "slackbot", title: "Slackbot", is_bot: true };
          refill(people, [...workspace.members, workspace.bot, slack]);
          refill(groups, workspace.groups || []);
          refill(places, workspace.places);
          here.bot = workspace.bot.id;
          if (!people.has(here.me)) here.me = workspace.members[0].id;
          if (!visiblePlaces().some(place => place.id === here.place)) here.place = visiblePlaces()[0].id;
        }

        const visiblePlaces = () => [...places.values()].filter(place => place.members.includes(here.me));

        function placeTitle(id) {
          const place = places.get(id);
          if (!place) return id;
          return place.kind === "direct" ? nameOf(here.bot) : (place.is_private ? "🔒 " : "# ") + place.name;
        }

        function unread(id) {
          const seen = readUpTo.get(seenKey(id)) || "";
          return [...messages.values()].filter(message => message.channel === id && message.ts > seen
            && message.user !== here.me && isForMe(message) && (isRoot(message) || message.only)).length;
        }

        /** What is in the open channel now was seen by whoever acts; with `everybody`, by all, everywhere. */
        function markSeen(everybody) {
          const newest = [...messages.values()].reduce((ts, message) => message.ts > ts ? message.ts : ts, "");
          if (everybody) {
            for (const member of people.keys()) for (const id of places.keys()) readUpTo.set(member + " " + id, newest);
          } else if (here.tab === "messages" && !document.hidden) {
            readUpTo.set(seenKey(here.place), newest);
          }
        }

        function showSidebar() {
          const all = visiblePlaces();
          const focused = the("side").contains(document.activeElement) && document.activeElement;
          the("channels").replaceChildren(...all.filter(place => place.kind === "channel").map(placeEntry));
          the("apps").replaceChildren(...all.filter(place => place.kind === "direct").map(placeEntry));
          the("members").replaceChildren(...[...people.values()].filter(person => !person.is_bot).map(memberEntry));
          if (!focused || focused.isConnected) return;
          const { place } = focused.dataset;
          the("side").querySelector(place ? `[data-place="${place}"]` : `[value="${focused.value}"]`)?.focus();
        }

        function placeEntry(place) {
          const count = place.id === here.place && here.tab === "messages" ? 0 : unread(place.id);
          const isDirect = place.kind === "direct";
          const entry = button("place" + (count ? " unread" : ""),
            isDirect ? avatarNode(here.bot) : element("span", "sign", place.is_private ? "🔒" : "#"),
            element("span", "place-name", isDirect ? nameOf(here.bot) : place.name));
          if (isDirect && count) entry.append(element("span", "badge", String(count)));
          if (count) entry.append(element("span", "hidden", ", " + count + " unread"));
          if (place.id === here.place) entry.setAttribute("aria-current", "page");
          entry.dataset.place = place.id;
          entry.addEventListener("click", () => go(place.id));
          return entry;
        }

        function memberEntry(person) {
          const box = element("input", "hidden");
          box.type = "radio";
          box.name = "member";
          box.value = person.id;
          box.checked = person.id === here.me;
          box.addEventListener("change", () => actAs(person.id));
          return element("label", "member", box, avatarNode(person.id), element("span", "", person.name));
        }

        /** Another member looks at the same workspace. */
        function actAs(id) {
          const wasDirect = places.get(here.place)?.kind === "direct";
          here.me = id;
          if (!visiblePlaces().some(place => place.id === here.place)) {
            const mine = visiblePlaces();
            here.place = ((wasDirect && mine.find(place => place.kind === "direct")) || mine[0]).id;
          }
          hideThread();
          showEverything();
          showModal();
          the("members").querySelector(":checked")?.focus();
          say("You act as " + nameOf(id) + " now.");
        }

        function go(id, tab) {
          here.place = id;
          here.tab = places.get(id)?.kind === "direct" ? tab || "messages" : "messages";
          document.body.classList.remove("with-side");
          if (here.thread && here.thread.channel !== id) hideThread();
          showEverything();
          if (here.tab === "messages") the("line").focus({ preventScroll: true });
          if (here.tab === "messages" && places.get(id)?.kind === "direct") send("/demo/home", { tab: "messages" });
        }

        function showEverything() {
          showHead();
          const isHome = here.tab === "home";
          the("home").hidden = !isHome;
          the("talk").hidden = isHome;
          markSeen(false);
          showSidebar();
          if (isHome) openHome(); else showPlace();
        }

        function showHead() {
          const isDirect = places.get(here.place).kind === "direct";
          const title = placeTitle(here.place);
          the("place-title").textContent = title;
          document.title = title + " · Iterapp demo";
          the("tabs").hidden = !isDirect;
          for (const tab of the("tabs").children) {
            tab.setAttribute("aria-selected", String(tab.dataset.tab === here.tab));
          }
          the("empty-words").textContent = isDirect
            ? "This is between you and Iterapp. Commands need no slash here: help"
            : "Nothing happened here yet.";
          the("line").placeholder = "Message " + title.replace("# ", "#");
        }

        /** Channels come, are called otherwise, and go. */
        function changeWorkspace(workspace) {
          const before = here.place;
          takeWorkspace(workspace);
          if (here.place !== before) return showEverything();
          showHead();
          showSidebar();
        }

        for (const tab of the("tabs").children) tab.addEventListener("click", () => go(here.place, tab.dataset.tab));
        the("tabs").addEventListener("keydown", event => {
          if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
          const other = [...the("tabs").children].find(tab => tab.dataset.tab !== here.tab);
          other.click();
          other.focus();
        });
        the("side-opener").addEventListener("click", () => document.body.classList.toggle("with-side"));

        """#
}
