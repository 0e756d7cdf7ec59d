import { UnavailableError } from '../../errors.ts';

/** What a status that is no answer means. Throws `UnavailableError` for those that mean "not now". */
export function refusedBy(repository: string, status: number): { kind: 'refused'; reason: string } {
  if (status >= 500 || status === 429)
    throw new UnavailableError(`the registry of ${repository} answers ${status}`);
  const why =
    status === 401 || status === 403 ? 'it does not accept our credentials' : `it answers ${status}`;
  return { kind: 'refused', reason: why };
}
