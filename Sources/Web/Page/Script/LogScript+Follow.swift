extension LogScript {
    /// The page stays at the log's end while more comes, until somebody scrolls up.
    static let follow = #"""
        let following = !isFinished() && !location.hash;
        let lastTop = 0, lastHeight = 0;
        const page = document.scrollingElement;

        const isAtEnd = () => page.scrollTop + innerHeight >= page.scrollHeight - 40;

        function noteScroll() {
          lastTop = page.scrollTop;
          lastHeight = page.scrollHeight;
          drawJump();
        }

        /* A page that became shorter scrolls by itself; nobody's hand does that. */
        addEventListener("scroll", () => {
          const isUp = page.scrollTop < lastTop - 2 && page.scrollHeight >= lastHeight;
          const isDown = page.scrollTop > lastTop + 2;
          if (isUp) following = false;
          else if (isDown && isAtEnd() && !isFinished()) following = true;
          noteScroll();
        }, { passive: true });

        function keepFollowing() {
          if (following && !isFinished()) page.scrollTop = page.scrollHeight;
          noteScroll();
        }

        /* Lines that come, steps that fold, a screen that is turned: whoever follows stays at the end. */
        new ResizeObserver(keepFollowing).observe(byId("logs"));

        function drawJump() {
          byId("jump").hidden = isAtEnd();
          document.body.dataset.following = following && !isFinished();
        }

        byId("jump").addEventListener("click", jump);

        function jump() {
          following = !isFinished();
          const last = shown && shown.steps[shown.steps.length - 1];
          if (last && last.rows.length > 0) setOpen(last, true);
          page.scrollTop = page.scrollHeight;
          /* What comes into sight gets its true height. */
          requestAnimationFrame(() => {
            page.scrollTop = page.scrollHeight;
            requestAnimationFrame(() => { page.scrollTop = page.scrollHeight; noteScroll(); });
          });
        }

        """#
}
