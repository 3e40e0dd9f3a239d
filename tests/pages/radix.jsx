// A third-party dialog (Radix) with a half-written text in it.
import * as Dialog from "@radix-ui/react-dialog";
import { createRoot } from "react-dom/client";

createRoot(document.getElementById("app")).render(
  <Dialog.Root defaultOpen onOpenChange={(open) => open || (window.dismissed = true)}>
    <Dialog.Portal>
      <Dialog.Overlay id="overlay" style={{ position: "fixed", inset: 0, background: "#0003" }} />
      <Dialog.Content id="dialog" aria-describedby={undefined} style={{ position: "fixed", top: 20, left: 20, background: "#fff" }}>
        <Dialog.Title>Reply</Dialog.Title>
        <textarea id="text" defaultValue="half written" />
        <button>Send</button>
      </Dialog.Content>
    </Dialog.Portal>
  </Dialog.Root>,
);
