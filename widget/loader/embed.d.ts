// The API that a page uses. Until the loader has run, `window.Allclear` may be an array of calls:
//
//     window.Allclear ||= [];
//     window.Allclear.push(["on", "show", (notice: Allclear.Notice) => …]);
//
// The page does not receive keys and presses in the card. F6 moves the focus to the card, and back.

export {};

declare global {
  interface Window {
    /** The API; an array of queued calls before the loader has run; undefined if the page has neither. */
    Allclear?: Allclear.Api | Allclear.Queue;
  }
  interface DocumentEventMap {
    /** Fires once `window.Allclear` is an {@link Allclear.Api}. */
    "allclear:ready": Event;
  }

  namespace Allclear {
    /** Timestamp in RFC 3339, UTC. */
    type Moment = string;
    type Kind = "incident" | "maintenance" | "announcement" | "restored";
    type Impact = "none" | "minor" | "major" | "critical" | "maintenance";

    interface Api {
      /** Current state. The object is updated in place. */
      readonly state: State;
      /** Declares what the page is about and who its user is. Fields that are left out keep their value. */
      configure(changes: Declaration): void;
      /**
       * Adds an event listener and returns a function that removes it. Call `event.preventDefault()` to cancel an event
       * that can be cancelled.
       */
      on<Name extends keyof Events>(name: Name, listener: Listener<Name>): () => void;
      /**
       * Shows the notices of these components (default: all notices) in an element of the page, and returns a function
       * that removes them. While the element is rendered, they do not float. Same as `<div data-allclear-slot="share billing">`.
       */
      mount(element: Element, options?: { components?: readonly string[] }): () => void;
      /**
       * Shows a sample notice (default: `major`) until the page is closed. Sends no request and stores nothing. Same as
       * `?allclear-preview=major` in the address of the page.
       */
      preview(impact?: Impact | "announcement" | "restored"): void;
      /** Expands a notice, if the feed contains it. */
      open(id: string): void;
      /** Requests the feed now, unless the server has asked for a pause (`Retry-After`). */
      refresh(): void;
      /** Removes the card, its listeners and `window.Allclear`. */
      destroy(): void;
      /** Runs a call at once; same form as a queued call. */
      push(call: Call): void;
    }

    /** Calls that the loader makes once it has run: a plain array. */
    interface Queue extends Array<Call> {
      push(call: Call): number;
    }

    interface Declaration {
      /**
       * Segments that the user belongs to; `[]` means no segment. They never leave the page. If the page learns them
       * later, set `data-audience="pending"`: notices for segments then wait up to 5 s for this call.
       */
      audience?: string | string[];
      /** Slugs of the components that the page uses. */
      components?: string | string[];
      /** Language of the texts. */
      lang?: string;
      /** Path of the current page, if the address does not identify it. */
      path?: string;
    }

    interface State {
      readonly feed: Feed | null;
      /** Time of the last confirmed feed, by the server's clock. */
      readonly confirmed_at: Moment | null;
      /** Whether the feed has been unconfirmed for so long that the card says so. */
      readonly stale: boolean;
      /** Ids of the notices in the document, most urgent first. With `data-position="none"`, those that the page should draw. */
      readonly shown: readonly string[];
      /** Id of the notice that the reader has expanded. */
      readonly open: string | null;
    }

    interface Events {
      /** The feed has changed. */
      change: Feed;
      /** A notice came into view for the first time since it appeared. With `data-position="none"`: it appeared. */
      show: Notice;
      /** The reader has hidden a notice. */
      hide: Notice;
      /** A notice is over. Replaces `show`, and also fires for a notice that the reader had hidden. */
      restored: Notice;
      /** The feed could not be confirmed for 15 minutes. */
      stale: { since: Moment };
      /** The reader chose a contact. Cancel the event to handle it yourself, for example to open your own chat. */
      contact: Contact;
    }

    type Listener<Name extends keyof Events> = (detail: Events[Name], event: CustomEvent<Events[Name]>) => void;

    type Call =
      | ["configure", Declaration]
      | { [Name in keyof Events]: ["on", Name, Listener<Name>] }[keyof Events]
      | ["mount", Element, { components?: readonly string[] }?]
      | ["preview", (Impact | "announcement" | "restored")?]
      | ["open", string]
      | ["refresh"]
      | ["destroy"];

    /** Fields may be added, but are never removed. */
    interface Feed {
      readonly v: 1;
      readonly site: string;
      readonly name: string;
      readonly lang: string;
      readonly rev: number;
      readonly poll_after_s: number;
      readonly status_url: string;
      readonly subscribe: readonly string[];
      readonly notices: readonly Notice[];
    }

    interface Notice {
      readonly id: string;
      readonly kind: Kind;
      readonly status: string;
      readonly impact: Impact;
      readonly in_app: "off" | "pill" | "bar";
      readonly hold: boolean;
      readonly drill: boolean;
      readonly attention: number;
      readonly title: string;
      readonly advice: string | null;
      readonly works: readonly string[];
      readonly broken: readonly string[];
      readonly started_at: Moment;
      readonly ends_at: Moment | null;
      readonly next_update_at: Moment | null;
      readonly overdue_after_s: number;
      readonly estimated_end_at: Moment | null;
      readonly confidence: "low" | "medium" | "high" | null;
      readonly components: readonly { id: string; slug: string; name: string; status: string; since: Moment }[];
      readonly updates: readonly { id: string; status: string; body: string; truncated?: boolean; at: Moment }[];
      readonly updates_more: number;
      readonly contacts: readonly Contact[];
      readonly audience: {
        readonly segments: readonly { slug: string; label: string }[];
        readonly paths: readonly string[];
        readonly components: readonly string[];
        readonly undeclared: "show" | "hide";
        readonly undeclared_components?: "show" | "hide";
        readonly undeclared_segments?: "show" | "hide";
      };
      readonly restored: Restored | null;
      readonly url: string;
    }

    interface Contact {
      readonly kind: "phone" | "email" | "chat" | "link" | "feedback";
      readonly label: string;
      readonly value: string;
    }

    interface Restored {
      readonly at: Moment;
      readonly seconds: number;
      readonly back: readonly string[];
      readonly check: string | null;
      readonly still: readonly string[];
      readonly returning_until: Moment | null;
      readonly everyone_until: Moment | null;
      readonly expires_at: Moment;
      readonly withdrawn: string | null;
      readonly postmortem: {
        readonly root_cause: string;
        readonly window: { readonly start: Moment; readonly end: Moment };
        readonly remedy: string;
        readonly prevention: readonly string[];
        readonly published_at: Moment;
      } | null;
    }
  }
}
