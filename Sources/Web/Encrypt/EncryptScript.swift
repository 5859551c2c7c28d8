/// The script of the page for encrypting: RFC 9180 with what WebCrypto has (https://www.w3.org/TR/webcrypto-2/).
enum EncryptScript {
    static let text = ["\"use strict\";", bytes, hpke, value, page].joined(separator: "\n")

    private static let bytes = #"""
        const utf8 = text => new TextEncoder().encode(text);
        const none = new Uint8Array(0);

        function join(...parts) {
          const all = parts.map(part => Uint8Array.from(part));
          const joined = new Uint8Array(all.reduce((count, part) => count + part.length, 0));
          let at = 0;
          for (const part of all) {
            joined.set(part, at);
            at += part.length;
          }
          return joined;
        }

        const fromHex = text => Uint8Array.from(text.match(/../g), pair => parseInt(pair, 16));

        // RFC 4648, section 5, without padding.
        function base64URL(bytes) {
          let text = "";
          for (const byte of bytes) text += String.fromCharCode(byte);
          return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
        }

        // As in PNG and zip, most significant byte first.
        function crc32(bytes) {
          let sum = ~0;
          for (const byte of bytes) {
            sum ^= byte;
            for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? sum >>> 1 ^ 0xEDB88320 : sum >>> 1;
          }
          sum = ~sum;
          return [24, 16, 8, 0].map(shift => sum >>> shift & 255);
        }
        """#

    private static let hpke = #"""
        const curve = { name: "ECDH", namedCurve: "P-256" };
        const version = utf8("HPKE-v1");
        const kem = join(utf8("KEM"), [0, 0x10]);
        const suite = join(utf8("HPKE"), [0, 0x10, 0, 1, 0, 1]);

        async function hmac(key, message) {
          // Zeros are what an empty key is filled up with (RFC 2104), and empty ones are not taken.
          const bytes = key.length ? key : new Uint8Array(32);
          const ready = await crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
          return new Uint8Array(await crypto.subtle.sign("HMAC", ready, message));
        }

        const extract = (id, salt, label, material) => hmac(salt, join(version, id, utf8(label), material));

        async function expand(id, key, label, info, count) {
          const block = await hmac(key, join([count >> 8, count & 255], version, id, utf8(label), info, [1]));
          return block.slice(0, count);
        }

