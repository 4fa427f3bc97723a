import { UsageError } from "@paperwire/core";
import { readers } from "@paperwire/db";
import { placeChannels } from "../channels/index.ts";
import { urlProblem } from "../fetch/address-rules.ts";
import { mustFindReader } from "./reader.ts";
import { type Common, withContext } from "./run-command.ts";

/** `reader channel EMAIL slack URL`: where the digests go. Confirmations and settings stay in the mail box. */
export async function readerChannel(
  email: string,
  channel: string,
  address: string | undefined,
  options: Common,
): Promise<void> {
  await withContext(options, async (context, output) => {
    const reader = await mustFindReader(context, email);
    if (channel === "mail") {
      await readers.update(context.db, reader.id, { channel: null, channelAddress: null });
      output.result({ email: reader.email, channel: "mail" });
      output.say(`${reader.email} gets digests by mail.`);
      return;
    }
    const place = placeChannels().find(({ id }) => id === channel);
    if (place === undefined) {
      const names = placeChannels().map(({ id }) => id);
      throw new UsageError(`There is no channel "${channel}"; use mail, ${names.join(", ")}.`);
    }
    if (address === undefined || !URL.canParse(address))
      throw new UsageError(`Say where on ${channel}, such as ${place.place}`);
    const { allowPrivate } = context.fetching.agents;
    const problem = urlProblem(new URL(address), { trusted: true, allowPrivate });
    if (problem !== undefined) throw new UsageError(problem);
    await readers.update(context.db, reader.id, { channel, channelAddress: address });
    output.result({ email: reader.email, channel });
    output.say(
      `${reader.email} gets digests on ${channel} from the next one on; back with: reader channel ${reader.email} mail`,
    );
  });
}
