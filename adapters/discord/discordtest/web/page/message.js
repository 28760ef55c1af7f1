"use strict";

// marked turns the little of Markdown that people notice into nodes; everything else stays text.
function marked(text, names) {
  const pattern = /(```[\s\S]*?```|`[^`]+`|\*\*[^*]+\*\*|__[^_]+__|\*[^*\n]+\*|~~[^~]+~~|<(?:@[!&]?|#)\d+>|<t:\d+(?::\w)?>|https?:\/\/[^\s<>)]+|^#{1,3} .+$|^-# .+$)/gm;
  return text.split(pattern).filter(Boolean).map(part => {
    if (part.startsWith("```")) return el("pre", {}, el("code", {}, part.slice(3, -3).replace(/^\w*\n/, "")));
    if (part.startsWith("`") && part.length > 1) return el("code", {}, part.slice(1, -1));
    if (/^\*\*.+\*\*$/s.test(part)) return el("b", {}, ...marked(part.slice(2, -2), names));
    if (/^__.+__$/s.test(part)) return el("u", {}, part.slice(2, -2));
    if (/^~~.+~~$/s.test(part)) return el("s", {}, part.slice(2, -2));
    if (/^\*.+\*$/.test(part)) return el("i", {}, part.slice(1, -1));
    if (/^#{1,3} /.test(part)) return el("b", {}, ...marked(part.replace(/^#+ /, ""), names));
    if (part.startsWith("-# ")) return el("small", {}, ...marked(part.slice(3), names));
    if (/^<t:/.test(part)) return el("time", {}, new Date(1000 * part.match(/\d+/)[0]).toLocaleString());
    if (/^<[@#]/.test(part)) return el("span", { class: "mention" }, (part[1] === "#" ? "#" : "@") + (names.get(part.match(/\d+/)[0]) || "unknown"));
    if (/^https?:/.test(part)) return el("a", { href: part, rel: "noreferrer", target: "_blank" }, part);
    return part;
  });
}

function embed(e, names) {
  const fields = (e.fields || []).flatMap(f => [el("div", {}, el("dt", {}, f.name), el("dd", {}, ...marked(f.value, names)))]);
  const box = el("div", { class: "embed" },
    e.author ? el("small", {}, e.author.name) : null,
    e.title ? el("h3", {}, e.title) : null,
    e.description ? el("div", { class: "body" }, ...marked(e.description, names)) : null,
    fields.length ? el("dl", {}, ...fields) : null,
    e.footer ? el("small", { class: "note" }, e.footer.text) : null);
  if (e.color) box.style.borderLeftColor = "#" + e.color.toString(16).padStart(6, "0");
  return box;
}

// component shows a component of a message; act does what it is for.
function component(c, st, names, act) {
  const inside = () => (c.components || []).map(one => component(one, st, names, act));
  switch (c.type) {
    case 1: return el("div", { class: "parts" }, ...inside());
    case 2:
      if (c.style === 5) return el("a", { href: c.url, rel: "noreferrer", target: "_blank" }, c.label || c.url);
      return el("button", { class: "style" + c.style, disabled: c.disabled, onclick: () => act("click", { key: c.custom_id }) }, c.label || "•");
    case 3: case 5: case 6: case 7: case 8: return picker(c, st, act);
    case 9: return el("div", { class: "parts" }, el("div", {}, ...inside()), c.accessory ? component(c.accessory, st, names, act) : null);
    case 10: return el("div", { class: "body" }, ...marked(c.content, names));
    case 11: return el("small", {}, "picture");
    case 12: return el("div", { class: "parts" }, ...(c.items || []).map(i => el("a", { href: i.media.url }, "picture")));
    case 13: return el("a", { href: c.file ? c.file.url : "" }, "file");
    case 14: return el("hr");
    case 17: return el("div", { class: "box" }, ...inside());
  }
  return el("small", {}, "component " + c.type);
}

// choices are what a select offers: its own options, people, roles or channels.
function choices(c, st) {
  const of = (list, sign) => list.map(x => ({ label: sign + x.name, value: x.id }));
  const people = of(st.members, "@"), roles = of(st.roles || [], "@"), places = of(st.places.filter(p => p.type !== 1), "#");
  return { 3: c.options || [], 5: people, 6: roles, 7: [...people, ...roles], 8: places }[c.type] || [];
}

function picker(c, st, act) {
  const many = (c.max_values || 1) > 1;
  const list = el("select", { multiple: many, disabled: c.disabled, "aria-label": c.placeholder || "Choose" },
    many ? null : el("option", { value: "", disabled: true, selected: true }, c.placeholder || "Choose…"),
    ...choices(c, st).map(o => el("option", { value: o.value, title: o.description || "" }, o.label)));
  const send = () => act("select", { key: c.custom_id, values: [...list.selectedOptions].map(o => o.value) });
  if (!many) { list.addEventListener("change", send); return list; }
  return el("span", { class: "parts" }, list, el("button", { onclick: send }, "OK"));
}

function messageNode(m, st, names, act, replyTo) {
  const face = el("div", { class: "face" }, initials(m.author));
  face.style.background = colour(m.author);
  const answered = m.replyTo && st.messages.find(o => o.id === m.replyTo);
  const deeds = el("div", { class: "deeds" },
    st.canSend ? el("button", { onclick: () => replyTo(m) }, "Reply") : null,
    el("button", { onclick: () => act("react", { text: "👍" }), "aria-label": "React with a thumb up" }, "👍"),
    m.mine ? el("button", { onclick: () => { const text = prompt("Edit the message", m.content); if (text) act("edit", { text }); } }, "Edit") : null,
    el("button", { onclick: () => act("delete", {}) }, "Delete"),
    ...(st.menu || []).map(name => el("button", { onclick: () => act("use", { key: name }) }, name)));
  return el("li", { class: m.ephemeral ? "ephemeral" : "" }, face, el("div", {},
    answered ? el("div", { class: "note" }, `↳ ${answered.author}: ${answered.content.slice(0, 80)}`) : null,
    el("div", { class: "by" }, el("b", {}, m.author), m.bot ? el("span", { class: "tag" }, "APP") : null,
      el("small", {}, new Date(m.at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" })),
      m.edited ? el("small", {}, "edited") : null, m.pinned ? el("small", {}, "pinned") : null),
    m.loading ? el("i", { class: "note" }, "is thinking…") : null,
    m.system && !m.content ? el("i", { class: "note" }, "pinned a message") : null,
    m.content ? el("div", { class: "body" }, ...marked(m.content, names)) : null,
    m.forwarded ? el("blockquote", {}, "Forwarded: ", ...marked(m.forwarded, names)) : null,
    m.poll ? el("div", { class: "box" }, "Poll: " + m.poll) : null,
    ...(m.embeds || []).map(e => embed(e, names)),
    ...(m.attachments || []).map(a => el("div", {}, el("a", { href: a.URL, target: "_blank" }, `File: ${a.Filename}`), el("small", { class: "note" }, ` ${a.Size} bytes`))),
    ...(m.stickers || []).map(s => el("div", {}, "Sticker: " + s)),
    ...(m.components || []).map(c => component(c, st, names, act)),
    Object.keys(m.reactions || {}).length ? el("div", { class: "parts" }, ...Object.entries(m.reactions).map(([e, n]) => el("small", {}, `${e} ${n}`))) : null,
    m.ephemeral ? el("small", { class: "note" }, "Only you can see this") : null), deeds);
}
