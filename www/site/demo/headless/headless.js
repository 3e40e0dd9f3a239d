// Headless mode: draws notices from events, without Allclear's card.

const place = document.getElementById("notices");

/** Returns one notice as a row of the strip. */
const line = ({ id, kind, title, advice, restored, url }) => {
  const row = document.createElement("p");
  row.dataset.id = id;
  row.dataset.kind = kind;
  const name = document.createElement("b");
  name.textContent = title;
  const words = document.createElement("span");
  words.textContent = restored ? ["Resolved.", restored.check].filter(Boolean).join(" ") : (advice ?? "");
  const more = document.createElement("a");
  more.href = url;
  more.textContent = "More";
  row.append(name, words, more);
  return row;
};

/** Draws the notices for this reader, most urgent first. */
const draw = () => {
  const { feed, shown } = window.Allclear.state;
  const notices = shown.map((id) => feed.notices.find((notice) => notice.id === id));
  place.replaceChildren(...notices.filter(Boolean).map(line));
};

// Until Allclear has loaded, an array queues the calls. `change` fires before `state.shown` is updated, so draw afterwards.
window.Allclear ||= [];
for (const event of ["show", "restored", "hide", "change"]) {
  window.Allclear.push(["on", event, () => setTimeout(draw)]);
}
