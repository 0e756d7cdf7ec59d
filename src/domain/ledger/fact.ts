import { z } from 'zod';
import { Actor } from '../actor.ts';
import { Instant, StreamId, TrackId } from '../ids.ts';
import { environmentFacts } from './environment-facts.ts';
import { incidentFacts } from './incident-facts.ts';
import { installationFacts } from './installation-facts.ts';
import { releaseFacts } from './release-facts.ts';
import { serviceFacts } from './service-facts.ts';

/** Version of the data schemas below. A fact of a newer version makes its stream read-only except for recovery. */
export const FACT_SCHEMA_VERSION = 1;

/** Every kind of fact this version writes, by kind of stream. The one list; adding a kind means adding it here. */
export const factKinds = {
  release: releaseFacts,
  environment: environmentFacts,
  incident: incidentFacts,
  installation: installationFacts,
  service: serviceFacts,
} as const;

/** Kind to data, over all streams. */
export type FactData = {
  [S in keyof typeof factKinds]: {
    [K in keyof (typeof factKinds)[S]]: z.infer<(typeof factKinds)[S][K] & z.ZodType>;
  };
};

type Of<S extends keyof FactData> = {
  [K in keyof FactData[S]]: { kind: K; data: FactData[S][K] };
}[keyof FactData[S]];

export type ReleaseFactBody = Of<'release'>;
export type EnvironmentFactBody = Of<'environment'>;
export type IncidentFactBody = Of<'incident'>;
export type InstallationFactBody = Of<'installation'>;
export type ServiceFactBody = Of<'service'>;
export type FactBody =
  | ReleaseFactBody
  | EnvironmentFactBody
  | IncidentFactBody
  | InstallationFactBody
  | ServiceFactBody;

/** Whose clock `occurredAt` was read from; clocks differ, so order by source time keeps its source. */
export const ClockSource = z.enum(['signalbox', 'slack', 'kubernetes', 'prometheus', 'git']);
export type ClockSource = z.infer<typeof ClockSource>;

/** The envelope around every fact. `hash` covers all of it except `seq`, which the store gives. */
export const FactEnvelope = z.object({
  id: z.string(),
  /** Place in the installation's one sequence, from 1. */
  seq: z.int().positive(),
  stream: StreamId,
  /** Place in the stream, from 1. */
  version: z.int().positive(),
  kind: z.string(),
  schemaVersion: z.int().positive(),
  occurredAt: Instant,
  clock: ClockSource,
  recordedAt: Instant,
  actor: Actor,
  /** What led to it: the id of a request, a fact or a job. */
  cause: z.string().optional(),
  /** The release or incident it belongs with. */
  correlation: z.string(),
  incarnation: z.int().positive(),
  /** Epochs of the tracks it was decided under. */
  epochs: z.record(TrackId, z.int().positive()),
  data: z.unknown(),
  /** Hash of the stream's fact before; 64 zeros for the first. */
  prevHash: z.string(),
  hash: z.string(),
});
export type FactEnvelope = z.infer<typeof FactEnvelope>;

/** A fact whose kind and data this version knows. */
export type Fact<B extends FactBody = FactBody> = Omit<FactEnvelope, 'kind' | 'data'> & B;
export type ReleaseFact = Fact<ReleaseFactBody>;
export type EnvironmentFact = Fact<EnvironmentFactBody>;
export type IncidentFact = Fact<IncidentFactBody>;
export type InstallationFact = Fact<InstallationFactBody>;
export type ServiceFact = Fact<ServiceFactBody>;

/** A fact as a decision states it; the writer adds place, chain and time of recording. */
export type NewFact<B extends FactBody = FactBody> = B & {
  actor: Actor;
  occurredAt: string;
  clock: ClockSource;
  cause?: string;
};
