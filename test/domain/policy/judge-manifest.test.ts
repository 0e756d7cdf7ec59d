import { describe, expect, it } from 'vitest';
import type { Catalog } from '../../../src/domain/catalog/catalog.ts';
import type { PlanInput } from '../../../src/domain/plan/plan-input.ts';
import { RULE_IDS } from '../../../src/domain/policy/finding.ts';
import { judgeManifest } from '../../../src/domain/policy/preflight.ts';
import { catalogOf, contentOf, imageOf, knownAs, planInput, type Said, serviceOf } from '../plan/world.ts';

const contents = { orders: contentOf('orders', '1.8.0'), web: contentOf('web', '9.10.0') };
const catalog = catalogOf({ orders: [], web: ['orders'], search: [] });
const image = (text: string): Said => ({ services: { web: { image: text } } });
const WEB = imageOf('web', '9.10.0');

/** "rule severity path", for what can be said of a manifest by itself. */
function judged(said: Said, more: Partial<PlanInput> = {}): string[] {
  const findings = judgeManifest(planInput(contents, { catalog, ...more, said }));
  return findings.map(({ rule, severity, path }) => `${rule} ${severity} ${path}`);
}

function saying(said: Said, more: Partial<PlanInput> = {}): string {
  return judgeManifest(planInput(contents, { catalog, ...more, said }))
    .map(({ says }) => says)
    .join('; ');
}

describe('a manifest by itself', () => {
  it('that is as it should be raises nothing', () => {
    expect(judged({})).toEqual([]);
  });

  it.each<[string, Said, string, string]>([
    [
      'a digest of 63 digits',
      image(`reg.example/web@sha256:${'a'.repeat(63)}`),
      'image-digest-pinned error',
      '63 digits',
    ],
    [
      'capital letters',
      image(`reg.example/web@sha256:${'A'.repeat(64)}`),
      'image-digest-pinned error',
      'capital letters',
    ],
    ['a digest cut short', image('reg.example/web@sha256:2f3c...'), 'placeholder-digest error', 'cut short'],
    ['a version tag', image('reg.example/web:9.10.0'), 'image-digest-pinned error', 'tag 9.10.0'],
    ['a moving tag', image('reg.example/web:latest'), 'no-floating-tag error', 'moving tag latest'],
    ['neither tag nor digest', image('reg.example/web'), 'no-floating-tag error', 'neither'],
    [
      'a tag beside the digest',
      image(`reg.example/web:9.10.0@${WEB.digest}`),
      'image-digest-pinned warn',
      'ignored',
    ],
    [
      'an image from elsewhere',
      image(`evil.example/web@${WEB.digest}`),
      'catalog-agrees error',
      'evil.example/web',
    ],
  ])('with %s is told so', (_, said, finding, says) => {
    expect(judged(said)).toEqual([`${finding} spec.services.web.image`]);
    expect(saying(said)).toContain(says);
  });

  it.each<[string, Said, string | string[]]>([
    ['another name', { name: 'shop-2026-11-20.4' }, 'release-name error metadata.name'],
    ['no release name', { name: 'shop' }, 'release-name error metadata.name'],
    ['another environment', { spec: { environment: 'dev' } }, 'catalog-agrees error spec.environment'],
    [
      'another owner',
      { services: { web: { owners: ['me'] } } },
      'catalog-agrees error spec.services.web.owners',
    ],
    [
      'both forms of image',
      { services: { web: { images: { web: `reg.example/web@${WEB.digest}` } } } },
      'catalog-agrees error spec.services.web',
    ],
    [
      'a migration',
      {
        spec: {
          migrations: [
            { name: 'a-expand', type: 'flyway', constraint: 'full', backoutPlan: 'leave it', services: [] },
          ],
        },
      },
      [
        // It names neither a database nor what has to be there.
        'migration-complete error spec.migrations[0]',
        'migration-complete error spec.migrations[0]',
        'db-plan-required error spec.migrations',
      ],
    ],
    ['a rollback by hand', { spec: { type: 'rollback' } }, 'not-carried-out error spec.type'],
    [
      'a chart version without a place',
      { services: { web: { chartVersion: '1.0.0' } } },
      'not-carried-out error spec.services.web.chartVersion',
    ],
    [
      'half a gate',
      { spec: { gates: [{ type: 'prometheus', threshold: '< 1' }] } },
      'gate-complete error spec.gates[0].query',
    ],
  ])('with %s is refused', (_, said, finding) => {
    expect(judged(said)).toEqual([finding].flat());
  });

  it('says of a migration what the last environment asks for, and advises it before', () => {
    const said = {
      spec: { migrations: [{ name: 'a-expand', type: 'flyway' }], rollback: { dbPlan: 'none' } },
    };
    const found = (severity: string) =>
      ['migration-compatible', 'migration-backout-plan'].map(
        (rule) => `${rule} ${severity} spec.migrations[0]`,
      );
    expect(judged(said)).toEqual(expect.arrayContaining(found('error')));
    expect(judged(said, { isLastEnvironment: false })).toEqual(expect.arrayContaining(found('warn')));
  });

  it("is judged by the stricter of its tier and the catalog's", () => {
    const critical = { services: { ...catalog.services, web: serviceOf('web', { tier: 1 }) } };
    const said = { services: { web: { rollout: { strategy: 'batch' } } } };
    const rule = 'progressive-required error spec.services.web.rollout.strategy';
    expect(judged(said, { catalog: critical })).toContain(rule);
    expect(judged(said)).not.toContain(rule);
  });

  it('that names the owner the catalog names is fine', () => {
    expect(judged({ services: { web: { owners: ['web-owners'] } } })).toEqual([]);
  });

  it('of a service that the catalog does not know, or not here, is refused with the nearest name', () => {
    const wbe = planInput({ wbe: contentOf('wbe', '1') }, { catalog });
    expect(judgeManifest(wbe)).toMatchObject([
      { rule: 'catalog-agrees', remedy: expect.stringContaining('did you mean web?') },
    ]);
    const dev = { services: { ...catalog.services, web: serviceOf('web', { placements: { dev: [] } }) } };
    expect(saying({}, { catalog: dev })).toContain('web does not exist in prod');
  });

  it('of a service that Git does not own here is refused', () => {
    const placements = { prod: [{ cluster: 'main', namespace: 'prod', rollout: 'web' }] };
    const outside = { services: { ...catalog.services, web: serviceOf('web', { placements }) } };
    expect(saying({}, { catalog: outside })).toContain('no file in Git for main/prod/web');
  });

  it('must name an image for every container, and for no other', () => {
    const two: Catalog = {
      services: {
        ...catalog.services,
        web: serviceOf('web', { images: { web: 'reg.example/web', side: 'reg.example/side' } }),
      },
    };
    expect(saying({}, { catalog: two })).toContain('names one image, and web has the containers web, side');
    const named = {
      image: undefined,
      images: { web: `reg.example/web@${WEB.digest}`, sdie: `reg.example/side@${WEB.digest}` },
    };
    expect(saying({ services: { web: named } }, { catalog: two })).toContain(
      'web has no container sdie; names no image for side',
    );
  });

  it('says why an image could not be found', () => {
    const unresolved = [{ service: 'web', container: 'web', says: 'reg.example/web has no 9.10.0' }];
    const input = { ...planInput(contents, { catalog, unresolved }), contents: { orders: contents.orders } };
    expect(judgeManifest(input)).toMatchObject([
      {
        rule: 'digest-exists',
        path: 'spec.services.web.image',
        says: 'could not be found: reg.example/web has no 9.10.0',
      },
    ]);
  });

  it('is refused when what was looked up is something else', () => {
    const input = {
      ...planInput(contents, { catalog }),
      contents: { ...contents, web: contentOf('web', '9.11.0') },
    };
    expect(judgeManifest(input).map(({ rule }) => rule)).toEqual(['digest-exists']);
  });
});

