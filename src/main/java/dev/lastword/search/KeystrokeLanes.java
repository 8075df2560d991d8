package dev.lastword.search;

import dev.lastword.commit.CommitSettings;
import dev.lastword.commit.GroupCommit;
import dev.lastword.row.NodeNumber;
import dev.lastword.row.RowIds;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Clock;

/** Creates the lanes that write to the staging table. */
@Factory
class KeystrokeLanes {

  @Singleton
  @Bean(preDestroy = "close")
  GroupCommit<Keystroke> lanes(
      StagingRepository staging, CommitSettings settings, MeterRegistry registry) {
    return new GroupCommit<>("keystrokes", settings.lanes(), settings.maxWait(), staging, registry);
  }

  @Singleton
  @Named("searches")
  RowIds ids(NodeNumber node) {
    return new RowIds(node);
  }

  @Singleton
  Clock clock() {
    return Clock.systemUTC();
  }
}
