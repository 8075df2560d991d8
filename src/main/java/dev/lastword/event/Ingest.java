package dev.lastword.event;

import dev.lastword.commit.CommitSettings;
import dev.lastword.commit.GroupCommit;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import jakarta.inject.Singleton;

/** Puts the lanes before the tables of events. */
@Factory
class Ingest {

  @Singleton
  @Bean(preDestroy = "close")
  GroupCommit<Entry> lanes(EventWriter writer, CommitSettings settings, MeterRegistry registry) {
    return new GroupCommit<>("events", settings.lanes(), settings.maxWait(), writer, registry);
  }
}
