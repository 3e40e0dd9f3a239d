// Hydrates the page, and records what React could not use of it.
import { hydrateRoot } from "react-dom/client";

import { Document } from "./document.jsx";

window.recovered = [];
hydrateRoot(document, <Document {...window.properties} />, {
  onRecoverableError: (error) => window.recovered.push(String(error)),
});
