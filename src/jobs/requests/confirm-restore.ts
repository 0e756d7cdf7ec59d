import { mayConfirmRestore } from '../../domain/authorise.ts';
import { needsRole, notDone, said } from '../../views/answers.ts';
import { readInstallation } from '../read-state.ts';
import { stamp, writeTo } from '../record.ts';
import type { Carry } from './asked.ts';

/** After the store was restored from Git: a person says that what the lost seconds may have done is in order. */
export const confirmRestore: Carry<'confirmRestore'> = async ({ ports, rules }, asked) => {
  const last = rules.environments.at(-1);
  if (last === undefined) return notDone('No environment is configured.');
  const may = mayConfirmRestore(asked.by.roles, rules);
  if (may.kind === 'refused')
    return needsRole({ ...may, environment: last.name, what: 'confirm the restored record' });
  const { state, at } = await readInstallation(ports);
  if (state.unconfirmed === undefined) return notDone('Nothing waits for a confirmation.');
  const fact = stamp(ports.clock, {
    kind: 'incarnation.confirmed',
    actor: { kind: 'person', id: asked.by.id, via: asked.via },
    cause: asked.id,
    data: { incarnation: state.incarnation, by: asked.by.id },
  });
  const writes = [writeTo(at, [fact], 'installation')];
  const appended = await ports.ledger.append({
    operation: `request:${asked.id}`,
    writes,
    fences: {},
    raises: {},
  });
  if (appended.kind === 'conflict') return notDone('The record changed in the same moment: press it again.');
  const open = await ports.ledger.unfinished();
  const releases = open.filter((stream) => stream.startsWith('release:'));
  await Promise.all(
    releases.map((stream) =>
      ports.bells.ring({
        kind: 'release',
        release: stream.slice('release:'.length) as `${string}/${string}`,
      }),
    ),
  );
  return said('Confirmed. Forward work goes on.');
};
