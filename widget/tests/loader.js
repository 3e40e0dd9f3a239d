// A loader made of fakes: what `embed.js` hands over, with the network and the memory in the test's hands.

const stored = {};

export class Loader {
  constructor(feed) {
    this.state = { feed: JSON.parse(feed), confirmed_at: new Date().toISOString(), stale: false, shown: [], open: null };
    this.options = { shadow: "open" };
    this.events = [];
    this.asked = 0;
    this.ask = () => {
      this.asked += 1;
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
  /** The feed that was handed over was kept from an earlier visit. */
  keep() {
    this.state.stale = true;
  }
  /** The request that is under way brings this feed; "" is a failure. An older one than is known confirms nothing. */
  async answer(text) {
    const feed = text && JSON.parse(text);
    if (feed.rev >= this.state.feed.rev) Object.assign(this.state, { feed, stale: false });
    this.resolve(feed ? { feed, seconds: 10 } : { seconds: 0 });
    await new Promise((resolve) => setTimeout(resolve));
  }
  said() {
    return this.events.join(", ");
  }
  /** What an earlier page load has left. */
  static remember(name, key, value) {
    stored[name] = { ...stored[name], [key]: value };
  }
  /** Another browser: nothing is remembered. */
  static forget() {
    for (const name of Object.keys(stored)) delete stored[name];
  }
}
