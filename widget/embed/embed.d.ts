// What a page can ask of Allclear and hear from it. Before the loader is there, `window.Allclear` may be an array of calls:
//
//     window.Allclear ||= [];
//     window.Allclear.push(["on", "show", (notice: Allclear.Notice) => …]);

export {};

declare global {
  interface Window {
    /** The widget; before it has loaded, calls that are made then; without either, nothing. */
    Allclear?: Allclear.Api | Allclear.Queue;
  }
  interface DocumentEventMap {
    /** `window.Allclear` is an {@link Allclear.Api} from now on. */
    "allclear:ready": Event;
  }

  namespace Allclear {
    /** A moment, in RFC 3339, UTC. */
    type Moment = string;
    type Kind = "incident" | "maintenance" | "announcement" | "restored";
    type Impact = "none" | "minor" | "major" | "critical" | "maintenance";

    interface Api {
      /** What is known now. It changes in place. */
      readonly state: State;
      /** Says what this page or its user is, again or for the first time. What is not named stays as it was. */
      configure(changes: Declaration): void;
      /**
       * Calls the listener whenever this happens; gives the function that ends it. What can be cancelled is cancelled by
       * `event.preventDefault()`.
       */
      on<Name extends keyof Events>(name: Name, listener: Listener<Name>): () => void;
      /**
       * Shows the notices of these components in an element of the page's own as well, from the same poll; without any,
       * all of them. Gives the function that takes them away. `<div data-allclear-slot="share billing">` says the same.
       */
      mount(element: Element, options?: { components?: readonly string[] }): () => void;
      /**
       * Shows a made-up notice of this impact (default: `major`) until the page is left. No server is asked, and nothing
       * is remembered. `?allclear-preview=major` in the page's address says the same.
       */
      preview(impact?: Impact | "announcement" | "restored"): void;
      /** Opens a notice, if the feed has it. */
      open(id: string): void;
      /** Asks for the feed now, unless the server has asked to be left alone. */
      refresh(): void;
      /** Takes everything away. */
      destroy(): void;
      /** Makes a call, as the array before it would have. */
      push(call: Call): void;
    }

    /** Calls to be made once it has loaded: a plain array. */
    interface Queue extends Array<Call> {
      push(call: Call): number;
    }

    interface Declaration {
      /**
       * Segments that the user belongs to; `[]` is none, declared. They never leave the page. A page that knows them
       * later says `data-audience="pending"` first: notices for segments then wait up to 5 s for this.
       */
      audience?: string | string[];
      /** Slugs of the components that the page uses. */
      components?: string | string[];
      /** The language of the texts. */
      lang?: string;
      /** Where the user is, where the address does not say. */
      path?: string;
    }

    interface State {
      readonly feed: Feed | null;
      /** When the truth was last confirmed. */
      readonly confirmed_at: Moment | null;
      /** It has not been confirmed for too long, and the card says so. */
      readonly stale: boolean;
      /** The notices that are on the screen, most pressing first. */
      readonly shown: readonly string[];
      /** The notice whose card the reader has opened. */
      readonly open: string | null;
    }

    interface Events {
      /** The feed is another one. */
      change: Feed;
      /** A notice has come onto the screen. */
      show: Notice;
      /** The reader has hidden it. */
      hide: Notice;
      /** What it was about is over: told instead of `show`, also where the reader had hidden what this page was told of. */
      restored: Notice;
      /** The service has not answered for too long. */
      stale: { since: Moment };
      /** The reader chose a contact. Cancelled, it is not followed: the page opens its own chat, say. */
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

    /** Fields may be added; none is taken away. */
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
