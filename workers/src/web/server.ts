import type { Context } from "../runtime/context.ts";
import { buildApp } from "./app.ts";

/** Serves pages and health on HOST:PORT until closed. */
export async function startWeb(context: Context): Promise<{ url: string; close(): Promise<void> }> {
  const app = await buildApp(context);
  await app.listen({ host: context.settings.HOST, port: context.settings.PORT });
  const address = app.server.address();
  const port = typeof address === "object" && address !== null ? address.port : context.settings.PORT;
  const host = context.settings.HOST.includes(":") ? `[${context.settings.HOST}]` : context.settings.HOST;
  return { url: `http://${host}:${port}`, close: () => app.close() };
}
