"use strict";

let st = null, replied = null, shownModal = "0";
const at = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));

async function act(what, more = {}, message = null) {
  const deed = { guild: st.guild, member: st.member, channel: st.channel, do: what, ...more };
  if (message) deed.message = message.id;
  const answer = await fetch("act", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(deed) });
  const body = await answer.json();
  say(body.error || "");
  return body.error;
}

function say(text) {
  $("notice").textContent = text.replace(/^discordtest: /, "");
  $("notice").hidden = !text;
}

function go(change) {
  Object.assign(at, change);
  history.replaceState(null, "", "#" + new URLSearchParams(at));
  replied = null;
  $("side").classList.remove("open");
  $("menu").setAttribute("aria-expanded", "false");
  say("");
  load();
}

async function load() {
  const answer = await fetch("state?" + new URLSearchParams(at));
  st = await answer.json();
  if (st.error) { say(st.error); return; }
  show();
}

function names() {
  return new Map([...st.members, ...(st.roles || []), ...st.places].map(x => [x.id, x.name]));
}

function show() {
  const here = st.places.find(p => p.id === st.channel);
  const me = st.members.find(m => m.id === st.member);
  $("title").textContent = sign(here) + (here.name || "Direct messages with the bot");
  $("topic").textContent = st.topic;
  document.title = $("title").textContent;
  $("bot").className = st.connected ? "on" : "";
  $("bot").textContent = st.connected ? "the bot is here" : "the bot is away";
  $("guild").replaceChildren(...st.guilds.map(g => el("option", { value: g.id, selected: g.id === st.guild }, g.name)));
  $("member").replaceChildren(...st.members.map(m => el("option", { value: m.id, selected: m.id === st.member }, m.name)));
  showPlaces();
  showPeople(me);
  showFaults();
  showMessages();
  const forum = here.type === 15;
  $("posttitle").hidden = !forum;
  $("text").disabled = !st.canSend && !forum;
  $("text").placeholder = $("text").disabled ? `${me.name} cannot write here` : `Message, or / to command`;
  $("reply").hidden = !replied;
  if (replied) $("reply").textContent = "Replying to " + replied.author;
  if (st.notice) say(st.notice);
  showModal();
}

function sign(p) {
  return { 1: "✉ ", 11: "↳ ", 12: "🔒 ", 15: "▤ " }[p.type] || "# ";
}

function placeButton(p) {
  return el("button", { class: "place" + (p.type >= 10 && p.type <= 12 ? " thread" : "") + (p.archived || p.locked ? " quiet" : ""),
    "aria-current": p.id === st.channel, onclick: () => go({ channel: p.id }) }, sign(p) + (p.name || "the bot"));
}

function showPlaces() {
  const isThread = p => p.type >= 10 && p.type <= 12;
  const withThreads = p => [placeButton(p), ...st.places.filter(t => isThread(t) && t.parent === p.id).map(placeButton)];
  const plain = st.places.filter(p => p.type !== 4 && p.type !== 1 && !isThread(p));
  const nodes = plain.filter(p => !st.places.some(c => c.id === p.parent)).flatMap(withThreads);
  for (const category of st.places.filter(p => p.type === 4)) {
    nodes.push(el("h2", {}, category.name), ...plain.filter(p => p.parent === category.id).flatMap(withThreads));
  }
  nodes.push(el("h2", {}, "Direct messages"), ...st.places.filter(p => p.type === 1).map(placeButton));
  $("places").replaceChildren(...nodes);
}

