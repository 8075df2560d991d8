package dev.lastword.event.store;

import dev.lastword.commit.CommitSettings;
import dev.lastword.commit.GroupCommit;
import dev.lastword.row.NodeNumber;
import dev.lastword.row.RowIds;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import jakarta.inject.Named;
import jakarta.inject.Singleton;

/** Creates the lanes that write events. */
@Factory
class EventLanes {

  @Singleton
  @Named("events")
  RowIds ids(NodeNumber node) {
    return new RowIds(node);
  }

  @Singleton
  @Bean(preDestroy = "close")
  GroupCommit<EventWrite> lanes(
      EventWriter writer, CommitSettings settings, MeterRegistry registry) {
    return new GroupCommit<>("events", settings.lanes(), settings.maxWait(), writer, registry);
  }
}
