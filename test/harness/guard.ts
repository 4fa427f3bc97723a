import { spawn } from "node:child_process";
import { once } from "node:events";

/**
 * Stops the services and removes their folder when this process is killed, which runs no teardown: a shell of its
 * own session waits at a pipe that only this process holds open. Returns how to call it off, to be called before
 * the services are stopped in the ordinary way. Does nothing on Windows.
 */
export function guard(folder: string, pids: readonly number[]): () => Promise<void> {
  if (process.platform === "win32") return async () => {};
  // QUIT is PostgreSQL's immediate shutdown, which takes its children along; Redis needs TERM.
  const script =
    'read -r line; folder=$1; shift; kill -QUIT "$@"; kill -TERM "$@"; sleep 1; rm -rf "$folder"';
  const shell = spawn("/bin/sh", ["-c", script, "guard", folder, ...pids.map(String)], {
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
  });
  shell.unref();
  return async () => {
    if (shell.exitCode !== null || shell.signalCode !== null) return;
    const ended = once(shell, "exit");
    shell.kill("SIGKILL");
    await ended;
  };
}
