// A fake of the loader: the parameters of `start`, with a fake network and storage.

const stored = {};

export class Loader {
  constructor(feed) {
    this.state = { feed: JSON.parse(feed), confirmed_at: new Date().toISOString(), stale: false, shown: [], open: null };
    this.options = { shadow: "open" };
    this.events = [];
    this.requests = 0;
    this.ask = () => {
      this.requests += 1;
      return new Promise((resolve) => {
        this.resolve = resolve;
      });
    };
    this.clock = () => Date.now();
    this.emit = (name, detail) => this.events.push(`${name} ${detail?.id ?? ""}`.trim());
    this.page = () => ({ segments: null, components: null, paths: ["/"], drill: false });
    this.storage = (name, value) => {
      if (value) stored[name] = value;
      return stored[name] ?? {};
    };
  }
  /** Marks the first feed as one that was stored on an earlier visit. */
  markStale() {
    this.state.stale = true;
  }
  /** Answers the pending request with a feed; "" is a failure. An older feed does not confirm the current one. */
  async answer(text) {
    const feed = text && JSON.parse(text);
    if (feed.rev >= this.state.feed.rev) Object.assign(this.state, { feed, stale: false });
    this.resolve(feed ? { feed, seconds: 10 } : { seconds: 0 });
    await new Promise((resolve) => setTimeout(resolve));
  }
  emitted() {
    return this.events.join(", ");
  }
  /** Stores a value of an earlier page load. */
  static store(name, key, value) {
    stored[name] = { ...stored[name], [key]: value };
  }
  /** Empties the storage. */
  static clear() {
    for (const name of Object.keys(stored)) delete stored[name];
  }
}
