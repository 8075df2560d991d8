package dev.lastword.event;

/**
 * Events of a topic that were not valid: only their number goes into the database, so that the
 * totals add up on all nodes.
 */
record Refusals(int bucket, int tenantId, String topic, int count) implements Entry {

  @Override
  public int bytes() {
    return 200;
  }
}
