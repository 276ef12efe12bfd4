/** What holds something that has to be given back: workers, memory of a device. */
export interface Closable {
  readonly close: () => unknown;
}

/**
 * Does something with models and closes them after it, whether it fails or not.
 *
 * @param task - Hands everything that it opens to `keep`, which gives it back.
 */
export async function closingModels<Result>(
  task: (keep: <Kept extends Closable>(model: Kept) => Kept) => Promise<Result>,
): Promise<Result> {
  const models: Closable[] = [];
  try {
    return await task((model) => {
      models.push(model);
      return model;
    });
  } finally {
    await Promise.all(models.map((model) => model.close()));
  }
}
