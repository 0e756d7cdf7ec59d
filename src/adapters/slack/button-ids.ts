import type { Request } from '../../domain/request.ts';
import type { ButtonStore } from '../../ports/button-store.ts';
import type { IdOf } from './render/button.ts';

/** Keeps what the buttons of a drawing do and tells their ids. Throws `UnavailableError` when it cannot be kept. */
export async function keepButtons(
  store: Pick<ButtonStore, 'put'>,
  requests: readonly Request[],
): Promise<IdOf> {
  const ids = new Map(
    await Promise.all(requests.map(async (request) => [request, await store.put(request)] as const)),
  );
  return (request) => {
    const id = ids.get(request);
    if (id === undefined) throw new Error(`a button for ${request.kind} is drawn that was not kept before`);
    return id;
  };
}
