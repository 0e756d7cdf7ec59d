import { checkShape } from '../domain/document/check-shape.ts';
import { type Fault, faultAt, inFileOrder, type SourceDocument } from '../domain/document/fault.ts';
import { referenceFaults } from './check-references.ts';
import { presetFaults } from './gates.ts';
import { Config } from './schema.ts';

export type ConfigResolved = { kind: 'resolved'; config: Config } | { kind: 'faulty'; faults: Fault[] };

/** Reads `signalbox.yaml`, and tells every fault at once with its place. */
export function resolveConfig(document: SourceDocument): ConfigResolved {
  const checked = checkShape(Config, document);
  if (checked.kind === 'faulty') return checked;
  const wrong = [...referenceFaults(checked.value), ...presetFaults(checked.value)];
  if (wrong.length === 0) return { kind: 'resolved', config: checked.value };
  const faults = wrong.map(({ path, says }) => faultAt(document, path, says));
  return { kind: 'faulty', faults: inFileOrder(faults) };
}