        async function seal(plain, recipient, info) {
          const publicKey = await crypto.subtle.importKey("raw", recipient, curve, false, []);
          const own = await crypto.subtle.generateKey(curve, false, ["deriveBits"]);
          const encapsulated = new Uint8Array(await crypto.subtle.exportKey("raw", own.publicKey));
          const agreed = new Uint8Array(
            await crypto.subtle.deriveBits({ name: "ECDH", public: publicKey }, own.privateKey, 256));
          const shared = await expand(
            kem, await extract(kem, none, "eae_prk", agreed), "shared_secret", join(encapsulated, recipient), 32);
          const context = join(
            [0], await extract(suite, none, "psk_id_hash", none), await extract(suite, none, "info_hash", info));
          const secret = await extract(suite, shared, "secret", none);
          const key = await expand(suite, secret, "key", context, 16);
          const nonce = await expand(suite, secret, "base_nonce", context, 12);
          const cipher = await crypto.subtle.importKey("raw", key, "AES-GCM", false, ["encrypt"]);
          const ciphertext = await crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce }, cipher, plain);
          return join(encapsulated, new Uint8Array(ciphertext));
        }
        """#

    private static let value = #"""
        const scopes = { common: 0, prod: 1, build: 2 };

        // What a value says of itself is bound to it as well.
        async function encrypted(plain, app, scope) {
          const name = utf8(app);
          const header = join([1, scopes[scope]], fromHex(document.body.dataset.keyId), [name.length], name);
          const info = join(utf8("iterapp encrypted value\0"), header);
          const whole = join(header, await seal(plain, fromHex(document.body.dataset.key), info));
          return base64URL(join(whole, crc32(whole)));
        }

        function appNamed(text) {
          const parts = text.trim().toLowerCase().split("/");
          if (parts.length === 1) parts.unshift(document.body.dataset.organisation.toLowerCase());
          const isName = part => /^[a-z0-9_][a-z0-9_.-]{0,99}$/.test(part) && !part.endsWith(".git");
          return parts.length === 2 && parts.every(isName) ? parts.join("/") : null;
        }

        const isVariable = name => /^[A-Za-z_][A-Za-z0-9_.-]*$/.test(name);
        const isSecretID = name => /^[A-Za-z0-9_.-]+$/.test(name);
        const inTOML = name => /^[A-Za-z0-9_-]+$/.test(name) ? name : JSON.stringify(name);
        """#

    private static let page = #"""
        const the = id => document.getElementById(id);
        const examples = { common: "API_KEY", prod: "API_KEY", build: "npm" };
        const tables = { common: "env.common", prod: "env.prod", build: "build_secrets" };
        const scope = () => document.querySelector("[name=scope]:checked").value;

        function complain(field, sentence) {
          the("result").hidden = true;
          the("problem").textContent = sentence;
          the("problem").hidden = false;
          field.setAttribute("aria-invalid", "true");
          field.focus();
        }

        function input() {
          const app = appNamed(the("app").value);
          if (!app) return complain(the("app"), "Which app? A repository's name, such as cats or org/cats.");
          const name = the("name").value.trim() || examples[scope()];
          if (scope() === "build" ? !isSecretID(name) : !isVariable(name))
            return complain(the("name"), scope() === "build"
              ? "A build secret's name has letters, digits, “-”, “_” and “.”."
              : "A variable's name has letters, digits and “_”, and begins with no digit.");
          const typed = the("value").value;
          const plain = utf8(typed.replace(/\n$/, ""));
          if (!plain.length) return complain(the("value"), "There is nothing to encrypt.");
          const most = document.body.dataset.maxBytes;
          if (plain.length > Number(most))
            return complain(the("value"), `The value is larger than ${most} bytes, the most that is encrypted.`);
          if (plain.includes(0))
            return complain(the("value"), "The value has a null character, which no variable can have.");
          return { app, name, plain, remark: remark(typed) };
        }

        function remark(typed) {
          if (typed.endsWith("\n")) return "The line break at its end was left out.";
          return typed !== typed.trim() ? "It begins or ends with a space." : "";
        }

        async function encrypt() {
          for (const id of ["app", "name", "value"]) the(id).removeAttribute("aria-invalid");
          the("problem").hidden = true;
          const order = input();
          if (!order) return;
          const text = await encrypted(order.plain, order.app, scope());
          const line = `${inTOML(order.name)} = { encrypted = "${text}" }`;
          the("line").textContent = `[${tables[scope()]}]\n${line}`;
          the("line").dataset.line = line;
          the("remark").textContent = order.remark;
          the("result").hidden = false;
          the("copy").textContent = "Copy the line";
          the("result").scrollIntoView({ block: "nearest" });
        }

        async function copy() {
          try {
            await navigator.clipboard.writeText(the("line").dataset.line);
            the("copy").textContent = "Copied";
          } catch {
            getSelection().selectAllChildren(the("line"));
            the("remark").textContent = "The browser does not let this page copy; it is selected, copy it from there.";
          }
        }

        function choose() {
          the("name").placeholder = examples[scope()];
          the("name-label").textContent = scope() === "build" ? "Name of the build secret" : "Variable";
          the("result").hidden = true;
        }

        if (globalThis.crypto?.subtle) {
          the("fields").hidden = false;
          the("encrypt").addEventListener("click", encrypt);
          the("copy").addEventListener("click", copy);
          for (const button of document.querySelectorAll("[name=scope]")) button.addEventListener("change", choose);
          for (const id of ["app", "name", "value"])
            the(id).addEventListener("input", () => { the("result").hidden = true; });
          // Nothing typed shall be there when somebody else comes back to the page.
          addEventListener("pagehide", () => { the("value").value = ""; });
          choose();
        } else {
          the("insecure").hidden = false;
        }
        """#
}
