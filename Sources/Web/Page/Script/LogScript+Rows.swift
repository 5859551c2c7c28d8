extension LogScript {
    /// Only the rows near what is seen are in the page: the others are a height. So a log may be long.
    static let rows = #"""
        const chunkRows = 100;
        /* Of a row that was never seen. */
        const rowHeight = 20;

        const sight = new IntersectionObserver(entries => {
          for (const entry of entries) {
            const chunk = entry.target.chunk;
            entry.isIntersecting ? fill(chunk) : empty(chunk);
          }
        }, { rootMargin: "1200px 0px" });

        function newChunk(step) {
          const node = make("div", "chunk");
          const chunk = { step, node, rows: [], isFilled: false };
          node.chunk = chunk;
          step.chunks.push(chunk);
          step.body.append(node);
          sight.observe(node);
          return chunk;
        }

        /* Gives the rows that are new their places. */
        function placeRows(step) {
          let placed = step.chunks.reduce((sum, chunk) => sum + chunk.rows.length, 0);
          while (placed < step.rows.length) {
            let chunk = step.chunks[step.chunks.length - 1];
            if (!chunk || chunk.rows.length >= chunkRows) chunk = newChunk(step);
            const fresh = step.rows.slice(placed, placed + chunkRows - chunk.rows.length);
            chunk.rows.push(...fresh);
            placed += fresh.length;
            if (chunk.isFilled) chunk.node.append(...fresh.map(index => row(step.log, index)));
            else chunk.node.style.height = chunk.rows.length * rowHeight + "px";
          }
          step.pending = false;
        }

        function fill(chunk) {
          if (chunk.isFilled) return;
          chunk.isFilled = true;
          chunk.node.style.height = "";
          chunk.node.replaceChildren(...chunk.rows.map(index => row(chunk.step.log, index)));
        }

        function empty(chunk) {
          if (!chunk.isFilled || chunk.node.contains(document.activeElement) || isSelected(chunk.node)) return;
          /* A step that is folded has no height of its own. */
          const height = chunk.node.offsetHeight || chunk.rows.length * rowHeight;
          chunk.isFilled = false;
          chunk.node.style.height = height + "px";
          chunk.node.replaceChildren();
        }

        function isSelected(node) {
          const selection = document.getSelection();
          return !selection.isCollapsed && selection.containsNode(node, true);
        }

        function row(log, index) {
          const node = make("div", "row");
          node.dataset.line = index + 1;
          if (isLinked(log, index)) node.classList.add("linked");
          if (isCurrent(log, index)) node.classList.add("current");
          if (log.texts[index].startsWith("ERROR: ")) node.classList.add("error");
          const number = make("a", "number", index + 1);
          number.href = "#" + log.anchor + (index + 1);
          number.tabIndex = -1;
          const text = make("span", "text");
          fillText(text, log.texts[index], log.plains[index]);
          node.append(number, text);
          if (log.times[index] !== null) node.append(make("span", "moment", log.times[index]));
          return node;
        }

        function redrawRows(log) {
          for (const step of log.steps) {
            drawHead(step);
            for (const chunk of step.chunks) if (chunk.isFilled) {
              chunk.isFilled = false;
              fill(chunk);
            }
          }
        }

        /* The node that stands for a line, made if need be. */
        function nodeOf(log, index) {
          const step = log.owners[index];
          drawSteps(log);
          if (log.isHead[index]) return step.head;
          step.isDecided = true;
          setOpen(step, true);
          const chunk = step.chunks.find(chunk => chunk.rows[chunk.rows.length - 1] >= index);
          fill(chunk);
          return chunk.node.children[chunk.rows.indexOf(index)];
        }

        function reveal(log, index, place) {
          show(log);
          following = false;
          const node = nodeOf(log, index);
          const scroll = () => {
            if (node.isConnected) node.scrollIntoView({ block: place, behavior: "instant" });
            noteScroll();
          };
          scroll();
          /* What is filled on the way has other heights than we thought. */
          requestAnimationFrame(() => { scroll(); requestAnimationFrame(scroll); });
          return node;
        }

        """#
}
