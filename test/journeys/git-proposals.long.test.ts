import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Document, parseDocument } from 'yaml';
import { protectedBranch } from '../../src/sandbox/git-server/push-faults.ts';
import { type People, peopleOf } from './people.ts';
import { commitsOf, type Journey, startJourney, TEST_MS } from './world.ts';

let journey: Journey;
let people: People;
beforeAll(async () => {
  journey = await startJourney();
  people = peopleOf(journey.world);
}, TEST_MS);
afterAll(() => journey?.[Symbol.asyncDispose]());

describe('Git takes proposals only', { timeout: TEST_MS }, () => {
  it('the commit is proposed, the board says where, and the release goes on once a person has merged it', async () => {
    const { gitops } = journey.world;
    await restartedWith((config) => config.setIn(['repositories', 'gitops', 'proposeBranch'], 'proposed'));
    gitops.faultPushesTo('main', protectedBranch('main'));
    const name = await people.cuts('dev', 'dev', 'web@1.11.0');
    const board = await people.board('dev', name, /Waits for a merge in gitops: proposed\//);
    const [, branch = ''] = /merge in gitops: (\S+)/.exec(board.visible) ?? [];
    expect(await commitsOf(journey, `dev/${name}`)).toEqual([]);
    await gitops.reset('main', await gitops.head(branch));
    await people.board('dev', name, /· released ·/);
    expect(await commitsOf(journey, `dev/${name}`)).toHaveLength(1);
    gitops.faultPushesTo('main', undefined);
  });

  /** Starts the program again with its configuration changed. */
  async function restartedWith(change: (config: Document) => void): Promise<void> {
    const path = join(journey.world.directory, 'signalbox.yaml');
    const config = parseDocument(await readFile(path, 'utf8'));
    change(config);
    await writeFile(path, config.toString());
    await journey.world.restartBot();
  }
});
