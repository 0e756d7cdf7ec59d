import type { Path } from '../domain/document/fault.ts';
import type { GateBook } from '../domain/gate/gate-book.ts';
import { gateRefusals } from '../domain/gate/not-carried-out.ts';
import { planGate } from '../domain/gate/parse-gate.ts';
import type { PlannedGate } from '../domain/gate/planned-gate.ts';
import type { Config } from './schema.ts';

/** Gates that the catalog and manifests may use. A gate that names no Prometheus asks the only one there is. */
export function gateBook(config: Config): GateBook {
  const names = Object.keys(config.prometheus);
  return {
    presets: config.gatePresets,
    prometheus: config.prometheus,
    ...(names.length === 1 && { defaultPrometheus: names[0] }),
  };
}

/** A preset with its defaults filled in; absent when it cannot be judged. */
export function plannedPreset(config: Config, name: string): PlannedGate | undefined {
  const gate = config.gatePresets[name];
  if (gate === undefined) return undefined;
  const planned = planGate(gate, { name, defaults: gateBook(config) });
  return planned.kind === 'planned' ? planned.gate : undefined;
}

/** Presets that could not be judged, or that promise what is not done. */
export function presetFaults(config: Config): { path: Path; says: string }[] {
  const defaults = gateBook(config);
  return Object.entries(config.gatePresets).flatMap(([name, gate]) => {
    const path = ['gatePresets', name];
    const refused = gateRefusals(gate).map(({ key, remedy }) => ({
      path: [...path, key],
      says: `is not carried out: ${remedy}`,
    }));
    const planned = planGate(gate, { name, defaults });
    // A gate of another type has other keys: to call them missing as well would only confuse.
    const incomplete = planned.kind === 'planned' || refused.length > 0 ? [] : planned.faults;
    const misplaced = (['name', 'services'] as const).filter((key) => gate[key] !== undefined);
    return [
      ...refused,
      ...incomplete.map(({ key, says }) => ({ path: [...path, key], says })),
      ...misplaced.map((key) => ({ path: [...path, key], says: 'means nothing in a preset: leave it out' })),
    ];
  });
}
