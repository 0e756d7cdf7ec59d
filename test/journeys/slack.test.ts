import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type People, peopleOf } from './people.ts';
import { type Journey, startJourney, TEST_MS } from './world.ts';

let journey: Journey;
let people: People;
beforeAll(async () => {
  journey = await startJourney();
  people = peopleOf(journey.world);
}, TEST_MS);
afterAll(() => journey?.[Symbol.asyncDispose]());

/** Boards of a release: there is one, whatever Slack does. */
function boards(environment: string, name: string): number {
  const messages = journey.world.workspace.state().messages(`releases-${environment}`);
  return messages.filter(({ text }) => text.startsWith(`${name} →`)).length;
}

describe('Slack says no, or not what it did', { timeout: TEST_MS }, () => {
  it('a 429 delays what is said, and neither loses it nor the release', async () => {
    const { faults } = journey.world.workspace;
    faults.next(1, {
      method: 'chat.postMessage',
      channel: 'releases-dev',
      fault: { kind: 'rate_limited', retryAfterSeconds: 2 },
    });
    const name = await people.releasesToDev('web@1.8.0');
    expect(faults.pending).toBe(0);
    expect(boards('dev', name)).toBe(1);
  });

  it.each(['commit_then_500', 'commit_then_reset'] as const)(
    '%s: the message is found, not said twice',
    async (kind) => {
      const { faults } = journey.world.workspace;
      faults.next(1, { method: 'chat.postMessage', channel: 'releases-dev', fault: { kind } });
      const version = kind === 'commit_then_500' ? '1.9.0' : '1.10.0';
      const name = await people.releasesToDev(`web@${version}`);
      expect(faults.pending).toBe(0);
      expect(boards('dev', name)).toBe(1);
    },
  );

  it('out of the channel, the release goes on; the answer names the channel, and the board comes with the invitation', async () => {
    const { workspace, gitops } = journey.world;
    workspace.faults.kickBot('releases-dev');
    const name = await people.cuts('dev', 'dev', 'stock@1.8.0');
    await workspace.waitFor(
      () => workspace.requests.some(({ answer }) => answer?.['error'] === 'not_in_channel'),
      { deadlineMs: 20_000, what: 'a refused post' },
    );
    const until = performance.now() + 20_000;
    while (!(await gitops.log('main')).some(({ message }) => message.includes(`dev/${name}`))) {
      if (performance.now() > until) throw new Error('the release stands still');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    workspace.person('ana').invite('releases-dev', workspace.botUserId);
    await people.board('dev', name, /· released ·/);
    expect(boards('dev', name)).toBe(1);
  });
});
