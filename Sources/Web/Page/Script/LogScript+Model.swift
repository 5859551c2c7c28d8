extension LogScript {
    /// Lines become steps. A step is what `#5 [web 2/3] RUN make` begins; lines that belong to none stand between them.
    static let model = #"""
        class Log {
          constructor(name) {
            this.name = name;
            /* For each line: what is shown of it, the same without colours, and when it came, in seconds. */
            this.texts = [];
            this.plains = [];
            this.times = [];
            /* For each line: its step, and whether the step's head stands for it. */
            this.owners = [];
            this.isHead = [];
            this.steps = [];
            this.byNumber = new Map();
            this.rest = "";
            this.isLoaded = false;
          }

          get anchor() { return this.name === "" ? "L" : encodeURIComponent(this.name) + "-L"; }
          get title() { return this.name === "" ? "image" : this.name; }

          /* Takes bytes as they come: the last line may be half a one. */
          add(text) {
            const lines = (this.rest + text).split("\n");
            this.rest = lines.pop();
            for (const line of lines) this.addLine(line);
          }

          end() {
            if (this.rest !== "") this.addLine(this.rest);
            this.rest = "";
            this.isLoaded = true;
          }

          addLine(line) {
            const index = this.texts.length;
            const match = /^#(\d+) (.*)$/.exec(line);
            if (match) this.addToStep(index, Number(match[1]), match[2]);
            else if (line === "" && this.last && this.last.number !== null) this.push(index, this.last, line, null, true);
            else this.push(index, this.looseStep(), line, null, false);
          }

          get last() { return this.steps[this.steps.length - 1]; }

          addToStep(index, number, rest) {
            let step = this.byNumber.get(number);
            if (!step) {
              step = this.newStep(number, plainText(rest));
              this.byNumber.set(number, step);
              return this.push(index, step, rest, null, true);
            }
            const timed = /^(\d+\.\d+) (.*)$/.exec(rest);
            if (timed) {
              step.lastSeconds = Number(timed[1]);
              step.lastAt = now();
              return this.push(index, step, timed[2], timed[1], false);
            }
            const done = /^DONE (\d+(?:\.\d+)?)s$/.exec(rest);
            if (done) this.settle(step, step.state === "cached" ? "cached" : "done", Number(done[1]));
            else if (rest === "CACHED") this.settle(step, "cached", 0);
            else if (rest === "CANCELED") this.settle(step, "cancelled", null);
            else if (rest.startsWith("ERROR: ")) {
              step.error = rest.slice(7);
              this.settle(step, /context canceled$/.test(rest) ? "cancelled" : "failed", null);
              return this.push(index, step, rest, null, false);
            }
            this.push(index, step, rest, null, done || rest === "CACHED" || rest === "CANCELED" || rest === step.name);
          }

          settle(step, state, seconds) {
            step.state = state;
            step.seconds = seconds;
            step.hasEnded = true;
          }

          push(index, step, text, time, isHead) {
            this.texts.push(text);
            this.plains.push(plainText(text));
            this.times.push(time);
            this.owners.push(step);
            this.isHead.push(isHead);
            if (isHead) return;
            step.rows.push(index);
            if (step.state === "cached" && step.number !== null) step.state = "done";
            if (step.body) step.pending = true;
          }

          newStep(number, name) {
            const step = {
              log: this, number, name, rows: [], state: number === null ? "loose" : "running", seconds: null, error: null,
              lastSeconds: 0, lastAt: now(), hasEnded: false,
              /* Whether its rows are shown, and whether somebody decided so. */
              isOpen: number === null, isDecided: false,
              node: null, head: null, body: null, chunks: [], pending: false,
            };
            this.steps.push(step);
            return step;
          }

          looseStep() {
            return this.last && this.last.number === null ? this.last : this.newStep(null, "");
          }

          get state() {
            if (this.steps.some(step => step.state === "failed")) return "bad";
            if (isFinished() || this.isLoaded) return this.steps.some(step => step.state === "cancelled") ? "quiet" : "good";
            return "running";
          }
        }

        """#
}
