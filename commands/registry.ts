import type { Command } from '../src/domain/command.ts';
import { incident } from './incident.ts';
import { release } from './release.ts';
import { rollback } from './rollback.ts';

/** Every slash command, in the order help lists them. */
export const commands: readonly Command[] = [release, rollback, incident];
