import { describe, expect, it } from 'vitest';
import { Artifact, ArtifactReport } from '../../../src/domain/artifact/artifact.ts';
import { serviceStream } from '../../../src/domain/ids.ts';
import type { Request } from '../../../src/domain/request.ts';
import { recordArtifact } from '../../../src/jobs/artifacts/record-artifact.ts';
import type { MemorySource } from '../../simulation/ports/memory-forge.ts';
import { lastWords } from '../answers.ts';
import { ANA, digestOf, type PlainWorld, plainWorld, SERVICE } from '../plain-world.ts';

const COMMIT = 'a1b2c3d4e5f60718293a4b5c6d7e8f9001122334';

const PLAN: Request = { kind: 'cut', environment: 'prod', services: [], leaveOut: [], dryRun: true };

/** The plan of a cut that names nothing, in words. */
async function planned(world: PlainWorld): Promise<string> {
  await world.ask(ANA, PLAN);
  return lastWords(world);
}

/** A build tells of a version of the one service. */
function report(world: PlainWorld, minor: number, more: object = {}, by: object = {}) {
  const body = { service: SERVICE, image: `registry.test/${SERVICE}:1.${minor}.0`, ...more };
  return recordArtifact(world.ports, world.catalog, {
    report: ArtifactReport.parse(body),
    by: { reporter: 'ci', id: JSON.stringify(body), ...by },
  });
}

function forge(over: Partial<MemorySource>): MemorySource {
  return {
    checks: () => ({ kind: 'checks', checks: [] }),
    required: () => ({ kind: 'required', checks: [] }),
    deployed: () => ({ kind: 'none', says: 'nothing is' }),
    passed: () => ({ kind: 'none', says: 'it ran on none' }),
    comments: [],
    ...over,
  };
}

describe('what a build reports', () => {
  it('is recorded once, with the digest that its tag means now', async () => {
    const world = await plainWorld();
    expect(await report(world, 2, { commit: COMMIT })).toMatchObject({ kind: 'recorded', isRepeated: false });
    expect(await report(world, 2, { commit: COMMIT })).toMatchObject({ kind: 'recorded', isRepeated: true });
    const { facts } = await world.ports.ledger.read(serviceStream(SERVICE));
    expect(facts.map(({ kind, actor }) => [kind, actor.id])).toEqual([
      ['artifact.reported', 'signalbox:reporter:ci'],
    ]);
    expect(Artifact.parse(facts[0]?.data).images).toEqual({
      [SERVICE]: { repository: `registry.test/${SERVICE}`, digest: digestOf(2), tag: '1.2.0' },
    });
  });

  it.each([
    ['of a service that its reporter may not speak for', {}, { services: ['web'] }, 'forbidden'],
    ['of a service that nobody knows', { service: 'web' }, {}, 'refused'],
    ['with another image', { image: 'registry.test/web:1.2.0' }, {}, 'refused'],
    ['with an image that is not there', { image: `registry.test/${SERVICE}:9` }, {}, 'refused'],
    ['with an image without tag and digest', { image: `registry.test/${SERVICE}` }, {}, 'refused'],
  ])('is not recorded %s', async (_, more, by, kind) => {
    const world = await plainWorld();
    expect(await report(world, 2, more, by)).toMatchObject({ kind });
    expect((await world.ports.ledger.read(serviceStream(SERVICE))).version).toBe(0);
  });
});

describe('a cut of the first environment that names nothing', () => {
  it('takes the newest that was reported, under the name its build gave it', async () => {
    const world = await plainWorld();
    expect(await planned(world)).toContain('prod is the first environment');
    await report(world, 2);
    await report(world, 3, { version: 'v1.3', commit: COMMIT });
    const words = await planned(world);
    expect(words).toContain('1.1.0 → *v1.3*');
    expect(words).toContain('from ci at a1b2c3d4e5f6');
  });

  it('takes nothing that runs already', async () => {
    const world = await plainWorld();
    await report(world, 1);
    expect(await planned(world)).toContain('Nothing to release');
  });

  it.each<[string, string, RegExp]>([
    [
      'the highest version of a range',
      '{from: registry, semver: "<1.4"}',
      /→ \*1\.3\.0\*.*newest tag by semver/,
    ],
    [
      'the last by a pattern',
      '{from: registry, pattern: "1\\\\.(\\\\d)\\\\.0", order: numeric}',
      /→ \*1\.4\.0\*/,
    ],
    [
      'nothing where no tag fits, and says so',
      '{from: registry, semver: ">=2"}',
      /none of the 4 tags of registry\.test\/orders-api fits semver &gt;=2/,
    ],
    ['nothing where builds have to report and none did', '{from: artifacts}', /no build has reported one/],
    [
      'nothing from GitHub where there is none',
      '{from: github, check: unit}\n    source: {repository: source}',
      /is no repository there/,
    ],
  ])('takes %s', async (_, candidate, words) => {
    const world = await plainWorld({ entry: `candidate: ${candidate}` });
    expect(await planned(world)).toMatch(words);
  });

  it('takes the commit that GitHub shows, by the tag of its image', async () => {
    const rules = {
      repositories: { gitops: { branch: 'main' }, source: { branch: 'main', github: 'acme/shop' } },
    };
    const world = await plainWorld({
      rules,
      entry:
        'source: {repository: source}\n    candidate: {from: github, deployment: ci, tag: "1.{commit:1}.0"}',
      forge: forge({
        deployed: (environment) => ({ kind: 'commit', commit: environment === 'ci' ? '3'.repeat(40) : '' }),
      }),
      revisions: async (source) => {
        const head = (await source.head('main')) ?? '';
        return { 1: head, 3: head };
      },
    });
    expect(await planned(world)).toMatch(/→ \*1\.3\.0\*.*333333333333 deployed to ci/);
  });
});
