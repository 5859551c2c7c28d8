extension PageScript {
    /// Files of a message: a few lines of a text can be read in place, all of it downloaded.
    static let files = #"""
        const maxPreviewLines = 8;
        const maxPreviewCharacters = 200000;
        const fileTexts = new Map();       // id → promise of the text
        const expandedFiles = new Set();   // also over an edit of the message

        function sizeText(bytes) {
          if (bytes < 1000) return bytes + " B";
          return bytes < 1000000 ? (bytes / 1000).toFixed(0) + " kB" : (bytes / 1000000).toFixed(1) + " MB";
        }

        function fileNode(file) {
          const name = element("span", "file-name", file.title || file.name);
          const kind = file.filetype === "text" ? "Plain text" : file.filetype || "File";
          const about = element("small", "", kind + " · " + sizeText(file.size));
          const link = element("a", "control plain", "Download");
          link.href = fileURL(file);
          link.download = file.name;
          link.setAttribute("aria-label", "Download " + (file.title || file.name));
          const node = element("section", "file", element("div", "file-head",
            element("span", "file-icon", "📄"), element("div", "", name, about), link));
          node.setAttribute("aria-label", "File " + (file.title || file.name));
          if (/^text\/|json|^$/.test(file.mimetype || "")) addPreview(node, file);
          return node;
        }

        const fileURL = file => "/demo/files/" + encodeURIComponent(file.id);

        function addPreview(node, file) {
          const text = element("pre", "preview");
          text.hidden = true;
          text.tabIndex = 0;
          const more = button("more", "Show all");
          more.hidden = true;
          node.append(text, more);
          const show = whole => {
            const lines = whole.slice(0, maxPreviewCharacters).replace(/\n$/, "").split("\n");
            const isLong = lines.length > maxPreviewLines;
            const isOpen = expandedFiles.has(file.id);
            keepingBottom(node.closest("#messages, #replies") || list, () => {
              text.textContent = (isLong && !isOpen ? lines.slice(0, maxPreviewLines) : lines).join("\n");
              text.classList.toggle("whole", isOpen);
              text.hidden = false;
              more.hidden = !isLong;
            });
            more.textContent = isOpen ? "Show less" : "Show all " + lines.length + " lines";
            more.setAttribute("aria-expanded", String(isOpen));
            more.onclick = () => {
              if (isOpen) expandedFiles.delete(file.id); else expandedFiles.add(file.id);
              show(whole);
            };
          };
          fileText(file).then(show, () => { text.textContent = "The file can't be read."; text.hidden = false; });
        }

        function fileText(file) {
          if (!fileTexts.has(file.id)) {
            fileTexts.set(file.id, fetch(fileURL(file)).then(response => {
              if (!response.ok) throw new Error(response.status);
              return response.text();
            }));
          }
          return fileTexts.get(file.id);
        }

        """#
}
