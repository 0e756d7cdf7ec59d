import { stringify } from 'yaml';
import type { SourceDocument } from '../../../src/domain/document/fault.ts';
import { readManifest } from '../../../src/domain/manifest/manifest.ts';
import type { PlanInput } from '../../../src/domain/plan/plan-input.ts';
import {
  catalogOf,
  contentOf,
  documentFor,
  environmentOf,
  GATE_BOOK,
  NAME,
} from '../../domain/plan/world.ts';

/** A release of so many services in waves of ten, each with what most of them state, and the catalog that they agree with. */
export interface Scene {
  text: string;
  /** What the rules are asked of a document that was read. Throws when it is none. */
  inputOf(document: SourceDocument): PlanInput;
}

export function sceneOf(services: number): Scene {
  const names = Array.from({ length: services }, (_, at) => `service-${at}`);
  const contents = Object.fromEntries(names.map((name) => [name, contentOf(name, '1.8.0')]));
  const needs = (at: number) => (at < 10 ? [] : [`service-${at - 10}`]);
  const stated = names.map((name, at) => [
    name,
    {
      tier: 2,
      owners: [`${name}-owners`],
      dependsOn: needs(at),
      rollout: {
        strategy: 'canary',
        steps: [{ setWeight: 10 }, { pause: { duration: '5m' } }, { setWeight: 50 }],
      },
    },
  ]);
  const text = stringify(documentFor(contents, { services: Object.fromEntries(stated) }), { lineWidth: 0 });
  const catalog = catalogOf(Object.fromEntries(names.map((name, at) => [name, needs(at)])));
  return {
    text,
    inputOf(document) {
      const read = readManifest(document);
      if (read.kind === 'faulty') throw new Error(JSON.stringify(read.faults[0]));
      return {
        document,
        manifest: read.manifest,
        manifestHash: read.hash,
        name: NAME,
        catalog,
        environment: environmentOf(),
        gates: GATE_BOOK,
        contents,
        unresolved: [],
        known: {},
        makers: [],
      };
    },
  };
}

/** A document just within the limits with a fault in nearly every value: the longest that one text can keep the program. */
export function hostileText(): string {
  const gates = Array.from({ length: 1_000 }, () => `    - { type: x, moves: [${'a, '.repeat(90)}a] }`).join(
    '\n',
  );
  return `apiVersion: release.gitplumbers.io/v1\nkind: Release\nspec:\n  gates:\n${gates}\n`;
}