function showPeople(me) {
  const rows = st.members.map(m => el("div", { class: "row" }, el("span", {}, m.name, el("small", {}, [m.locale, m.roles].filter(Boolean).join(" · "))),
    el("button", { onclick: () => go({ member: m.id, channel: st.channel }), "aria-pressed": m.id === st.member }, "act as")));
  const roles = (st.roles || []).map(r => el("div", { class: "row" }, el("span", {}, `${me.name}: ${r.name}`),
    el("button", { onclick: () => act("role", { key: r.id }), "aria-pressed": (me.roles + " ").includes(r.name + " ") }, "role")));
  const name = el("input", { placeholder: "Name", "aria-label": "Name of a new member" });
  const join = el("form", { class: "row", onsubmit: e => { e.preventDefault(); act("join", { text: name.value }); name.value = ""; } }, name, el("button", {}, "joins"));
  const own = el("div", { class: "row" }, el("span", {}, me.name), el("button", { onclick: () => act("dms", { on: !me.dms }) }, me.dms ? "closes DMs" : "opens DMs"),
    el("button", { onclick: () => act("leave") }, "leaves"));
  if ($("people").contains(document.activeElement) && document.activeElement.tagName === "INPUT") return;
  $("people").lastElementChild.replaceChildren(...rows, ...roles, own, join);
}

function showFaults() {
  $("faults").lastElementChild.replaceChildren(...st.faults.map(f => el("div", { class: "row" },
    el("span", {}, f.name, f.hits ? el("small", {}, `struck ${f.hits}×`) : null),
    el("button", { "aria-pressed": f.armed, onclick: () => act("fault", { key: f.name, on: !f.armed }).then(load) }, f.armed ? "end" : "arm"))));
}

let drawn = "";
function showMessages() {
  const key = JSON.stringify([st.member, st.channel, st.messages, st.menu, st.canSend]);
  if (key === drawn) return;
  drawn = key;
  const list = $("messages");
  const down = list.scrollHeight - list.scrollTop - list.clientHeight < 80;
  list.replaceChildren(...(st.messages || []).map(m => messageNode(m, st, names(), (what, more) => act(what, more, m), reply)));
  if (down || !list.dataset.channel || list.dataset.channel !== st.channel) list.scrollTop = list.scrollHeight;
  list.dataset.channel = st.channel;
}

function reply(m) {
  replied = m;
  show();
  $("text").focus();
}

function showModal() {
  if (!st.modal) {
    if (shownModal !== "0") $("modal").close();
    shownModal = "0";
    return;
  }
  if (st.modal.key === shownModal) return;
  shownModal = st.modal.key;
  fillIn(st.modal.title, modalFields(st.modal, st), (fields, files) => act("submit", { fields, files }), () => act("dismiss"));
}

function showCommands() {
  const typed = $("text").value;
  const fits = typed.startsWith("/") ? (st.commands || []).filter(c => c.name.startsWith(typed.trim())) : [];
  $("commands").replaceChildren(...fits.map(c => el("button", { type: "button", onclick: () => run(c) }, c.name, el("small", {}, c.description))));
  $("commands").hidden = fits.length === 0;
}

function run(c) {
  $("text").value = "";
  showCommands();
  const send = fields => act("run", { key: c.name, fields });
  if (!(c.options || []).length) { send({}); return; }
  fillIn(c.name, optionFields(c, st), send, () => {});
}

$("composer").addEventListener("submit", async event => {
  event.preventDefault();
  const text = $("text").value.trim();
  if (text.startsWith("/")) {
    const found = (st.commands || []).find(c => c.name === text) || (st.commands || []).find(c => c.name.startsWith(text));
    if (found) { run(found); return; }
  }
  const files = await bytesOf($("files").files);
  if (await act("post", { text, key: $("posttitle").value, files }, replied)) return;
  for (const id of ["text", "posttitle", "files"]) $(id).value = "";
  $("files").parentElement.classList.remove("full");
  replied = null;
  showCommands();
  show();
});
$("text").addEventListener("input", showCommands);
$("text").addEventListener("keydown", event => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  $("composer").requestSubmit();
});
$("files").addEventListener("change", () => $("files").parentElement.classList.toggle("full", $("files").files.length > 0));
$("member").addEventListener("change", () => go({ member: $("member").value }));
$("guild").addEventListener("change", () => go({ guild: $("guild").value, member: "", channel: "" }));
$("menu").addEventListener("click", () => $("menu").setAttribute("aria-expanded", $("side").classList.toggle("open")));
new EventSource("changes").onmessage = load;
