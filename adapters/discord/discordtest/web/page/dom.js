"use strict";

// el makes an element: properties by name, children as nodes or text.
function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (key === "class") node.className = value;
    else if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (key.startsWith("aria-")) node.setAttribute(key, value);
    else node[key] = value;
  }
  node.append(...children.filter(c => c !== null && c !== undefined && c !== ""));
  return node;
}

const $ = id => document.getElementById(id);

// colour is the same for a name each time, and dark enough for white letters.
function colour(name) {
  let sum = 0;
  for (const c of name) sum = (sum * 31 + c.codePointAt(0)) % 360;
  return `hsl(${sum} 45% 40%)`;
}

function initials(name) {
  return [...name.trim()].slice(0, 1).join("").toUpperCase() || "?";
}

async function bytesOf(files) {
  return Promise.all([...files].map(async file => {
    const data = new Uint8Array(await file.arrayBuffer());
    let text = "";
    for (let i = 0; i < data.length; i += 32768) text += String.fromCharCode(...data.subarray(i, i + 32768));
    return { name: file.name, data: btoa(text) };
  }));
}
