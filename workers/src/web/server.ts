import { UsageError } from "@paperwire/core";
import type { Context } from "../runtime/context.ts";
import { buildApp } from "./app.ts";

/** Serves pages and health on HOST:PORT until closed. */
export async function startWeb(context: Context): Promise<{ url: string; close(): Promise<void> }> {
  const app = await buildApp(context);
  const { HOST: host, PORT, portIsChosen } = context.settings;
  try {
    await app.listen({ host, port: PORT }).catch((error: NodeJS.ErrnoException) => {
      // A second installation on one machine: nobody asked for the default port in particular.
      if (portIsChosen || error.code !== "EADDRINUSE") throw error;
      return app.listen({ host, port: 0 });
    });
  } catch (error) {
    await app.close();
    throw new UsageError(`${host}:${PORT} cannot be served: ${becauseOf(error)}`);
  }
  const address = app.server.address();
  const port = typeof address === "object" && address !== null ? address.port : PORT;
  return { url: `http://${host.includes(":") ? `[${host}]` : host}:${port}`, close: () => app.close() };
}

function becauseOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === "EADDRINUSE") return "the port is taken. Set PORT to another one (0 chooses a free one).";
  if (code === "EACCES") return "this account may not use the port. Set PORT to one above 1023.";
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND")
    return "the address is not this machine's. Change HOST.";
  return error instanceof Error ? error.message : String(error);
}
