/** A line that is written over on a terminal, and nothing elsewhere. */
export function progressOn(stream: NodeJS.WriteStream): { show(text: string): void; clear(): void } {
  let shown = false;
  return {
    show(text) {
      if (!stream.isTTY) return;
      shown = true;
      stream.write(`\r\u001b[2K${text.slice(0, (stream.columns ?? 80) - 1)}`);
    },
    clear() {
      if (shown) stream.write("\r\u001b[2K");
    },
  };
}
