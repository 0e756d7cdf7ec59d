import type { WrittenGate } from '../manifest/gate-schema.ts';
import type { GateDefaults } from './parse-gate.ts';

/** Gates as `signalbox.yaml` offers them to the catalog and to manifests. */
export interface GateBook extends GateDefaults {
  presets: Readonly<Record<string, WrittenGate>>;
}
