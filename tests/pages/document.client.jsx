// Hydrates the page, and records the errors from which React recovered, such as a mismatch with the
// server's HTML.
import { hydrateRoot } from "react-dom/client";

import { Document } from "./document.jsx";

window.recovered = [];
hydrateRoot(document, <Document {...window.properties} />, {
  onRecoverableError: (error) => window.recovered.push(String(error)),
});
