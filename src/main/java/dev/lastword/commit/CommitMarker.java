package dev.lastword.commit;

/**
 * Numbers the batches of one lane, so that a batch whose commit was not confirmed can be retried: a
 * number is committed once.
 */
public interface CommitMarker {

  /**
   * Does the work in a transaction that also notes the number of the batch.
   *
   * @param number greater than those of all batches that were committed before
   * @return false if an earlier attempt has committed this number; then nothing was done
   * @throws RuntimeException if the transaction failed, or was not confirmed
   */
  boolean commit(long number, Runnable work);
}
