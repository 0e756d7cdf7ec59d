import type { ServiceName } from '../ids.ts';
import type { Artifact } from './artifact.ts';

/** Where a report came from, and which it is. */
export interface ReportedBy {
  /** Name in `signalbox.yaml`. */
  reporter: string;
  /** Services it may report; absent: all. */
  services?: readonly ServiceName[] | undefined;
  /** Identity of the report: the same again is recorded once. */
  id: string;
}

/** What became of a report. */
export type ArtifactRecorded =
  | { kind: 'recorded'; artifact: Artifact; isRepeated: boolean }
  /** The reporter may not speak for the service. */
  | { kind: 'forbidden'; says: string; remedy: string }
  /** What it says cannot be so. */
  | { kind: 'refused'; says: string; remedy: string };