describe('dependencies', () => {
  it('in a circle are refused with the circle', () => {
    const said = { services: { orders: { dependsOn: ['web'] } } };
    expect(saying(said)).toBe('is a cycle: orders → web → orders');
  });

  it('must go along or be there', () => {
    expect(judged({ services: { orders: { dependsOn: ['search', 'mail'] } } })).toEqual([
      'dependency-unknown error spec.services.orders.dependsOn[1]',
    ]);
  });

  it.each([
    ['is brought high enough by the release', 'orders', '1.8', undefined],
    [
      'is brought too low by the release',
      'orders',
      '1.9',
      'web needs orders 1.9 or later, and this release brings 1.8.0',
    ],
    ['already runs high enough', 'search', '2', undefined],
    ['runs too low', 'search', '3', 'web needs search 3 or later, and prod runs 2.0.0'],
    [
      'is of no version that could be compared',
      'search',
      'main',
      'web needs search main or later, and prod runs 2.0.0',
    ],
  ])('whose lowest version is asked for: %s', (_, service, minVersion, says) => {
    const known = { search: [knownAs(contentOf('search', '2.0.0'), 1)] };
    const said = { services: { web: { dependsOn: [{ service, minVersion }] } } };
    expect(saying(said, { known })).toBe(says ?? '');
  });
});

describe('rules', () => {
  it('are named once each, and every finding stands in the document', () => {
    expect(new Set(RULE_IDS).size).toBe(RULE_IDS.length);
    const [finding] = judgeManifest({
      ...planInput(contents, { catalog, said: image('reg.example/web') }),
      document: {
        file: 'release.yaml',
        locate: (path) => (path.length < 4 ? { line: path.length, column: 7 } : undefined),
      },
    });
    expect(finding).toMatchObject({ file: 'release.yaml', place: { line: 3, column: 7 } });
  });
});
