extension PageScript {
    /// The names of emoji that messages of bots like ours use; any other name stays as it was written.
    static let emoji = #"""
        const emojiByName = Object.fromEntries(`
          white_check_mark ✅|heavy_check_mark ✔️|ballot_box_with_check ☑️|x ❌|negative_squared_cross_mark ❎
          warning ⚠️|rotating_light 🚨|no_entry ⛔|no_entry_sign 🚫|octagonal_sign 🛑|exclamation ❗|question ❓
          bulb 💡|information_source ℹ️|rocket 🚀|package 📦|hammer 🔨|hammer_and_wrench 🛠️|wrench 🔧|gear ⚙️
          construction 🚧|hourglass ⌛|hourglass_flowing_sand ⏳|stopwatch ⏱️|alarm_clock ⏰|clock1 🕐|zzz 💤
          mag 🔎|eyes 👀|wave 👋|raised_hand ✋|hand ✋|ok_hand 👌|thumbsup 👍|+1 👍|thumbsdown 👎|-1 👎|pray 🙏
          clap 👏|muscle 💪|tada 🎉|sparkles ✨|star ⭐|fire 🔥|boom 💥|bug 🐛|ghost 👻|skull 💀|robot_face 🤖
          cat 🐱|cat2 🐈|dog 🐶|turtle 🐢|snail 🐌|smile 😄|slightly_smiling_face 🙂|sweat_smile 😅|joy 😂|cry 😢
          thinking_face 🤔|sleeping 😴|heart ❤️|green_heart 💚|lock 🔒|unlock 🔓|closed_lock_with_key 🔐|key 🔑
          link 🔗|globe_with_meridians 🌐|earth_africa 🌍|house 🏠|bell 🔔|no_bell 🔕|pushpin 📌|memo 📝|pencil ✏️
          clipboard 📋|page_facing_up 📄|scroll 📜|books 📚|file_folder 📁|wastebasket 🗑️|chart_with_upwards_trend 📈
          bar_chart 📊|floppy_disk 💾|computer 💻|cloud ☁️|electric_plug 🔌|seedling 🌱|shield 🛡️
          red_circle 🔴|large_orange_circle 🟠|large_yellow_circle 🟡|large_green_circle 🟢|large_blue_circle 🔵
          white_circle ⚪|black_circle ⚫|large_green_square 🟩|large_red_square 🟥|large_yellow_square 🟨
          large_blue_square 🟦|white_large_square ⬜|black_large_square ⬛|white_small_square ▫️|black_small_square ▪️
          arrow_right ➡️|arrow_left ⬅️|arrow_up ⬆️|arrow_down ⬇️|arrow_upper_right ↗️|leftwards_arrow_with_hook ↩️
          arrow_right_hook ↪️|arrows_counterclockwise 🔄|repeat 🔁|rewind ⏪|fast_forward ⏩|track_next ⏭️
          double_vertical_bar ⏸️|black_square_for_stop ⏹️|arrow_forward ▶️|heavy_plus_sign ➕|heavy_minus_sign ➖
          one 1️⃣|two 2️⃣|three 3️⃣|traffic_light 🚥|vertical_traffic_light 🚦|checkered_flag 🏁|triangular_flag_on_post 🚩
        `.trim().split(/\s*[|\n]\s*/).map(entry => entry.split(" ")));

        function emojiAt(text, at) {
          const name = /:([a-z0-9_+'-]+):/y;
          name.lastIndex = at;
          const match = name.exec(text);
          if (!match || !Object.hasOwn(emojiByName, match[1])) return null;
          const node = element("span", "emoji", emojiByName[match[1]]);
          node.title = match[0];
          return { end: name.lastIndex, node };
        }

        /** Plain text with its `:names:`. */
        function emojiNodes(text) {
          const nodes = [];
          let from = 0;
          for (let at = text.indexOf(":"); at >= 0; at = text.indexOf(":", at)) {
            const found = emojiAt(text, at);
            if (!found) { at += 1; continue; }
            nodes.push(plain(text.slice(from, at)), found.node);
            from = at = found.end;
          }
          nodes.push(plain(text.slice(from)));
          return nodes;
        }

        """#
}
