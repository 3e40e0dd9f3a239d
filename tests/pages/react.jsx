// A third-party single-page app in React: a change of route replaces every element, and a dialog is
// drawn in a portal.
import { StrictMode, useEffect, useState } from "react";
import { createPortal } from "react-dom";
import { createRoot } from "react-dom/client";

function Dialogue({ onClose }) {
  return createPortal(
    <div role="dialog" aria-label="Share" id="dialogue">
      <h2>Share</h2>
      <div data-allclear-slot="share" />
      <button id="close" onClick={onClose}>Close</button>
    </div>,
    document.body,
  );
}

function App() {
  const [route, setRoute] = useState(0);
  const [open, setOpen] = useState(false);
  const [clicks, setClicks] = useState(0);
  useEffect(() => history.replaceState(null, "", "/route/" + route), [route]);
  return (
    <div key={route} onClick={() => setClicks(clicks + 1)}>
      <h1>Route {route}</h1>
      <output id="clicks">{clicks}</output>
      <button id="next" onClick={() => setRoute(route + 1)}>Next</button>
      <button id="share" onClick={() => setOpen(true)}>Share</button>
      {open && <Dialogue onClose={() => setOpen(false)} />}
      <div data-allclear-slot={route % 2 ? "billing" : "share billing"} />
    </div>
  );
}

createRoot(document.getElementById("app")).render(<StrictMode><App /></StrictMode>);
