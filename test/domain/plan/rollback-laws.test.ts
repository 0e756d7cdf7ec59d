import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sameContent } from '../../../src/domain/content.ts';
import { makePlan } from '../../../src/domain/plan/make-plan.ts';
import type { Plan } from '../../../src/domain/plan/plan.ts';
import { planRollback } from '../../../src/domain/plan/plan-rollback.ts';
import type { RollbackInput } from '../../../src/domain/plan/rollback-input.ts';
import { catalogOf, contentOf, environmentOf, knownAs, planInput } from './world.ts';

const RELEASE = 'prod/shop-2026-11-02.1';
const NAMES = ['a', 'b', 'c', 'd', 'e', 'f'];

/** Each service depends on some of those before it, so that there is an order. */
const graphs = fc
  .tuple(...NAMES.map((_, index) => fc.subarray(NAMES.slice(0, index))))
  .map((lists) => Object.fromEntries(NAMES.map((name, index) => [name, lists[index] ?? []])));

const worlds = fc.record({
  graph: graphs,
  moved: fc.subarray(NAMES, { minLength: 1 }),
  asked: fc.subarray(NAMES, { minLength: 1 }),
  inFlight: fc.boolean(),
});
type World = typeof worlds extends fc.Arbitrary<infer T> ? T : never;

function inputOf({ graph, moved, asked, inFlight }: World): { input: RollbackInput; plan: Plan } {
  const catalog = catalogOf(graph);
  const before = Object.fromEntries(NAMES.map((name) => [name, [knownAs(contentOf(name, '1.0.0'), 1)]]));
  const contents = Object.fromEntries(moved.map((name) => [name, contentOf(name, '2.0.0')]));
  const made = makePlan(planInput(contents, { catalog, known: before }));
  if (made.kind !== 'planned') throw new Error(JSON.stringify(made));
  const proved = Object.fromEntries(
    NAMES.map((name) => {
      const content = contents[name];
      const older = before[name] ?? [];
      return [name, content && !inFlight ? [knownAs(content, 2, RELEASE), ...older] : older];
    }),
  );
  return {
    plan: made.plan,
    input: {
      asked: { kind: 'services', services: asked.filter((name) => moved.includes(name)) },
      environment: environmentOf(),
      catalog,
      known: proved,
      plans: [{ release: RELEASE, plan: made.plan, inFlight }],
      makers: [],
    },
  };
}

describe('the laws of going back', () => {
  it('takes along everything that needs what goes back, and whole releases in flight', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const { input, plan } = inputOf(world);
        const answer = planRollback(input);
        if (answer.kind !== 'planned') {
          expect(answer.kind).toBe('nothing');
          return input.asked.kind === 'services' && input.asked.services.length === 0;
        }
        const going = Object.keys(answer.draft.services);
        const closed = Object.entries(plan.services).every(
          ([name, { needs }]) => going.includes(name) || !needs.some((needed) => going.includes(needed)),
        );
        const whole = !world.inFlight || going.length === Object.keys(plan.services).length;
        return closed && whole;
      }),
    );
  });

  it('takes each service to trusted content other than what it has, and dependents first', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const { input } = inputOf(world);
        const answer = planRollback(input);
        if (answer.kind !== 'planned') return true;
        const { services, waves } = answer.draft;
        const waveOf = new Map(waves.flatMap((wave, index) => wave.map((name) => [name, index])));
        return Object.entries(services).every(
          ([name, { from, to, dependsOn }]) =>
            from !== undefined &&
            !sameContent(from, to) &&
            input.known[name]?.some((one) => sameContent(one.content, to)) &&
            dependsOn.every(
              (other) => !waveOf.has(other) || (waveOf.get(name) ?? 0) < (waveOf.get(other) ?? 0),
            ),
        );
      }),
    );
  });

  it('gives the same answer in whatever order it was asked', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const one = planRollback(inputOf(world).input);
        const other = planRollback(inputOf({ ...world, asked: world.asked.toReversed() }).input);
        const names = (answer: typeof one) =>
          answer.kind === 'planned' ? Object.keys(answer.draft.services) : answer.kind;
        expect(names(other)).toEqual(names(one));
      }),
    );
  });
});
