import { request } from "node:http";

/** Whether a Docker engine (`DOCKER_HOST`, otherwise the usual socket) answers a ping within a second. */
export function dockerAnswers(host = process.env.DOCKER_HOST): Promise<boolean> {
  return new Promise((answer) => {
    const ping = request({ ...addressOf(host), path: "/_ping", timeout: 1_000 }, (response) => {
      response.resume();
      answer(response.statusCode === 200);
    });
    ping.once("timeout", () => ping.destroy(new Error("timeout")));
    ping.once("error", () => answer(false));
    ping.end();
  });
}

function addressOf(host: string | undefined) {
  const tcp = /^(?:tcp|http):\/\/\[?([^/\]]+?)\]?:(\d+)/.exec(host ?? "");
  if (tcp !== null) return { host: tcp[1], port: Number(tcp[2]) };
  return { socketPath: /^(?:unix|npipe):\/\/(.+)$/.exec(host ?? "")?.[1] ?? "/var/run/docker.sock" };
}
