"use strict";

const YES_NO = [{ label: "Yes", value: "true" }, { label: "No", value: "false" }];

// control is the input of one field of a modal, with a function that reads it.
function control(f, st) {
  const limits = { name: f.key, required: f.required, placeholder: f.placeholder || "", value: f.value || "" };
  if (f.type === 4) {
    const box = el(f.line ? "input" : "textarea", { ...limits, rows: f.line ? null : 4, minLength: f.least || 0, maxLength: f.most || 4000 });
    return [box, () => box.value];
  }
  if (f.type === 19) {
    const box = el("input", { type: "file", multiple: f.most > 1, required: f.required });
    return [box, () => [...box.files].map(file => file.name), box];
  }
  if (f.type === 23) {
    const box = el("input", { type: "checkbox" });
    return [box, () => box.checked];
  }
  if (f.type === 21 || f.type === 22) {
    const all = f.options.map(o => el("input", { type: f.type === 21 ? "radio" : "checkbox", name: f.key, value: o.value, checked: o.default }));
    const box = el("div", {}, ...f.options.map((o, i) => el("label", {}, all[i], o.label)));
    return [box, () => all.filter(x => x.checked).map(x => x.value)];
  }
  const offered = choices({ type: f.type, options: f.options }, st);
  const box = el("select", { multiple: f.most > 1, required: f.required },
    f.most > 1 ? null : el("option", { value: "" }, f.placeholder || "Choose…"),
    ...offered.map(o => el("option", { value: o.value, selected: o.default }, o.label)));
  return [box, () => [...box.selectedOptions].map(o => o.value).filter(Boolean)];
}

// fillIn shows a form and gives what was filled in to send, which answers with an error or nothing.
function fillIn(title, fields, send, dismiss) {
  const dialog = $("modal");
  const wrong = el("p", { class: "wrong", role: "alert" });
  const form = el("form", { onsubmit: async event => {
    event.preventDefault();
    const values = {};
    let files = [];
    for (const f of fields) {
      values[f.key] = f.read();
      if (f.box) files = [...files, ...await bytesOf(f.box.files)];
    }
    const error = await send(values, files);
    if (error) wrong.textContent = error; else dialog.close();
  } }, el("h2", {}, title),
  ...fields.map(f => el(f.group ? "fieldset" : "label", {}, f.label + (f.required ? " *" : ""), f.description ? el("small", {}, f.description) : null, f.node)),
  wrong, el("footer", {}, el("button", { type: "button", onclick: () => { dialog.close(); dismiss(); } }, "Cancel"), el("button", { class: "style1" }, "Submit")));
  dialog.replaceChildren(form);
  dialog.oncancel = dismiss;
  if (!dialog.open) dialog.showModal();
}

function modalFields(modal, st) {
  return modal.fields.map(f => {
    const [node, read, box] = control(f, st);
    return { key: f.key, label: f.label, description: f.description, required: f.required, group: f.type === 21 || f.type === 22, node, read, box };
  });
}

// optionFields are the options of a slash command: all of them are sent as text.
function optionFields(command, st) {
  const kinds = { 5: YES_NO, 6: choices({ type: 5 }, st), 7: choices({ type: 8 }, st), 8: choices({ type: 6 }, st), 9: choices({ type: 7 }, st) };
  return (command.options || []).map(o => {
    const offered = (o.choices || []).length ? o.choices.map(c => ({ label: c.name, value: String(c.value) })) : kinds[o.type];
    const node = offered
      ? el("select", { required: o.required }, el("option", { value: "" }, "—"), ...offered.map(c => el("option", { value: c.value }, c.label)))
      : el("input", { required: o.required, inputMode: o.type === 4 ? "numeric" : "text" });
    return { key: o.name, label: o.label, description: o.description, required: o.required, node, read: () => node.value };
  });
}
