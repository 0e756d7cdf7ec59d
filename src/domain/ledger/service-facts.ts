import { Artifact } from '../artifact/artifact.ts';

/** Data of each kind of fact in a service's stream: what was built of it, wherever it runs. */
export const serviceFacts = {
  /** A build told of an artifact, or of something more that it knows of one. */
  'artifact.reported': Artifact,
} as const;
