import type { OpenView } from '../state/model.ts';
import type { World } from '../state/world.ts';

/** A view as Slack writes it: https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload. */
export function viewObject(world: World, view: OpenView): Record<string, unknown> {
  const { content } = view;
  return {
    id: view.id,
    team_id: world.team.id,
    ...content,
    private_metadata: content.private_metadata ?? '',
    callback_id: content.callback_id ?? '',
    external_id: content.external_id ?? '',
    ...(content.type === 'modal'
      ? {
          submit: content.submit ?? null,
          close: content.close ?? null,
          clear_on_close: content.clear_on_close ?? false,
          notify_on_close: content.notify_on_close ?? false,
        }
      : {}),
    state: { values: view.values },
    hash: view.hash,
    root_view_id: view.rootId,
    previous_view_id: view.previousId ?? null,
    app_id: world.app.appId,
    app_installed_team_id: world.team.id,
    bot_id: world.app.botId,
  };
}
