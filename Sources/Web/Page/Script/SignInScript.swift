/// Browsers keep to themselves what stands behind `#` (RFC 9110, section 4.2.5): the page that offers to sign in sends it
/// along, so that people come back to the line that was meant.
enum SignInScript {
    static let text = #"""
        "use strict";
        for (const offer of document.querySelectorAll("a.button")) {
          offer.addEventListener("click", () => {
            const address = new URL(offer.href), page = address.searchParams.get("to");
            if (!page || page.includes("#") || !location.hash) return;
            address.searchParams.set("to", page + location.hash);
            offer.href = address.href;
          });
        }

        """#
}
