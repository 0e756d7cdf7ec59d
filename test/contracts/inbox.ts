import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AcceptedRequest } from '../../src/domain/request.ts';
import type { Inbox } from '../../src/ports/inbox.ts';

/** An inbox to be judged. */
export interface InboxUnderTest {
  inbox: Inbox;
  close(): Promise<void>;
}

export function request(id: string, receivedAt = '2026-11-20T10:00:00.000Z'): AcceptedRequest {
  return {
    id,
    receivedAt,
    principal: 'slack:T1:U1',
    via: 'slack',
    channel: 'C1',
    request: { kind: 'incidentNote', text: 'it is the database ☂' },
    replyTo: { kind: 'slack', user: 'U1', responseUrl: 'https://hooks.slack.test/1' },
  };
}

/** What every inbox does. Cases share one, so each uses identities of its own. */
export function inboxContract(name: string, make: () => Promise<InboxUnderTest>): void {
  describe(`the inbox, ${name}`, () => {
    let subject: InboxUnderTest;
    let inbox: Inbox;
    beforeAll(async () => {
      subject = await make();
      inbox = subject.inbox;
    });
    afterAll(() => subject.close());

    it('keeps what it accepted, as it was', async () => {
      expect(await inbox.accept(request('a'))).toBe('accepted');
      expect(await inbox.take('a')).toEqual(request('a'));
      expect(await inbox.take('a')).toEqual(request('a'));
    });

    it('accepts one identity once, also when it comes many times at the same moment', async () => {
      const answers = await Promise.all(Array.from({ length: 20 }, () => inbox.accept(request('b'))));
      expect(answers.filter((answer) => answer === 'accepted')).toHaveLength(1);
    });

    it('keeps the first of two that have one identity', async () => {
      await inbox.accept(request('c'));
      await inbox.accept({ ...request('c'), principal: 'slack:T1:U2' });
      expect((await inbox.take('c'))?.principal).toBe('slack:T1:U1');
    });

    it('forgets what was carried out, but not that it was', async () => {
      await inbox.accept(request('d'));
      await inbox.finish('d');
      expect(await inbox.take('d')).toBeUndefined();
      expect(await inbox.accept(request('d'))).toBe('repeated');
      expect(await inbox.take('d')).toBeUndefined();
    });

    it('remembers what was carried out before it was accepted here', async () => {
      await inbox.finish('e');
      expect(await inbox.accept(request('e'))).toBe('repeated');
    });

    it('lists what waits, oldest first, and only from before the moment asked for', async () => {
      const at = (second: number) => `2026-11-21T10:00:0${second}.000Z`;
      for (const second of [3, 1, 2, 4]) await inbox.accept(request(`w${second}`, at(second)));
      await inbox.finish('w2');
      const waiting = await inbox.waiting(Date.parse(at(4)));
      expect(waiting.filter((id) => id.startsWith('w'))).toEqual(['w1', 'w3']);
    });

    it('has nothing for an identity it never met', async () => {
      expect(await inbox.take('never')).toBeUndefined();
      await inbox.finish('never too');
    });
  });
}
