// A page that draws its notices by itself, from events alone.

const place = document.getElementById("notices");

/** One notice as a line of this page's own. */
const line = ({ id, kind, title, advice, restored, url }) => {
  const row = document.createElement("p");
  row.dataset.id = id;
  row.dataset.kind = kind;
  const name = document.createElement("b");
  name.textContent = title;
  const words = document.createElement("span");
  words.textContent = restored ? ["It works again.", restored.check].filter(Boolean).join(" ") : (advice ?? "");
  const more = document.createElement("a");
  more.href = url;
  more.textContent = "More";
  row.append(name, words, more);
  return row;
};

/** What is in force for this reader, most pressing first. */
const draw = () => {
  const { feed, shown } = window.Allclear.state;
  const notices = shown.map((id) => feed.notices.find((notice) => notice.id === id));
  place.replaceChildren(...notices.filter(Boolean).map(line));
};

// Until Allclear is there, an array takes the calls. A new feed is told before it has been judged: so a moment later.
window.Allclear ||= [];
for (const event of ["show", "restored", "hide", "change"]) {
  window.Allclear.push(["on", event, () => setTimeout(draw)]);
}
