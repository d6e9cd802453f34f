/**
 * For so long the leader of a stream may not know that it is none any more: it gives up after ten seconds without a
 * majority (JetStream's own interval), and until then says of what the new leader has acknowledged that it is not there.
 */
const DEPOSED_MS = 15_000;

/** Decides when the log may be believed that nothing lies between a consumer's position and its head. */
export class SilentEnd {
  private first: { readonly from: number; readonly to: number; readonly at: number } | undefined;

  /** `now`: ms, never going back. */
  constructor(private readonly now: () => number = () => performance.now()) {}

  /**
   * The log has said that nothing lies behind `from`, with `to` as its last sequence. Returns the sequence up to which
   * that is certain: at once where there is one copy, else when it is still said after longer than a deposed leader
   * lasts; undefined until then.
   */
  through(from: number, to: number, copies: number): number | undefined {
    if (copies <= 1) return to;
    if (this.first?.from !== from) this.first = { from, to, at: this.now() };
    if (this.now() - this.first.at < DEPOSED_MS) return undefined;
    const { to: certain } = this.first;
    this.first = undefined;
    return certain;
  }

  /** Something lies there, or nobody says that it does not. */
  broken(): void {
    this.first = undefined;
  }
}
