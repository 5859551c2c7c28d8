extension PageScript {
    /// Fields that people fill in, in input blocks and outside of them (docs.slack.dev, "Input block").
    static let inputs = #"""
        const fieldKinds = {
          plain_text_input: textField, number_input: textField, email_text_input: textField, url_text_input: textField,
          datepicker: dayField, timepicker: timeField,
          static_select: selectField, external_select: selectField, users_select: selectField,
          conversations_select: selectField, channels_select: selectField,
          multi_static_select: choicesField, multi_users_select: choicesField, multi_conversations_select: choicesField,
          multi_channels_select: choicesField, checkboxes: choicesField, radio_buttons: radioField,
        };
        let fieldsMade = 0;

        /** - Returns: `{ id, node, value }`, or null for an element that this page does not know. `value` gives
              what Slack's payload has for such an element. */
        function fieldNode(part, block, surface) {
          if (!Object.hasOwn(fieldKinds, part.type)) return null;
          const id = "field" + (fieldsMade += 1);
          const held = surface.held?.[block.block_id]?.[part.action_id];
          const field = fieldKinds[part.type](part, id, held);
          if (part.action_id) field.node.dataset.action = part.action_id;
          surface.fields.set(block.block_id + " " + part.action_id, {
            block: block.block_id, action: part.action_id, value: () => ({ type: part.type, ...field.value() }),
          });
          return { id, ...field };
        }

        function inputNode(block, surface) {
          const field = fieldNode(block.element, block, surface);
          if (!field) return unsupported("fields", block.element.type);
          const isGroup = field.node.matches(".options");
          const label = element(isGroup ? "span" : "label", "label", ...textNodes(block.label));
          if (block.optional) label.append(element("span", "optional", " (optional)"));
          label.id = field.id + "-label";
          if (isGroup) field.node.setAttribute("aria-labelledby", label.id); else label.htmlFor = field.id;
          const problem = element("p", "problem");
          problem.id = field.id + "-problem";
          problem.hidden = true;
          const node = element("div", "block input", label, field.node, problem);
          const described = [problem.id];
          if (block.hint) {
            const hint = element("p", "hint", ...textNodes(block.hint));
            hint.id = field.id + "-hint";
            node.append(hint);
            described.push(hint.id);
          }
          field.node.setAttribute("aria-describedby", described.join(" "));
          node.dataset.block = block.block_id;
          node.dataset.required = String(!block.optional);
          if (block.dispatch_action) {
            field.node.addEventListener("change", () => {
              press(block.element, block, surface, field.node, { type: block.element.type, ...field.value() });
            });
          }
          return node;
        }

        function textField(part, id, held) {
          const node = element(part.multiline ? "textarea" : "input", "field");
          if (!part.multiline) {
            node.type = { email_text_input: "email", url_text_input: "url" }[part.type] || "text";
            if (part.type === "number_input") node.inputMode = "decimal";
          }
          node.id = id;
          node.autocomplete = "off";
          node.placeholder = part.placeholder?.text || "";
          if (part.max_length) node.maxLength = part.max_length;
          node.value = held?.value ?? part.initial_value ?? "";
          return { node, value: () => ({ value: node.value === "" ? null : node.value }) };
        }

        function pickField(kind, key) {
          return (part, id, held) => {
            const node = element("input", "field");
            node.type = kind;
            node.id = id;
            node.value = held?.[key] ?? part["initial_" + kind] ?? "";
            return { node, value: () => ({ [key]: node.value || null }) };
          };
        }
        function dayField(...all) { return pickField("date", "selected_date")(...all); }
        function timeField(...all) { return pickField("time", "selected_time")(...all); }

        /** The choices of a select, whatever they are made of, as `[group label, options]`, and the payload's key. */
        function choicesOf(part) {
          const make = (map, test) => [["", [...map.values()].filter(test)
            .map(one => ({ text: { type: "plain_text", text: one.name }, value: one.id }))]];
          if (part.type.includes("users")) return make(people, person => !person.is_bot);
          if (part.type.includes("channels") || part.type.includes("conversations")) {
            return make(places, place => place.kind === "channel");
          }
          if (part.option_groups) return part.option_groups.map(group => [group.label.text, group.options]);
          return [["", part.options || []]];
        }

        function selectField(part, id, held) {
          const node = element("select", "field");
          node.id = id;
          const key = { users_select: "selected_user", channels_select: "selected_channel",
            conversations_select: "selected_conversation" }[part.type];
          const initial = held ? (key ? held[key] : held.selected_option?.value)
            : part.initial_option?.value ?? part.initial_user ?? part.initial_channel ?? part.initial_conversation;
          const none = element("option", "", part.placeholder?.text || "Choose an option");
          none.value = "";
          none.disabled = part.initial_option !== undefined;
          node.append(none);
          const byValue = new Map();
          for (const [label, options] of choicesOf(part)) {
            const parent = label ? element("optgroup", "") : node;
            if (label) { parent.label = label; node.append(parent); }
            for (const option of options) {
              const choice = element("option", "", ...textNodes(option.text).map(piece => piece.textContent ?? piece));
              choice.value = option.value;
              byValue.set(option.value, option);
              parent.append(choice);
            }
          }
          node.value = initial ?? "";
          return { node, value: () => key
            ? { [key]: node.value || null } : { selected_option: byValue.get(node.value) ?? null } };
        }

        function choicesField(part, id, held) {
          const key = { multi_users_select: "selected_users", multi_channels_select: "selected_channels",
            multi_conversations_select: "selected_conversations" }[part.type];
          const initial = new Set(held ? (key ? held[key] : held.selected_options.map(option => option.value))
            : part.initial_users ?? part.initial_channels ?? part.initial_conversations
              ?? (part.initial_options || []).map(option => option.value));
          const { node, boxes } = optionList(part, id, "checkbox", "group", initial);
          const chosen = () => boxes.filter(([box]) => box.checked).map(([, option]) => option);
          const value = () => key ? { [key]: chosen().map(option => option.value) } : { selected_options: chosen() };
          return { node, value };
        }

        function radioField(part, id, held) {
          const initial = held ? held.selected_option?.value : part.initial_option?.value;
          const { node, boxes } = optionList(part, id, "radio", "radiogroup", new Set([initial]));
          return { node, value: () => ({ selected_option: boxes.find(([box]) => box.checked)?.[1] ?? null }) };
        }

        function optionList(part, id, kind, role, initial) {
          const node = element("div", "options");
          node.setAttribute("role", role);
          node.id = id;
          const boxes = choicesOf(part).flatMap(([, options]) => options).map(option => {
            const box = element("input", "");
            box.type = kind;
            box.name = id;
            box.value = option.value;
            box.checked = initial.has(option.value);
            const words = element("span", "", element("span", "text", ...textNodes(option.text)));
            if (option.description) words.append(element("small", "", ...textNodes(option.description)));
            node.append(element("label", "", box, words));
            return [box, option];
          });
          return { node, boxes };
        }

        """#
}
