import { existsSync, readFileSync } from "node:fs";
import { decodeTopicModel, type TopicModel } from "@paperwire/core";
import { artifacts, type Db } from "@paperwire/db";

/** The name under which a model that was trained here is stored. */
export const topicModelName = "topics-model";

const bundledFile = new URL("../../assets/topics-model.bin", import.meta.url);

/** The model that was trained here, else the one that ships, else none. Decoded once in a process and version. */
export async function currentTopicModel(db: Db): Promise<TopicModel | undefined> {
  const version = (await artifacts.findVersion(db, topicModelName)) ?? "bundled";
  if (cached?.version === version) return cached.model;
  const trained = version === "bundled" ? undefined : await artifacts.find(db, topicModelName);
  const model = trained === undefined ? bundledModel() : decodeTopicModel(trained.bytes);
  cached = { version: trained?.version ?? "bundled", model };
  return model;
}

/** The model that ships with this release; none where the file was left out. */
export function bundledModel(): TopicModel | undefined {
  return existsSync(bundledFile) ? decodeTopicModel(readFileSync(bundledFile)) : undefined;
}

let cached: { readonly version: string; readonly model: TopicModel | undefined } | undefined;
