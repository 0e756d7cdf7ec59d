import { App, type AppOptions, type ReceiverEvent } from '@slack/bolt';

/**
 * Bolt, except that it acknowledges an event only when its listeners are done. By itself it does so before they begin, and an
 * event that could not be written down would be lost: Slack sends again only what was not acknowledged.
 */
export class AckAfterListeners extends App {
  readonly #underWay = new Set<Promise<void>>();

  constructor(options: AppOptions) {
    super(options);
    // Whoever received it decides how Slack is told that it failed.
    this.error((error) => Promise.reject(error));
  }

  override async processEvent(event: ReceiverEvent): Promise<void> {
    const done = this.#process(event);
    this.#underWay.add(done);
    try {
      await done;
    } finally {
      this.#underWay.delete(done);
    }
  }

  /** Settles when what is under way now is done, whatever came of it. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#underWay);
  }

  async #process(event: ReceiverEvent): Promise<void> {
    if (!('event' in event.body)) return super.processEvent(event);
    await super.processEvent({ ...event, ack: async () => {} });
    await event.ack();
  }
}
