package dev.lastword.cli;

import dev.lastword.ops.PartitionMaintenance;
import io.micronaut.context.BeanContext;

/** Creates partitions of past months while these have few rows, so that the rows move quickly. */
final class ImportPartitions {
  private static final int BATCHES = 20;

  private final PartitionMaintenance maintenance;
  private int batches;

  ImportPartitions(BeanContext beans) {
    maintenance = beans.getBean(PartitionMaintenance.class);
  }

  void create() {
    maintenance.run();
  }

  /** Creates them after each twentieth batch. */
  void afterBatch() {
    if (++batches % BATCHES == 0) {
      create();
    }
  }
}
