import type { Model } from '@grim/runtime';

/**
 * Does something with models and closes them after it, whether it fails or not: a model may have workers.
 *
 * @param task - Hands every model that it opens to `keep`, which gives it back.
 */
export async function closingModels<Result>(
  task: (keep: (model: Model) => Model) => Promise<Result>,
): Promise<Result> {
  const models: Model[] = [];
  try {
    return await task((model) => {
      models.push(model);
      return model;
    });
  } finally {
    await Promise.all(models.map((model) => model.close()));
  }
}
