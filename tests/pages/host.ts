// A host page that must compile against the type definitions. The calls marked with
// `@ts-expect-error` must not compile.

import "../../widget/loader/embed";

window.Allclear ||= [];
window.Allclear.push(["on", "restored", (notice: Allclear.Notice) => notice.restored?.back.join(", ")]);
window.Allclear.push(["configure", { audience: ["eu"], components: "sending reports" }]);

document.addEventListener("allclear:ready", () => {
  const allclear = window.Allclear;
  if (!allclear || Array.isArray(allclear)) return;
  const off: () => void = allclear.on("stale", ({ since }) => console.log(new Date(since)));
  off();
  allclear.configure({ path: "/share", lang: "de" });
  allclear.on("contact", (contact, event) => {
    if (contact.kind === "chat") event.preventDefault();
  });
  const unmount: () => void = allclear.mount(document.body, { components: ["billing"] });
  unmount();
  allclear.preview("restored");
  allclear.refresh();
  const first: Allclear.Notice | undefined = allclear.state.feed?.notices[0];
  if (first) allclear.open(first.id);
  // @ts-expect-error: there is no such event
  allclear.on("explode", () => {});
  // @ts-expect-error: there is no such impact
  allclear.preview("apocalyptic");
  // @ts-expect-error: an identity is not accepted
  allclear.configure({ user: "ada" });
  // @ts-expect-error: only the widget changes the state
  allclear.state.stale = true;
  allclear.destroy();
});
