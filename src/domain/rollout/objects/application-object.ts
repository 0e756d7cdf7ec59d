import { z } from 'zod';
import { objectMeta } from './metadata.ts';

/** What we read of an Argo CD Application, flat. Source: argoproj/argo-cd pkg/apis/application/v1alpha1/types.go. */
export const ApplicationObject = z
  .object({
    metadata: z.object(objectMeta),
    status: z
      .object({
        sync: z.object({ status: z.string().nullish(), revision: z.string().nullish() }).nullish(),
        health: z.object({ status: z.string().nullish(), message: z.string().nullish() }).nullish(),
        conditions: z.array(z.object({ type: z.string(), message: z.string() })).nullish(),
        operationState: z.object({ phase: z.string(), message: z.string().nullish() }).nullish(),
      })
      .nullish(),
  })
  .transform(({ metadata, status }) => ({
    name: metadata.name,
    namespace: metadata.namespace,
    uid: metadata.uid,
    sync: status?.sync?.status || 'Unknown',
    health: status?.health?.status || 'Unknown',
    revision: status?.sync?.revision ?? '',
    message: faultOf(status),
  }));
export type ApplicationObject = z.infer<typeof ApplicationObject>;

interface Faults {
  conditions?: { type: string; message: string }[] | null | undefined;
  operationState?: { phase: string; message?: string | null | undefined } | null | undefined;
  health?: { message?: string | null | undefined } | null | undefined;
}

/** Why the Application is not as it should be; absent when it says nothing. Error conditions end in `Error`. */
function faultOf(status: Faults | null | undefined): string | undefined {
  const condition = status?.conditions?.find(({ type }) => type.endsWith('Error'));
  if (condition) return condition.message;
  const operation = status?.operationState;
  if (operation?.phase === 'Failed' || operation?.phase === 'Error')
    return operation.message ?? operation.phase;
  return status?.health?.message ?? undefined;
}
